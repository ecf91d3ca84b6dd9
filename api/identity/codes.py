"""One-time codes by mail: eight digits, ten minutes, five tries, for the browser that asked (ASVS 6.5; SECURITY.md).

Whoever asks is answered alike and after the same work, whether there is such an account or not: that is looked up by
the worker, which makes the code, seals it and sends it. Tries are counted before the code is looked at, so that many
at once get no more of them.
"""

from __future__ import annotations

import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.outbox import tasks
from api.provisioning import addresses, clock, notices, sealed
from api.provisioning.key_text import digest
from api.secrets.sealing import Place
from db.account_rows import CodeRow
from db.enums import Way
from db.ids import new_id
from db.queries import sign_in_codes as rows
from db.transaction import transaction

from . import accounts, limits
from .problems import CodeOver, WrongCode
from .sessions import Proof

LIVES = timedelta(minutes=10)
TRIES = 5
MAKE = "identity.code"
"""The entrypoint of the task that makes a code; its payload is the id of what was asked for."""

_DIGITS = 8
_KEPT = timedelta(days=1)
_AGAIN = "Ask for a new code."


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody wants a code; `id` is no secret."""

    id: uuid.UUID
    email: str
    expires_at: datetime


async def ask(email: str, browser: str, ip: str | None) -> Asked:
    """Have a code sent to an address, if anybody has brought somebody with it; nobody is told whether that is so.

    `browser` is a secret that the browser has in a cookie. Raises BadAddress, and TooOften.
    """
    address, at = addresses.read(email), clock.now()
    await limits.must_spend(f"code:{address.key}", per_minute=1 / 3, burst=5, what="Codes for this address")
    await limits.must_spend(f"code:from:{limits.place(ip)}", per_minute=5, burst=30, what="Codes")
    asked = Asked(new_id(), address.email, at + LIVES)

    async def work() -> None:
        await rows.add(asked.id, address.email, address.key, digest(browser), at, asked.expires_at)
        await tasks.put(MAKE, str(asked.id), priority=1)

    await transaction(work)
    return asked


async def make(asked: str) -> None:
    """Make the code that somebody asked for and send it; nothing for an address that nobody has brought."""
    id, at = uuid.UUID(asked), clock.now()

    async def work() -> None:
        row = await rows.lock(id)
        if row is None or row.code is not None or row.expires_at <= at:
            return
        address = addresses.read(row.email)
        if not await accounts.is_known(address):
            return
        code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
        await rows.make(id, sealed.seal(code.encode(), _place(id)))
        await notices.sign_in_code(None, address.email, code, at=at, until=row.expires_at)

    await transaction(work)


async def prove(id: uuid.UUID, browser: str, code: str, ip: str | None) -> tuple[uuid.UUID, Proof]:
    """The account of whoever has the code that was sent, and what that proves.

    Raises WrongCode, CodeOver, and TooOften for an address of which too many codes were tried today.
    """
    await limits.must_spend(f"try:from:{limits.place(ip)}", per_minute=10, burst=60, what="Codes")
    at = clock.now()
    asked = await rows.standing(id, digest(browser))
    if asked is not None:
        key = addresses.folded(asked.email)
        await limits.must_spend(f"try:{key}", per_minute=20 / 1440, burst=20, what="Codes for this address")
    row = await rows.count_try(id, digest(browser), at, most=TRIES)
    if row is None:
        raise CodeOver(_why_over(asked, at))
    if row.code is None or not _is_right(row, code):
        left = TRIES - row.tries
        if left == 0:
            raise CodeOver(f"That was not the code, and it was the last try. {_AGAIN}")
        raise WrongCode(f"That is not the code. You can try {left} more time{'s' if left > 1 else ''}.")
    return await _account(row, at), Proof(Way.CODE, proves_address=True)


async def _account(row: CodeRow, at: datetime) -> uuid.UUID:
    async def work() -> uuid.UUID:
        address = addresses.read(row.email)
        found = await accounts.of_proved_address(address)
        if not await rows.use(row.id, at) or found is None:
            raise CodeOver(f"The code was used already. {_AGAIN}")
        return found.id

    return await transaction(work)


async def forget() -> int:
    """Delete codes and links of before; how many. For the clock."""
    return await rows.forget(clock.now() - _KEPT)


def _is_right(row: CodeRow, code: str) -> bool:
    assert row.code is not None
    typed = "".join(each for each in code if each.isdecimal() and each.isascii())
    return hmac.compare_digest(sealed.unseal(row.code, _place(row.id)), typed.encode())


def _why_over(asked: CodeRow | None, at: datetime) -> str:
    if asked is None:
        return f"This code was asked for in another browser, or long ago. {_AGAIN}"
    if asked.used_at is not None:
        return f"The code was used already. {_AGAIN}"
    if asked.expires_at <= at:
        return f"The code has expired. {_AGAIN}"
    return f"The code was tried {TRIES} times. {_AGAIN}"


def _place(id: uuid.UUID) -> Place:
    return Place(None, "sign_in_code", id, "code")
