"""Sealed secrets open where they were sealed, by the key that sealed them, unaltered; and nowhere else."""

from __future__ import annotations

import stat
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.secrets import at_hand, ring, sealing
from api.secrets.ring import NoKeys, Ring
from api.secrets.sealing import Place

HERE = Place(uuid.UUID(int=1), "pull", uuid.UUID(int=2), "credentials")
ELSEWHERE = [
    replace(HERE, organization=uuid.UUID(int=9)),
    replace(HERE, organization=None),
    replace(HERE, table="other"),
    replace(HERE, row=uuid.UUID(int=9)),
    replace(HERE, column="other"),
]


@pytest.fixture(autouse=True)
def keys(secret_keys: Path) -> Iterator[Ring]:
    """A ring of two, and afterwards the one of the other tests again."""
    made = ring.parse(f"# two\n{ring.new_key()}\n{ring.new_key()}\n")
    sealing.use(made)
    yield made
    at_hand.load(str(secret_keys))


@given(clear=st.binary(max_size=4000))
def test_a_secret_opens_where_it_was_sealed(clear: bytes) -> None:
    sealed = sealing.seal(clear, HERE)
    assert sealing.unseal(sealed, HERE) == clear
    assert len(clear) < 8 or clear not in sealed


@pytest.mark.parametrize("place", ELSEWHERE, ids=str)
def test_a_secret_that_was_moved_does_not_open(place: Place) -> None:
    with pytest.raises(NoKeys, match="altered, or sealed for another place"):
        sealing.unseal(sealing.seal(b"secret", HERE), place)


@given(data=st.data())
def test_a_secret_that_was_altered_does_not_open(data: st.DataObject) -> None:
    sealed = bytearray(sealing.seal(b"secret", HERE))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(NoKeys):
        sealing.unseal(bytes(sealed), HERE)


@given(length=st.integers(0, 38))
def test_a_secret_that_was_cut_does_not_open(length: int) -> None:
    with pytest.raises(NoKeys):
        sealing.unseal(sealing.seal(b"secret", HERE)[:length], HERE)


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    assert len({sealing.seal(b"secret", HERE) for _ in range(100)}) == 100


def test_older_keys_open_and_the_first_seals(keys: Ring) -> None:
    first, second = keys.keys
    sealing.use(Ring(second, keys.keys))
    old = sealing.seal(b"secret", HERE)
    sealing.use(keys)
    assert sealing.unseal(old, HERE) == b"secret"
    assert (sealing.key_of(old), sealing.key_of(sealing.seal(b"", HERE))) == (second.hex(), first.hex())
    sealing.use(Ring(first, {first: keys.keys[first]}))
    with pytest.raises(NoKeys, match=second.hex()):
        sealing.unseal(old, HERE)


def test_without_a_file_it_is_told_how_to_make_one() -> None:
    at_hand.load(None)
    with pytest.raises(NoKeys, match="new-key"):
        sealing.seal(b"secret", HERE)


def test_the_file_is_only_for_its_owner_and_new_keys_come_first(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "keys"
    ids = [ring.add(file), ring.add(file)]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = ring.read(file)
    assert [found.first.hex(), [key.hex() for key in found.keys]] == [ids[1], ids[::-1]]
    assert list(tmp_path.rglob("*.new")) == []


@pytest.mark.parametrize("text", ["", "# nothing", "abc", "00000000:AAAA", "zz:zz", "0011:", "00000000"])
def test_nonsense_in_the_file_is_refused_and_not_repeated(text: str, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(text)
    with pytest.raises(NoKeys) as refused:
        ring.read(file)
    assert "AAAA" not in str(refused.value)
    line = ring.new_key()
    file.write_text(f"{line}\n{line}")
    with pytest.raises(NoKeys) as refused:
        ring.read(file)
    assert line.partition(":")[2] not in str(refused.value) + repr(ring.parse(line))
