"""Encryption at rest for what identifies a person, and digests to look it up by.

AES-256-GCM with a key derived from ``CHIZHENG_DATA_KEY`` (HKDF-SHA256). The
digest is keyed too, so that a stolen table cannot be searched by guessing
ID numbers.
"""

import hashlib
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
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, text.encode(), None)

    def open(self, sealed: bytes) -> str:
        """The text; raises InvalidTag when it was altered or sealed under another key."""
        return self._cipher.decrypt(sealed[:12], sealed[12:], None).decode()

    def digest(self, text: str) -> bytes:
        """A keyed SHA-256 of ``text``, the same each time."""
        return hmac.new(self._digest_key, text.encode(), hashlib.sha256).digest()


def init_app(app: Flask, data_key: str) -> None:
    """Give the app its sealer."""
    app.extensions["sealer"] = Sealer(data_key)


def sealer() -> Sealer:
    """The running app's sealer."""
    found: Sealer = current_app.extensions["sealer"]
    return found
