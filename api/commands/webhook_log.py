"""`webhooks deliveries|show|replay|unconfirmed|confirm`."""

from __future__ import annotations

import uuid
from argparse import Namespace
from datetime import timedelta

import msgspec

from api.net import signing
from api.provisioning import clock
from api.provisioning.errors import NotFound
from api.settings import Settings
from api.webhooks import delivery_log, revocations
from db.enums import DeliveryState
from db.pages import Span
from db.webhook_rows import AttemptView

from .results import Result, listing, table
from .verbs import IN_ORGANIZATION, Verbs, acting_in, an_id, query, whole_number

_ENDPOINT = "019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c31"
_DELIVERY = "019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c32"


def add_to(verbs: Verbs) -> None:
    """The verbs of webhooks that are about what was sent."""
    parser = query(
        verbs,
        "deliveries",
        deliveries,
        does="List what an endpoint was sent, or is to be, newest first",
        example=f"python -m api webhooks deliveries {_ENDPOINT} --state FAILED {IN_ORGANIZATION}",
    )
    parser.add_argument("endpoint", type=an_id, metavar="ID", help="the endpoint's, as `webhooks list` has it")
    parser.add_argument("--state", choices=[each.value for each in DeliveryState], help="only those")
    parser.add_argument("--limit", type=whole_number(1, 1000), default=50, metavar="N", help="50 if left out")
    parser = query(
        verbs,
        "show",
        show,
        does="Show a message, every attempt to send it, and what came back",
        example=f"python -m api webhooks show {_DELIVERY} {IN_ORGANIZATION}",
    )
    parser.add_argument("delivery", type=an_id, metavar="ID", help="as `webhooks deliveries` has it")
    parser = query(
        verbs,
        "replay",
        replay,
        does="Send messages again under the ids that they had",
        example=f"python -m api webhooks replay {_ENDPOINT} --failed-within-hours 24 {IN_ORGANIZATION}",
    )
    parser.add_argument("endpoint", type=an_id, metavar="ID", help="the endpoint's, as `webhooks list` has it")
    which = parser.add_mutually_exclusive_group(required=True)
    some = "one of them; may be repeated"
    which.add_argument("--delivery", action="append", type=an_id, dest="deliveries", metavar="ID", help=some)
    which.add_argument("--failed-within-hours", type=whole_number(1, 720), metavar="N", help="all that failed since")
    query(
        verbs,
        "unconfirmed",
        unconfirmed,
        does="List access that ended, and the application has not confirmed in time that sessions ended",
        example=f"python -m api webhooks unconfirmed {IN_ORGANIZATION}",
    )
    parser = query(
        verbs,
        "confirm",
        confirm,
        does="Confirm that sessions and tokens ended, for an application that cannot say so itself",
        example=f"python -m api webhooks confirm {_DELIVERY} {IN_ORGANIZATION}",
    )
    parser.add_argument("revocations", nargs="+", type=an_id, metavar="ID", help="as `webhooks unconfirmed` has it")


async def deliveries(arguments: Namespace, _: Settings) -> Result:
    """What an endpoint was sent."""
    actor, asked = await acting_in(arguments.organization), (arguments.endpoint, arguments.state, Span(arguments.limit))
    pages = await delivery_log.pages(actor, [asked])
    found = there.rows if (there := pages.get(asked)) else ()
    rows = [[each.id, each.type, each.occurred_at, each.state, each.due_at or each.ended_at] for each in found]
    head = ("ID", "TYPE", "HAPPENED", "STATE", "NEXT, OR ENDED")
    return Result(found, table(rows, head=head, otherwise="There is nothing that it was sent."))


async def show(arguments: Namespace, _: Settings) -> Result:
    """One message and its attempts."""
    actor, id = await acting_in(arguments.organization), arguments.delivery
    row = (await delivery_log.many(actor, [id])).get(id)
    if row is None:
        raise NotFound(f"There is no delivery with the id {id} in this organization.")
    tried = (await delivery_log.attempts(actor, [id]))[id]
    facts = {
        "Message": signing.message_id(row.message_id),
        "Type": row.type,
        "Happened": row.occurred_at,
        "State": row.state,
        "Next": row.due_at,
        "Ended": row.ended_at,
    }
    lines = [[each.sent_at, each.status, f"{each.duration_ms} ms", _said(each)] for each in tried]
    attempts = table(lines, head=("SENT", "STATUS", "TOOK", "WHAT CAME BACK"), otherwise="It was not sent yet.")
    body = msgspec.json.decode(row.body)
    text = f"{listing(facts)}\n\n{attempts}\n\n{msgspec.json.format(row.body, indent=2)}"
    return Result({**msgspec.to_builtins(row), "body": body, "attempts": tried}, text)


async def replay(arguments: Namespace, _: Settings) -> Result:
    """How many messages are sent again."""
    actor = await acting_in(arguments.organization)
    if arguments.deliveries:
        count = await delivery_log.replay(actor, arguments.endpoint, arguments.deliveries)
    else:
        now = clock.now()
        since = now - timedelta(hours=arguments.failed_within_hours)
        count = await delivery_log.replay_failed(actor, arguments.endpoint, since, now)
    return Result({"deliveries": count}, f"Sent again: {count}." if count else "There is nothing to send again.")


async def unconfirmed(arguments: Namespace, _: Settings) -> Result:
    """Revocations that are overdue."""
    found = (await revocations.overdue(await acting_in(arguments.organization), Span(1000))).rows
    rows = [[each.id, each.member_id, each.revoked_at, each.deadline] for each in found]
    otherwise = "Whatever ended here has ended in the application as well."
    return Result(found, table(rows, head=("ID", "MEMBER", "ENDED", "DEADLINE"), otherwise=otherwise))


async def confirm(arguments: Namespace, _: Settings) -> Result:
    """Revocations that are confirmed."""
    wanted: list[uuid.UUID] = arguments.revocations
    found = await revocations.confirm(await acting_in(arguments.organization), wanted)
    return Result(found, f"Confirmed: {len(found)}.")


def _said(attempt: AttemptView) -> str:
    return " ".join((attempt.error or attempt.response or "").split())[:80]
