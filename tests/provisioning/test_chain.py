"""The chain of seals: whatever the batches, what was sealed verifies, and what was tampered with does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from api.provisioning import chain
from db.audit_rows import SealedChange, SealRow

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
SHORT = st.text(max_size=3)
IDS = st.uuids()


@st.composite
def histories(draw: st.DrawFn) -> list[SealedChange]:
    """Changes with ids that rise."""
    organization, count = UUID(int=7), draw(st.integers(1, 12))
    return [
        SealedChange(
            organization,
            UUID(int=number * 10 + 10),
            draw(st.none() | IDS),
            draw(SHORT),
            draw(st.none() | IDS),
            draw(SHORT),
            draw(IDS),
            draw(st.none() | IDS),
            draw(SHORT),
            draw(st.none() | SHORT),
            draw(st.none() | SHORT),
            AT + timedelta(microseconds=draw(st.integers(0, 10**9))),
        )
        for number in range(count)
    ]


def sealed(history: Sequence[SealedChange], sizes: Sequence[int]) -> list[tuple[SealRow, list[SealedChange]]]:
    """The links of a history in batches of these sizes, over and over, with what each covers."""
    links = list[tuple[SealRow, list[SealedChange]]]()
    rest, number = list(history), 0
    while rest:
        size = sizes[number % len(sizes)]
        some, rest = rest[:size], rest[size:]
        links.append((chain.link(links[-1][0] if links else None, some, AT + timedelta(hours=number)), some))
        number += 1
    return links


BATCHES = st.lists(st.integers(1, 5), min_size=1, max_size=4)


@given(histories(), BATCHES)
def test_sealing_in_any_batches_verifies(history: list[SealedChange], sizes: list[int]) -> None:
    before = None
    for row, covered in sealed(history, sizes):
        assert chain.broken(row, before) is None
        assert chain.compare(row, covered) == ([], 0)
        before = row


@given(histories(), BATCHES, st.data())
def test_any_altered_missing_or_added_changes_are_found_in_their_link(
    history: list[SealedChange], sizes: list[int], data: st.DataObject
) -> None:
    links = sealed(history, sizes)
    row, covered = data.draw(st.sampled_from(links))
    fates = data.draw(st.lists(st.sampled_from(["kept", "altered", "gone", "joined"]), min_size=len(covered)))
    there, expected = list[SealedChange](), 0
    for change, fate in zip(covered, fates, strict=False):
        if fate != "gone":
            there.append(replace(change, action=change.action + "!") if fate == "altered" else change)
        if fate == "joined":
            there.append(replace(change, id=UUID(int=change.id.int + 1)))
        expected += fate != "kept"
    findings, erased = chain.compare(row, there)
    assert erased == 0
    assert bool(findings) == bool(expected)
    assert len(findings) <= expected


@given(histories(), BATCHES, st.data())
def test_a_link_that_says_anything_else_is_broken(
    history: list[SealedChange], sizes: list[int], data: st.DataObject
) -> None:
    links = [row for row, _ in sealed(history, sizes)]
    place = data.draw(st.integers(0, len(links) - 1))
    row, before = links[place], links[place - 1] if place else None
    for other in (
        replace(row, number=row.number + 1),
        replace(row, through=UUID(int=row.through.int + 1)),
        replace(row, digests=row.digests + bytes(chain.SIZE)),
        replace(row, hash=bytes(32)),
        replace(row, sealed_at=row.sealed_at + timedelta(microseconds=1)),
        replace(row, organization_id=UUID(int=8)),
    ):
        assert chain.broken(other, before) is not None
