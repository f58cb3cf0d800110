"""Encryption at rest for what identifies a person, and digests to look it up by.

AES-256-GCM with a key derived from ``CHIZHENG_DATA_KEY`` (HKDF-SHA256). The
digest is keyed too, so that a stolen table cannot be searched by guessing
ID numbers.
"""

import hmac
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, current_app


class Sealer:
    """Seals and opens short texts with one data key."""

    def __init__(self, data_key: str) -> None:
        self._cipher = AESGCM(self._derive(data_key, b"chizheng sealing"))
        self._digest_key = self._derive(data_key, b"chizheng lookup")

    @staticmethod
    def _derive(data_key: str, purpose: bytes) -> bytes:
        return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(data_key.encode())

    def seal(self, text: str) -> bytes:
        """Nonce and ciphertext of ``text``; the same text never seals the same way twice."""
        return self.seal_bytes(text.encode())

    def open(self, sealed: bytes) -> str:
        """The text; raises InvalidTag when it was altered or sealed under another key."""
        return self.open_bytes(sealed).decode()

    def seal_bytes(self, content: bytes) -> bytes:
        """As ``seal``, for a file."""
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, content, None)

    def open_bytes(self, sealed: bytes) -> bytes:
        """As ``open``, for a file."""
        return self._cipher.decrypt(sealed[:12], sealed[12:], None)

    def digest(self, text: str) -> bytes:
        """A keyed SHA-256 of ``text``, the same each time."""
        return self.digest_bytes(text.encode())

    def digest_bytes(self, content: bytes) -> bytes:
        """As ``digest``, for a file."""
        return hmac.digest(self._digest_key, content, "sha256")


def init_app(app: Flask, data_key: str) -> None:
    """Give the app its sealer."""
    app.extensions["sealer"] = Sealer(data_key)


def sealer() -> Sealer:
    """The running app's sealer."""
    found: Sealer = current_app.extensions["sealer"]
    return found
