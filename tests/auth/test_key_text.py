"""The text of keys, and of the headers that carry them."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.auth.keys import bearer
from api.provisioning.key_text import PREFIX, is_well_formed, new_key

BASE62 = string.digits + string.ascii_letters


def test_a_key_is_prefix_randomness_and_checksum() -> None:
    key = new_key()
    assert key.startswith("rc_scim_")
    assert len(key) == len(PREFIX) + 38
    assert set(key.removeprefix(PREFIX)) <= set(BASE62)
    assert is_well_formed(key)


def test_no_two_keys_are_alike() -> None:
    assert len({new_key() for _ in range(1000)}) == 1000


@given(st.integers(0, 45), st.sampled_from(BASE62))
def test_one_wrong_letter_is_noticed(place: int, letter: str) -> None:
    key = new_key()
    changed = key[:place] + letter + key[place + 1 :]
    assert is_well_formed(changed) == (changed == key)


@given(st.text(max_size=60))
def test_no_other_text_is_a_key(text: str) -> None:
    assert not is_well_formed(text)
    assert not is_well_formed(PREFIX + text)


@pytest.mark.parametrize("cut", [1, 6, 20, 45])
def test_part_of_a_key_is_none(cut: int) -> None:
    assert not is_well_formed(new_key()[:-cut])
    assert not is_well_formed(new_key() + "0" * cut)


@given(st.text())
def test_every_authorization_header_is_read_or_named(text: str) -> None:
    assert isinstance(bearer(text), str)
