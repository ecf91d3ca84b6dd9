"""`webhooks create|list|update|delete|rotate|test|events`, and what `webhook_log` adds."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from datetime import timedelta

from api.settings import Settings
from api.webhooks import endpoints, schemas
from api.webhooks.endpoints import Edit, Keyed
from api.webhooks.event_types import TYPES
from db.enums import WebhookSigning
from db.webhook_rows import EndpointRow

from . import webhook_log
from .results import Result, listing, table
from .verbs import IN_ORGANIZATION, Query, Verbs, acting_in, an_id, noun, query, whole_number

_ENDPOINT = "019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c31"
_MORE = "Messages are signed by Standard Webhooks; docs/webhooks.md tells how to verify them, and has a receiver."


def add(nouns: Verbs) -> None:
    """The verbs of webhooks."""
    verbs = noun(nouns, "webhooks", about="Tell the host application what changes, and see how that went")
    parser = query(
        verbs,
        "create",
        create,
        does="Tell the application at a URL of what changes from now on; the secret is shown this once",
        more=_MORE,
        example=f"python -m api webhooks create https://app.example.com/rollcall {IN_ORGANIZATION}",
    )
    parser.add_argument("url", metavar="URL", help="https; http only into networks of ROLLCALL_ALLOW_NETWORKS")
    parser.add_argument("--description", default="", metavar="TEXT", help="for people")
    _events(parser, "of what it is told; may be repeated, everything if left out")
    _signing(parser, default=WebhookSigning.HMAC)
    example = f"python -m api webhooks list {IN_ORGANIZATION}"
    query(verbs, "list", show_all, does="List the endpoints of an organization", example=example)
    parser = _on_endpoint(verbs, "update", update, "Change an endpoint, or switch it off and on", "--disable")
    parser.add_argument("--url", metavar="URL")
    parser.add_argument("--description", metavar="TEXT")
    some = parser.add_mutually_exclusive_group()
    _events(some, "of what it is told instead; may be repeated")
    some.add_argument("--every-event", action="store_true", help="tell it of everything")
    switch = parser.add_mutually_exclusive_group()
    switch.add_argument("--enable", action="store_const", const=True, dest="is_enabled")
    switch.add_argument("--disable", action="store_const", const=False, dest="is_enabled")
    _on_endpoint(verbs, "delete", delete, "Delete an endpoint with the log of what it was sent")
    parser = _on_endpoint(verbs, "rotate", rotate, "Make a new secret; both sign until the overlap is over")
    parser.add_argument(
        "--overlap-hours",
        type=whole_number(0, endpoints.OVERLAP_AT_MOST // timedelta(hours=1)),
        default=24,
        metavar="N",
        help="how long the old one counts, too; 24 if left out",
    )
    _signing(parser, default=None)
    _on_endpoint(verbs, "test", test, "Send an event of type webhook.test")
    webhook_log.add_to(verbs)
    query(
        verbs,
        "events",
        events,
        does="List the types of events; with --json, their JSON Schemas",
        example="python -m api webhooks events",
        in_organization=False,
    )


async def create(arguments: Namespace, _: Settings) -> Result:
    """A new endpoint with its secret."""
    made = await endpoints.add(
        await acting_in(arguments.organization),
        arguments.url,
        description=arguments.description,
        event_types=arguments.events or (),
        signing_by=arguments.signing,
    )
    return _keyed(made)


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """The endpoints."""
    found = await endpoints.all_of(await acting_in(arguments.organization))
    rows = [[each.id, each.url, _state(each), ", ".join(each.event_types) or "everything"] for each in found]
    otherwise = "The host application is told nothing: there is no endpoint."
    return Result(found, table(rows, head=("ID", "URL", "STATE", "IS TOLD OF"), otherwise=otherwise))


async def update(arguments: Namespace, _: Settings) -> Result:
    """An endpoint after a change."""
    given: dict[str, object] = {
        name: value for name in ("url", "description", "is_enabled") if (value := getattr(arguments, name)) is not None
    }
    if arguments.events or arguments.every_event:
        given["event_types"] = arguments.events or []
    actor = await acting_in(arguments.organization)
    done = await endpoints.change(actor, arguments.endpoint, Edit(**given))  # type: ignore[arg-type]  # as it was parsed
    return Result(done, listing(_facts(done)))


async def delete(arguments: Namespace, _: Settings) -> Result:
    """The end of an endpoint."""
    await endpoints.remove(await acting_in(arguments.organization), arguments.endpoint)
    return Result({"endpoint_id": arguments.endpoint, "state": "deleted"}, "The endpoint is deleted.")


async def rotate(arguments: Namespace, _: Settings) -> Result:
    """An endpoint with a new secret."""
    made = await endpoints.rotate(
        await acting_in(arguments.organization),
        arguments.endpoint,
        overlap=timedelta(hours=arguments.overlap_hours),
        signing_by=arguments.signing,
    )
    return _keyed(made)


async def test(arguments: Namespace, _: Settings) -> Result:
    """A message on its way."""
    delivery = await endpoints.test(await acting_in(arguments.organization), arguments.endpoint)
    text = f"A worker sends it now. To see how that went: `webhooks show {delivery}`."
    return Result({"delivery_id": delivery}, text)


async def events(_: Namespace, __: Settings) -> Result:
    """The types of events."""
    rows = list(TYPES.items())
    return Result({type: schemas.of(type) for type in TYPES}, table(rows, head=("TYPE", "WHEN"), otherwise=""))


def _keyed(made: Keyed) -> Result:
    facts = {**_facts(made.endpoint), "Secret": made.key.shared, "Public key": made.key.public}
    data = {"endpoint": made.endpoint, "secret": made.key.shared, "public_key": made.key.public}
    shown = {name: value for name, value in facts.items() if value is not None}
    warning = "\n\nThe secret is shown this once." if made.key.shared else ""
    return Result(data, f"{listing(shown)}{warning}")


def _facts(row: EndpointRow) -> Mapping[str, object]:
    told = ", ".join(row.event_types) or "everything"
    return {"ID": row.id, "URL": row.url, "State": _state(row), "Is told of": told, "Signing": row.signing}


def _state(row: EndpointRow) -> str:
    if not row.is_enabled:
        return f"disabled ({(row.disabled_reason or '').lower().replace('_', ' ')})"
    return f"failing since {row.failing_since:%Y-%m-%d %H:%M}Z" if row.failing_since else "enabled"


def _on_endpoint(verbs: Verbs, name: str, ask: Query, does: str, *options: str) -> ArgumentParser:
    example = " ".join(["python -m api webhooks", name, _ENDPOINT, *options, IN_ORGANIZATION])
    parser = query(verbs, name, ask, does=does, example=example)
    parser.add_argument("endpoint", type=an_id, metavar="ID", help="the endpoint's, as `webhooks list` has it")
    return parser


def _events(parser: argparse._ActionsContainer, text: str) -> None:
    parser.add_argument("--event", action="append", dest="events", choices=list(TYPES), metavar="TYPE", help=text)


def _signing(parser: ArgumentParser, default: WebhookSigning | None) -> None:
    parser.add_argument(
        "--signing",
        type=WebhookSigning,
        choices=list(WebhookSigning),
        default=default,
        metavar="KIND",
        help="HMAC, by a secret that both sides have, or ED25519, by a key that only Rollcall has",
    )
