"""`requests list|show|retain|forget`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

import msgspec

from api.provisioning import organizations, requests
from api.settings import Settings

from .results import Result, listing, shown, table
from .verbs import Verbs, acting_in, an_id, noun, query, whole_number


def add(nouns: Verbs) -> None:
    """The verbs of requests."""
    verbs = noun(nouns, "requests", about="Look into the record of requests: what was sent, decided and changed")
    parser = query(
        verbs,
        "list",
        show_all,
        does="List the newest requests of an organization",
        example="python -m api requests list --organization $ORG --limit 50",
    )
    parser.add_argument(
        "--limit", type=whole_number(1, 10_000), default=20, metavar="N", help="how many; 20 if left out"
    )
    parser = query(
        verbs,
        "show",
        show,
        does="Explain one request: decisions, changes, and what was sent and answered",
        more="The trace id is in the header X-Trace-Id of every answer, and at the end of the text of every error.",
        example="python -m api requests show $TRACE --organization $ORG",
    )
    parser.add_argument("trace", type=an_id, metavar="TRACE", help="the request's trace id")
    parser = query(
        verbs,
        "retain",
        retain,
        does="Choose how long the requests of an organization are kept",
        more="`requests forget` carries it out. New organizations keep requests for 400 days and bodies for 30.",
        example="python -m api requests retain --organization $ORG --days 365 --body-days 14",
    )
    kept = whole_number(0, 3650)
    parser.add_argument("--days", required=True, type=kept, metavar="N", help="days until a request is deleted")
    parser.add_argument("--body-days", required=True, type=kept, metavar="N", help="days until its bodies are deleted")
    query(
        verbs,
        "forget",
        forget,
        does="Delete what no organization wants kept any longer; run it once a day",
        example="python -m api requests forget",
        in_organization=False,
    )


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """The newest requests, newest first."""
    found = await requests.latest(await acting_in(arguments.organization), limit=arguments.limit)
    rows = [
        [one["received_at"], one["status"], one["method"], one["path"], one["subject_key"], one["id"], _reason(one)]
        for one in found
    ]
    head = ("RECEIVED", "STATUS", "METHOD", "PATH", "ABOUT", "TRACE", "DECISIONS")
    return Result(found, table(rows, head=head, otherwise="No request has been recorded."))


async def show(arguments: Namespace, _: Settings) -> Result:
    """One request with everything that is known of it."""
    found = await requests.find(await acting_in(arguments.organization), arguments.trace)
    query = f"?{found['query']}" if found["query"] else ""
    parts = [
        f"{found['method']} {found['path']}{query}\n{found['status']} after {_milliseconds(found['duration_us'])}",
        listing(
            {
                "Trace": found["id"],
                "Received": found["received_at"],
                "Directory": found["directory_id"],
                "Key": _came_by(found),
                "Client": found["user_agent"],
                "About": " ".join(shown(found[name]) for name in ("resource_type", "subject_key", "resource_id")),
            }
        ),
        _titled("Decisions", [f"{one['code']:10} {one['text']}" for one in _decisions(found)]),
        _titled("Changes", _changes(found)),
        _titled("Sent", _body(found["request_body"])),
        _titled("Answered", _body(found["response_body"])),
    ]
    return Result(found, "\n\n".join(part for part in parts if part))


async def retain(arguments: Namespace, _: Settings) -> Result:
    """The retention as it is now."""
    actor = await acting_in(arguments.organization)
    days: int = arguments.days
    body_days: int = arguments.body_days
    await organizations.keep_requests_for(actor, headline_days=days, body_days=body_days)
    chosen = {"organization_id": actor.organization, "days": days, "body_days": body_days}
    return Result(chosen, f"Requests are kept for {days} days, their bodies for {body_days}.")


async def forget(_: Namespace, __: Settings) -> Result:
    """How many requests were deleted or lost their bodies."""
    done = await organizations.forget_old_requests()
    return Result({"forgotten": done}, f"{done} requests were deleted or lost their bodies.")


def _came_by(request: dict[str, object]) -> str:
    if request["oauth_client_id"] is not None:
        return f"by the OAuth client {request['oauth_client_name'] or request['oauth_client_id']}"
    return f"…{request['key_last_four']}"


def _decisions(request: dict[str, object]) -> list[dict[str, object]]:
    return msgspec.convert(request["decisions"], list[dict[str, object]])


def _reason(request: dict[str, object]) -> str:
    """Why it was refused, or the codes of what was decided."""
    if request["detail"]:
        return str(request["detail"])
    return " ".join(dict.fromkeys(str(one["code"]) for one in _decisions(request))) or "-"


def _changes(request: dict[str, object]) -> list[str]:
    changes = msgspec.convert(request["changes"], list[dict[str, object]])
    return [f"{one['subject_type']} {one['subject_id']} {one['action']}{_difference(one)}" for one in changes]


def _difference(change: dict[str, object]) -> str:
    lines = [
        f"\n  {sign} {msgspec.json.encode(change[side]).decode()}"
        for sign, side in (("-", "before"), ("+", "after"))
        if change[side]
    ]
    return "".join(lines)


def _body(text: object) -> list[str]:
    """A body as it is read best: JSON indented, anything else as it is."""
    if not isinstance(text, str):
        return []
    try:
        return msgspec.json.format(text, indent=2).splitlines()
    except msgspec.DecodeError:
        return text.splitlines()


def _titled(title: str, lines: Sequence[str]) -> str:
    indented = [f"  {line}" for text in lines for line in text.splitlines()]
    return "\n".join([f"{title}:", *indented]) if indented else ""


def _milliseconds(microseconds: object) -> str:
    assert isinstance(microseconds, int)
    return f"{microseconds / 1000:.1f} ms"
