"""Doing something once, however often a program asks for it because it did not hear the answer.

The key is written before the act and what came of it behind the act, so the act happens at most once: a process that
dies between the two leaves a key of which nobody knows what came of it, and that is what is told then.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec

from db.ids import new_id
from db.queries import idempotency as rows
from db.token_rows import OnceRow
from db.transaction import transaction

from . import clock
from .actor import ActorKind
from .caller import Caller
from .errors import BadSetting, BeingDone, IdempotencyMismatch, ProvisioningError

LIFETIME = timedelta(hours=24)
PATIENCE = timedelta(minutes=10)
LONGEST_KEY = 255
_ATTEMPTS = 3


async def once(caller: Caller, key: str, asked: object, act: Callable[[], Awaitable[uuid.UUID]]) -> uuid.UUID:
    """The id that `act` returns, or returned when the caller asked for the same by this key before.

    `asked` is everything that says what is asked for, as JSON can have it. A refused act frees the key. Raises what
    `act` raises, BadSetting for a key that is none, IdempotencyMismatch, and BeingDone.
    """
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise BadSetting(f"An idempotency key has from 1 to {LONGEST_KEY} printable characters.")
    who = caller.id if caller.kind in (ActorKind.INTEGRATION, ActorKind.PORTAL) else caller.account
    if who is None:
        raise BadSetting(
            "Idempotency keys are for programs with a token, people who have signed in, and guests by a portal link."
        )
    mine = OnceRow(caller.organization, new_id(), key, _digest(asked), clock.now())
    known = await _claim(who, mine)
    if known is not None:
        return _answer(known, mine)
    try:
        made = await act()
    except ProvisioningError:
        await rows.free(who, mine.id)
        raise
    await rows.conclude(who, mine.id, made)
    return made


async def _claim(who: uuid.UUID, mine: OnceRow) -> OnceRow | None:
    """None once the key is the caller's; otherwise what is known of it."""

    async def work() -> bool:
        await rows.prune(who, mine.key, mine.created_at - LIFETIME)
        return await rows.claim(who, mine)

    for _ in range(_ATTEMPTS):
        if await transaction(work):
            return None
        known = await rows.find(who, mine.key)
        if known is not None:
            return known
        # It was freed just now, since what it stood for was refused.
    raise BeingDone("Others use this idempotency key just now. Try again.")


def _answer(known: OnceRow, mine: OnceRow) -> uuid.UUID:
    if known.digest != mine.digest:
        raise IdempotencyMismatch(
            f"The idempotency key {mine.key!r} was used for something else. Use a new key for each thing to be done."
        )
    if known.result is not None:
        return known.result
    if mine.created_at - known.created_at < PATIENCE:
        raise BeingDone("This is being done for an earlier request. Ask again with the same key in a few seconds.")
    raise BeingDone(
        f"An earlier request with the idempotency key {mine.key!r} broke off, and nobody knows whether it was done."
        " Look whether it was; if not, ask again with a new key."
    )


def _digest(asked: object) -> bytes:
    return hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).digest()
