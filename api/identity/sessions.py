"""Sessions of browsers: begun by signing in, used up by time, ended by whoever has a reason (ASVS 5.0, chapter 7).

A session says who somebody is and how they showed it. Where it lets in is decided anew at each request, see `entering`,
so whoever loses access is out at their next one.
"""

from __future__ import annotations

import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api.provisioning import clock
from api.provisioning.key_text import digest
from db.account_rows import SessionRow
from db.enums import Way
from db.ids import OrganizationId, new_id
from db.queries import sessions as rows
from db.transaction import transaction

IDLE = timedelta(hours=1)
"""A session that is not used for so long has ended."""

LONGEST = timedelta(hours=12)
"""A session ends so long after signing in, however much it is used."""

_SEEN_EVERY = timedelta(minutes=5)
_LONGEST_TEXT = 200
_KEPT = 50
_FORM_BYTES = 32


@dataclass(frozen=True, slots=True)
class Proof:
    """How somebody showed who they are.

    `organization` and `connection` are of the single sign-on that vouches for them. `proves_address` says whether the
    address of their account is shown to be theirs, as by a code; a single sign-on proves it only for domains that its
    organization has verified.
    """

    way: Way
    organization: OrganizationId | None = None
    connection: uuid.UUID | None = None
    proves_address: bool = False


@dataclass(frozen=True, slots=True)
class Browser:
    """What a session was begun with: what the browser calls itself, and from where it came."""

    name: str | None = None
    ip: str | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A new session, and the token by which the browser shows that it is its own."""

    session: SessionRow
    token: str


async def begin(account: uuid.UUID, proof: Proof, browser: Browser, *, instead_of: str | None = None) -> Begun:
    """A session for somebody who has just shown who they are.

    It always has a new token, and stands instead of the one that the browser had (`instead_of`, a token); if that was
    the same person's, what they had shown before still counts.
    """
    at, token = clock.now(), secrets.token_urlsafe(32)

    async def work() -> SessionRow:
        before = await rows.by_hash(digest(instead_of), at, at - IDLE) if instead_of else None
        if before is not None:
            await rows.end(before.account_id, [before.id])
        known = before if before is not None and before.account_id == account else None
        vouched: list[dict[str, Any]] = [*known.vouched] if known else []
        if proof.way is Way.SSO:
            vouched.append(
                {"organization": str(proof.organization), "connection": str(proof.connection), "at": at.isoformat()}
            )
        proved_at = at if proof.proves_address else known.address_proved_at if known else None
        row = SessionRow(
            id=new_id(),
            account_id=account,
            email=None,
            is_operator=False,
            way=proof.way if known is None or proof.proves_address else known.way,
            address_proved_at=proved_at,
            vouched=vouched[-_KEPT:],
            browser=(browser.name or "")[:_LONGEST_TEXT] or None,
            ip=browser.ip,
            created_at=at,
            last_seen_at=at,
            ends_at=at + LONGEST,
        )
        await rows.add(row, digest(token))
        return row

    return Begun(await transaction(work), token)


async def resume(token: str) -> SessionRow | None:
    """The session of a token, None for one that has ended or never was; it is noted that it is used."""
    at = clock.now()
    found = await rows.by_hash(digest(token), at, at - IDLE)
    if found is not None and at - found.last_seen_at > _SEEN_EVERY:
        await rows.seen(found.id, at)
    return found


async def all_of(session: SessionRow) -> list[SessionRow]:
    """The sessions of whose this is, newest first: those that let in nowhere that this one does not reach."""
    at = clock.now()
    found = await rows.of_account(session.account_id, at, at - IDLE)
    return [each for each in found if each.id == session.id or _reaches_as_far(session, each)]


async def end(session: SessionRow, which: uuid.UUID) -> bool:
    """End one of the sessions that `all_of` tells of; whether there was such a one."""
    if which not in {each.id for each in await all_of(session)}:
        return False
    return bool(await rows.end(session.account_id, [which]))


async def end_others(session: SessionRow) -> int:
    """End all sessions that `all_of` tells of but this one; how many."""
    others = [each.id for each in await all_of(session) if each.id != session.id]
    return await rows.end(session.account_id, others)


def reach(session: SessionRow) -> frozenset[uuid.UUID] | None:
    """The only organizations that a session may tell of, those that vouched for it; None for all of its account.

    An organization's single sign-on says who somebody is there. That the account of the same address elsewhere is
    theirs, too, they have to show themselves: otherwise any organization could claim anybody.
    """
    if session.address_proved_at is not None:
        return None
    return frozenset(uuid.UUID(each["organization"]) for each in session.vouched if each["connection"])


def reaches(session: SessionRow, organization: uuid.UUID) -> bool:
    """Whether a session may tell of an organization."""
    found = reach(session)
    return found is None or organization in found


def _reaches_as_far(session: SessionRow, other: SessionRow) -> bool:
    own, theirs = reach(session), reach(other)
    return own is None or (theirs is not None and theirs <= own)


async def forget() -> int:
    """Delete sessions that have ended; how many. For the clock."""
    at = clock.now()
    return await rows.forget(at, at - IDLE)


def vouched_at(session: SessionRow, organization: uuid.UUID) -> datetime | None:
    """When an organization's own single sign-on let this session in last."""
    found = [each["at"] for each in session.vouched if each["organization"] == str(organization) and each["connection"]]
    return datetime.fromisoformat(found[-1]) if found else None


def form_token(token: str) -> str:
    """What every form of a session has to send back, so that no other site can make one (CSRF); bound to the token.

    It looks different each time: a secret that stays could be guessed by how well a page is compressed (BREACH).
    """
    pad = secrets.token_bytes(_FORM_BYTES)
    return (pad + _xor(pad, _form_digest(token))).hex()


def is_form_token(token: str, given: str) -> bool:
    """Whether a form came from a page of this session."""
    try:
        sent = bytes.fromhex(given)
    except ValueError:
        return False
    return hmac.compare_digest(_xor(sent[:_FORM_BYTES], sent[_FORM_BYTES:]), _form_digest(token))


def _form_digest(token: str) -> bytes:
    return hmac.digest(token.encode(), b"form", "sha256")


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))
