"""The bitstring of a status list: what goes in comes out, and nothing hostile gets through."""

import base64
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openbadgeslib.ob3.status_list import encode_bitstring

from certification import status_list as rule
from certification.status_list import SIZE, Purpose

places = st.integers(0, SIZE - 1)


def test_a_list_has_the_places_that_the_standard_asks_for() -> None:
    assert SIZE == 131_072
    assert len(rule.bits([])) == 16 * 1024


@pytest.mark.parametrize(("place", "byte", "value"), [(0, 0, 0x80), (7, 0, 0x01), (8, 1, 0x80), (SIZE - 1, 16383, 0x01)])
def test_the_first_place_is_the_highest_bit(place: int, byte: int, value: int) -> None:
    held = rule.bits([place])
    assert (held[byte], sum(held)) == (value, value)


@given(st.sets(places, max_size=40), places)
def test_what_was_set_is_set_and_nothing_else(chosen: set[int], other: int) -> None:
    held = rule.decode(rule.encode(rule.bits(chosen)))
    assert all(rule.is_set(held, place) for place in chosen)
    assert rule.is_set(held, other) == (other in chosen)
    assert sum(byte.bit_count() for byte in held) == len(chosen)


@given(st.sets(places, max_size=40))
def test_another_implementation_makes_the_same_list(chosen: set[int]) -> None:
    assert rule.decode(encode_bitstring(chosen)) == rule.bits(chosen)


def test_the_same_list_is_always_written_the_same() -> None:
    assert rule.encode(rule.bits([5, 9])) == rule.encode(rule.bits([9, 5]))
    assert rule.encode(rule.bits([5])).startswith("uH4s")


@pytest.mark.parametrize("text", [
    "", "u", "H4sI", "u!!!!", "u" + "A" * 70_000,
    "u" + base64.urlsafe_b64encode(gzip.compress(bytes(100), mtime=0)).decode(),
    "u" + base64.urlsafe_b64encode(gzip.compress(bytes(50_000_000), mtime=0)).decode(),
    rule.encode(rule.bits([3]))[:-8],
])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="list"):
        rule.decode(text)


def test_a_place_outside_the_list_is_an_error() -> None:
    for at in (-1, SIZE):
        with pytest.raises(IndexError):
            rule.is_set(rule.bits([]), at)


@pytest.mark.parametrize(("place", "name"), [
    (0, "revocation"), (SIZE - 1, "revocation"), (SIZE, "revocation-2"), (SIZE * 9, "revocation-10"),
])
def test_a_place_leads_to_its_list(place: int, name: str) -> None:
    assert rule.name(Purpose.REVOCATION, place) == name
    assert rule.read_name(name) == (Purpose.REVOCATION, place // SIZE)


@pytest.mark.parametrize("name", [
    "", "revoked", "revocation-1", "revocation-0", "revocation-02", "suspension-", "suspension-9999", "Revocation",
])
def test_other_names_lead_nowhere(name: str) -> None:
    assert rule.read_name(name) is None


@pytest.mark.parametrize(("licences", "lists"), [(0, 1), (1, 1), (100_000, 1), (114_688, 1), (114_689, 2), (1_000_000, 9)])
def test_an_eighth_of_the_places_stays_free(licences: int, lists: int) -> None:
    assert rule.places_for(licences) == lists * SIZE
    assert licences <= rule.places_for(licences) * 7 / 8
