"""The chain of seals as arithmetic: digests of changes, hashes of links, and what differs. Pure."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from db.audit_rows import SealedChange, SealRow

_HALF = 32
SIZE = 2 * _HALF
START = b"\0" * _HALF
"""What the first link has in place of the hash before it."""

_FORM = "rollcall-change-1"


class Tampering(StrEnum):
    """What can be wrong with a sealed history."""

    ALTERED = "ALTERED"
    MISSING = "MISSING"
    ADDED = "ADDED"
    BROKEN = "BROKEN"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was when it was sealed: in which link, and which change, where that is known."""

    what: Tampering
    link: int
    change: uuid.UUID | None
    text: str


def digest(change: SealedChange) -> bytes:
    """The SHA-256 of who did what to whom and when, and behind it that of this with what was before and after.

    So what is left of a change when somebody was erased can still be checked. Each has one form, a JSON list without
    spaces; documents are in it as the texts that PostgreSQL writes of jsonb, the same for the same document.
    """
    form = (
        _FORM,
        change.organization_id,
        change.id,
        change.request_id,
        change.actor_kind,
        change.actor_id,
        change.subject_type,
        change.subject_id,
        change.member_id,
        change.action,
        _moment(change.changed_at),
    )
    bare = hashlib.sha256(msgspec.json.encode(form)).digest()
    return bare + hashlib.sha256(bare + msgspec.json.encode((change.before, change.after))).digest()


def link(before: SealRow | None, changes: Sequence[SealedChange], at: datetime) -> SealRow:
    """The link behind another, on some changes of an organization in the order of their ids."""
    last = changes[-1]
    number = before.number + 1 if before else 1
    row = SealRow(last.organization_id, number, last.id, b"".join(map(digest, changes)), b"", at)
    return replace(row, hash=hash_of(row, before))


def hash_of(row: SealRow, before: SealRow | None) -> bytes:
    """SHA-256 of the hash before it, then organization, number, last id, time and digests of the link."""
    made = hashlib.sha256(before.hash if before else START)
    made.update(row.organization_id.bytes)
    made.update(row.number.to_bytes(8, "big"))
    made.update(row.through.bytes)
    made.update(_moment(row.sealed_at).encode())
    made.update(row.digests)
    return made.digest()


def broken(row: SealRow, before: SealRow | None) -> Finding | None:
    """What is wrong with a link itself."""
    number = before.number + 1 if before else 1
    text = None
    if row.number != number:
        text = f"Link {number} is missing: the next that there is has the number {row.number}."
    elif before is not None and row.through <= before.through:
        text = f"Link {row.number} ends before the one in front of it."
    elif row.hash != hash_of(row, before):
        text = f"Link {row.number} does not sum up what it says, or another stood in front of it."
    return Finding(Tampering.BROKEN, number, None, text) if text else None


def compare(row: SealRow, changes: Sequence[SealedChange]) -> tuple[list[Finding], int]:
    """What differs between a link and the changes that there are, and how many were erased and cannot be checked."""
    sealed = [row.digests[start : start + SIZE] for start in range(0, len(row.digests), SIZE)]
    found = [digest(change) for change in changes]
    if sealed == found:
        return [], 0
    erased, findings = 0, list[Finding]()
    for one, other in _differences(sealed, found):
        change = None if other is None else changes[other]
        if one is not None and change is not None and change.may_be_blank and _alike(one, digest(change)):
            erased += 1
        else:
            findings.append(_finding(row.number, one is not None, change))
    return findings, erased


def _differences(sealed: Sequence[bytes], found: Sequence[bytes]) -> Iterator[tuple[bytes | None, int | None]]:
    """Walks both lists: something sealed that is not there, and the place of what is there instead of it, or besides.

    Something sealed and something found that are about the same belong together.
    """
    known, there = set(sealed), set(found)
    bare_known, bare_there = {each[:_HALF] for each in sealed}, {each[:_HALF] for each in found}
    one, other = 0, 0
    while one < len(sealed) or other < len(found):
        is_gone = one < len(sealed) and sealed[one] not in there
        is_new = other < len(found) and found[other] not in known
        if is_gone and is_new and not _alike(sealed[one], found[other]):
            # Each waits for its own if that is still to come.
            if sealed[one][:_HALF] in bare_there:
                is_gone = found[other][:_HALF] in bare_known
            elif found[other][:_HALF] in bare_known:
                is_new = False
        if not is_gone and not is_new:
            if one < len(sealed) and other < len(found) and sealed[one] == found[other]:
                one, other = one + 1, other + 1
                continue
            # Ids are in the digests, so nothing sealed can be elsewhere but by sealing it twice.
            is_gone, is_new = one < len(sealed), other < len(found)
        yield sealed[one] if is_gone else None, other if is_new else None
        one, other = one + is_gone, other + is_new


def _alike(one: bytes, other: bytes) -> bool:
    """Whether two digests are of a change with the same id, by the same, to the same, at the same time."""
    return one[:_HALF] == other[:_HALF]


def _finding(link: int, is_sealed: bool, change: SealedChange | None) -> Finding:
    if change is None:
        return Finding(Tampering.MISSING, link, None, f"A change that link {link} covers is missing.")
    told = f"{change.action} of {change.subject_type} {change.subject_id}, {change.changed_at:%Y-%m-%d %H:%M:%S}Z"
    if is_sealed:
        text = f"The change {change.id} ({told}) is not as link {link} sealed it."
        return Finding(Tampering.ALTERED, link, change.id, text)
    text = f"The change {change.id} ({told}) came in after link {link} was sealed."
    return Finding(Tampering.ADDED, link, change.id, text)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
