"""Secrets that the database keeps: sealing them for their place, and sealing all anew when there is a newer key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.secrets import sealing
from api.secrets.ring import NoKeys
from api.secrets.sealing import Place
from db.queries import sealed as rows
from db.queries.sealed import Column
from db.transaction import transaction

from .errors import CannotSeal

COLUMNS: Sequence[Column] = (
    Column("pull", "directory_id", "credentials"),
    Column("mail_message", "id", "secret"),
    Column("webhook_secret", "id", "sealed"),
    Column("api_token", "id", "signing_secret"),
    Column("sign_in_code", "id", "code"),
    Column("billing_secret", "id", "secret"),
    Column("sso_connection", "id", "client_secret"),
)
"""Everywhere that a secret stands; a new one is a new line."""

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """How many secrets of a column were sealed by which key."""

    column: Column
    by_key: Mapping[str, int]


def seal(clear: bytes, place: Place) -> bytes:
    """Seal a secret for a place; raises CannotSeal."""
    try:
        return sealing.seal(clear, place)
    except NoKeys as error:
        raise CannotSeal(str(error)) from None


def unseal(secret: bytes, place: Place) -> bytes:
    """A secret in the clear; raises CannotSeal, also for one that was altered or sealed for another place."""
    try:
        return sealing.unseal(secret, place)
    except NoKeys as error:
        raise CannotSeal(str(error)) from None


async def standing() -> list[Standing]:
    """How many secrets there are, by column and key."""
    return [
        Standing(column, Counter({key.hex(): count for key, count in await rows.keys(column)})) for column in COLUMNS
    ]


async def seal_anew() -> int:
    """Seal everything by the first key that is not yet; how many. In pieces, so that it can be stopped at any point.

    Raises CannotSeal for what cannot be opened, after everything else.
    """
    first, count = _first(), 0
    problems: list[CannotSeal] = []
    for column in COLUMNS:
        after: rows.Where | None = None
        while some := await rows.others(column, bytes.fromhex(first), after, limit=_AT_ONCE):
            for where in some:
                try:
                    count += await transaction(lambda column=column, where=where: _one(column, where))  # type: ignore[misc]  # bound now
                except CannotSeal as error:
                    problems.append(error)
            after = some[-1]
    if problems:
        raise CannotSeal(
            f"{count} secrets were sealed anew, {len(problems)} cannot be opened. The first: {problems[0]}"
        )
    return count


async def _one(column: Column, where: rows.Where) -> int:
    secret = await rows.lock(column, where)
    if secret is None:
        return 0
    place = Place(where.organization, column.table, where.row, column.column)
    await rows.put(column, where, seal(unseal(secret, place), place))
    return 1


def _first() -> str:
    try:
        return sealing.first()
    except NoKeys as error:
        raise CannotSeal(str(error)) from None
