"""What identifies a person is unreadable at rest, and can be looked up without being read."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from foundation.sealing import Sealer

SEALER = Sealer("a data key of a test")


@given(st.text())
def test_what_is_sealed_opens_again(text: str) -> None:
    assert SEALER.open(SEALER.seal(text)) == text


def test_the_same_text_never_seals_the_same_way() -> None:
    assert SEALER.seal("330106199001011234") != SEALER.seal("330106199001011234")


def test_the_text_cannot_be_seen_in_the_seal() -> None:
    assert b"330106" not in SEALER.seal("330106199001011234")


@pytest.mark.parametrize("position", [0, 11, 12, -1])
def test_an_altered_seal_does_not_open(position: int) -> None:
    sealed = bytearray(SEALER.seal("330106199001011234"))
    sealed[position] ^= 1
    with pytest.raises(InvalidTag):
        SEALER.open(bytes(sealed))


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(InvalidTag):
        Sealer("another key of a test").open(SEALER.seal("330106199001011234"))


def test_digests_find_the_same_text_and_differ_by_key() -> None:
    assert SEALER.digest("x") == SEALER.digest("x") != SEALER.digest("y")
    assert SEALER.digest("x") != Sealer("another key of a test").digest("x")
