"""Passwords, for organizations that let people in by one: Argon2id, chosen by a link sent by mail (R066, R067).

Nobody is given a password, and nobody has to have one. Setting one ends all sessions. Hashing is done in threads, two
at a time: it takes 50 ms of CPU on purpose, during which nobody else would be answered.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.low_level import Type

from api.outbox import tasks
from api.provisioning import addresses, clock, notices
from api.provisioning.key_text import digest
from db.enums import Way
from db.queries import accounts as account_rows
from db.queries import sessions as session_rows
from db.queries import sign_in_codes as rows
from db.transaction import transaction

from . import accounts, limits
from .problems import BadPassword, LinkOver, WrongPassword
from .sessions import Proof

P = ParamSpec("P")
T = TypeVar("T")

SHORTEST, LONGEST = 12, 256
LINK_LIVES = timedelta(minutes=30)
SEND_LINK = "identity.password"
"""The entrypoint of the task that sends a link to choose a password; its payload is the address."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)  # as OWASP advises
_AT_ONCE = 2
_WRONG = "No account has this address and this password. A code by mail works as well."
_OVER = "This link has expired or was used. Ask for a new one."


async def prove(email: str, password: str, ip: str | None) -> tuple[uuid.UUID, Proof]:
    """The account that has this address and password, and what that proves.

    Raises WrongPassword, after the same work for addresses that nobody has, BadAddress, and TooOften.
    """
    address = addresses.read(email)
    await limits.must_spend(f"password:{address.key}", per_minute=1, burst=10, what="Passwords for this address")
    await limits.must_spend(f"password:from:{limits.place(ip)}", per_minute=10, burst=60, what="Passwords")
    account = await account_rows.by_address(address.key)
    hashed = account.password_hash if account else None
    is_right = len(password) <= LONGEST and await _in_thread(_verify, hashed or _nobodys(), password)
    if account is None or hashed is None or not is_right:
        raise WrongPassword(_WRONG)
    # Looking takes its time: who sets another password meanwhile means that this one opens nothing any more.
    anew = await _in_thread(_HASHER.hash, password) if _HASHER.check_needs_rehash(hashed) else hashed
    if not await account_rows.keep_password(account.id, hashed, anew):
        raise WrongPassword(_WRONG)
    return account.id, Proof(Way.PASSWORD, proves_address=True)


async def ask_link(email: str, ip: str | None) -> None:
    """Have a link sent by which whoever has the address chooses a password; nobody is told whether there is an account.

    Raises BadAddress and TooOften.
    """
    address = addresses.read(email)
    await limits.must_spend(f"link:{address.key}", per_minute=1 / 10, burst=3, what="Links for this address")
    await limits.must_spend(f"link:from:{limits.place(ip)}", per_minute=5, burst=30, what="Links")
    await tasks.put(SEND_LINK, address.email, priority=1)


async def send_link(email: str) -> None:
    """Send a link to choose a password, if anybody has brought somebody with this address."""
    address, at, token = addresses.read(email), clock.now(), secrets.token_urlsafe(32)

    async def work() -> None:
        # The link is sent to the address, so whoever uses it has proved it; only what it is for is prepared here.
        account = await accounts.of_proved_address(address)
        if account is None:
            return
        until = at + LINK_LIVES
        await rows.add_password_token(digest(token), account.id, at, until)
        put = notices.password_reset if account.password_hash else notices.password_set
        await put(None, address.email, token, at=at, until=until)

    await transaction(work)


async def is_link(token: str) -> bool:
    """Whether a password can be chosen by a link; looking uses nothing up, since mail scanners look."""
    return await rows.password_token(digest(token), clock.now()) is not None


async def choose(token: str, password: str) -> uuid.UUID:
    """Set a password by a link, which is used up, and end all sessions of its account; the account.

    Raises BadPassword, after which the link can still be used, and LinkOver.
    """
    at = clock.now()
    owner = await rows.password_token(digest(token), at)
    account = await account_rows.find(owner) if owner else None
    if account is None:
        raise LinkOver(_OVER)
    must_be_good(password, account.email or "")
    hashed = await _in_thread(_HASHER.hash, password)

    async def work() -> uuid.UUID:
        used = await rows.use_password_token(digest(token), at)
        if used is None:
            raise LinkOver(_OVER)
        await account_rows.set_password(used, hashed, at)
        await session_rows.end_all(used)
        return used

    return await transaction(work)


def must_be_good(password: str, email: str) -> None:
    """Raise BadPassword for one that is too short, too long, or made of little (ASVS 6.2.1, 6.2.4)."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadPassword(f"A password has from {SHORTEST} to {LONGEST} characters. Some words in a row are good.")
    if len(set(password)) < 5 or password.lower() in (email.lower(), email.partition("@")[0].lower()):
        raise BadPassword("That is too easy to guess. Some words in a row are good.")


async def _in_thread(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    async with _gate():
        return await asyncio.to_thread(work, *given, **named)


@cache
def _gate() -> asyncio.Semaphore:
    return asyncio.Semaphore(_AT_ONCE)


@cache
def _nobodys() -> str:
    """What is hashed for nobody, so that a try takes as long for addresses without account, the first one as well.

    It is written as argon2 would, without hashing anything: there is no password to it.
    """
    salt, found = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    cost = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${found}"


def _verify(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
