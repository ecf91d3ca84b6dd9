"""Carrying out the tasks of mails, as a worker does, but at once and one after the other."""

from __future__ import annotations

import uuid
from typing import Any

import asyncpg
import msgspec

from api.mail import delivering
from api.outbox import tasks
from api.outbox.work import Later
from api.provisioning.notices import SEND
from db import queue, sql


async def deliver() -> list[Later]:
    """Carry out every task that waits, due or not; those that are to be called later wait again, and are told."""
    postponed = []
    taken = await sql.rows(f"DELETE FROM {queue.TASK} WHERE entrypoint = $1 RETURNING payload, priority, id", SEND)
    for task in sorted(taken, key=lambda each: (-each["priority"], each["id"])):
        mail = msgspec.json.decode(task["payload"], type=uuid.UUID)
        try:
            await delivering.send(mail)
        except Later as later:
            await tasks.put(SEND, mail, at=later.when)
            postponed.append(later)
    return postponed


async def waiting() -> int:
    """How many tasks wait."""
    return int(str(await sql.value(f"SELECT count(*) FROM {queue.TASK} WHERE entrypoint = $1", SEND)))


async def stored(kind: str | None = None) -> list[asyncpg.Record]:
    """The rows of mails, of one kind if it is given, oldest first."""
    return await sql.rows("SELECT * FROM mail_message WHERE $1::text IS NULL OR kind = $1 ORDER BY id", kind)


def facts(row: asyncpg.Record) -> dict[str, Any]:
    """What a mail tells."""
    return msgspec.json.decode(row["data"], type=dict[str, Any])["facts"]  # type: ignore[no-any-return]
