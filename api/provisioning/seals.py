"""Sealing the history of an organization, and finding out whether somebody tampered with it afterwards.

Who can write the database can also write a whole new chain. So the head, a number and a hash, is to be kept where they
cannot: what was sealed up to there can then not be changed unnoticed. Erasing people is no tampering: it takes what was
said about them out of the history. That cannot be checked any more, only counted; who did what to whom and when can.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from db.audit_rows import SealRow
from db.ids import OrganizationId, first_id
from db.queries import seals as rows
from db.transaction import transaction

from . import chain, clock
from .actor import Actor, Right
from .chain import Finding, Tampering
from .errors import BadSetting

SEALED_AFTER = timedelta(minutes=15)
"""Ids are made before their changes are committed, so a change may turn up behind younger ones for that long."""

AT_ONCE = 5000
MOST_FINDINGS = 100
_LINKS = 20
_NOTHING = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of a chain, or what somebody noted of it."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying found: of so many links and changes, so many erased; `unsealed` are too new to be covered.

    There are no more than the first hundred findings in it.
    """

    head: Head | None
    links: int
    changes: int
    erased: int
    unsealed: int
    findings: Sequence[Finding]


def parse_head(text: str) -> Head:
    """A head as it is written, number:hash; raises BadSetting."""
    number, _, digits = text.strip().partition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 10 and _is_hash(digits)):
        raise BadSetting(f"{text!r} is no head of a chain. It is a number, a colon, and 64 hexadecimal digits.")
    return Head(int(number), digits.lower())


async def seal(organization: OrganizationId, *, at_once: int = AT_ONCE) -> int:
    """Seal what is old enough; how many changes. In pieces, so that it can be stopped at any point."""

    async def work() -> int:
        await rows.stay_alone(organization)
        last, at = await rows.head(organization), clock.now()
        after = last.through if last else _NOTHING
        some = await rows.unsealed(organization, after, first_id(at - SEALED_AFTER), limit=at_once)
        if some:
            await rows.add(organization, chain.link(last, some, at))
        return len(some)

    sealed = 0
    while some := await transaction(work):
        sealed += some
    return sealed


async def heads(actor: Actor, _: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, SealRow]:
    """The last seal of the actor's organization, for whoever reads many things at once."""
    actor.must(Right.AUDIT_READ)
    found = await rows.head(actor.organization)
    return {actor.organization: found} if found else {}


async def verify(actor: Actor, known: Head | None = None) -> Verified:
    """Compare the history with its seals, and these with a head that was kept elsewhere."""
    actor.must(Right.AUDIT_READ)
    organization, before = actor.organization, None
    findings, links, changes, erased, is_known = list[Finding](), 0, 0, 0, known is None
    while some := await rows.following(organization, before.number if before else 0, limit=_LINKS):
        for row in some:
            if (wrong := chain.broken(row, before)) is not None:
                findings.append(wrong)
            if known is not None and row.number == known.number:
                is_known = True
                if row.hash.hex() != known.hash:
                    findings.append(_other_head(known))
            there = await rows.covered(organization, before.through if before else _NOTHING, row.through)
            differing, blank = chain.compare(row, there)
            findings += differing[: MOST_FINDINGS + 1 - len(findings)] if len(findings) <= MOST_FINDINGS else []
            links, changes, erased, before = links + 1, changes + len(there), erased + blank, row
    if known is not None and not is_known:
        findings.append(_no_head(known))
    unsealed = await rows.count_behind(organization, before.through if before else _NOTHING)
    head = Head(before.number, before.hash.hex()) if before else None
    return Verified(head, links, changes, erased, unsealed, findings[:MOST_FINDINGS])


def _other_head(known: Head) -> Finding:
    return Finding(Tampering.BROKEN, known.number, None, f"Link {known.number} is another than the one that was noted.")


def _no_head(known: Head) -> Finding:
    text = f"The chain ends before link {known.number}, which was noted: its end was cut off."
    return Finding(Tampering.MISSING, known.number, None, text)


def _is_hash(text: str) -> bool:
    return len(text) == 2 * len(chain.START) and all(letter in "0123456789abcdefABCDEF" for letter in text)
