"""`sign-ins report|list`."""

from __future__ import annotations

from argparse import Namespace

import msgspec

from api.provisioning import sign_in_reports, sign_ins
from api.provisioning.sign_ins import SignIn
from api.settings import Settings
from db.pages import Span

from . import outcomes
from .results import Result, table
from .verbs import IN_ORGANIZATION, Verbs, acting_in, noun, query, whole_number

_MORE = """\
This is what the application reports of each successful sign-on where policy jit_enabled is on: somebody new becomes a
member, and the name of somebody known is updated. Never report a sign-on that failed."""


def add(nouns: Verbs) -> None:
    """The verbs of sign-ins."""
    verbs = noun(nouns, "sign-ins", about="Make and update members by what their sign-on says, just in time")
    parser = query(
        verbs,
        "report",
        report,
        does="Report a successful sign-on",
        more=_MORE,
        example=f'python -m api sign-ins report ann@example.com --name "Ann Lee" {IN_ORGANIZATION}',
    )
    parser.add_argument("email", metavar="E-MAIL", help="the address that the identity provider confirmed")
    parser.add_argument("--name", metavar="NAME", help="the person's name as people say it")
    parser.add_argument("--given-name", metavar="NAME")
    parser.add_argument("--family-name", metavar="NAME")
    parser.add_argument("--subject", metavar="ID", help="the person's id at the identity provider")
    parser.add_argument(
        "--also",
        action="append",
        default=[],
        metavar="CLAIM",
        help="the name of something else that was said, such as groups; told to be ignored, may be repeated",
    )
    parser = query(
        verbs,
        "list",
        show_all,
        does="List the newest sign-ins that applications told of by POST /jit/sign-ins",
        example=f"python -m api sign-ins list --email ann@example.com {IN_ORGANIZATION}",
    )
    parser.add_argument("--email", metavar="E-MAIL", help="about this address only")
    parser.add_argument("--limit", type=whole_number(1, 1000), default=20, metavar="N", help="how many; 20 if left out")


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """The newest sign-ins that applications told of, newest first."""
    actor = await acting_in(arguments.organization)
    page = await sign_in_reports.page(actor, None, arguments.email, Span(arguments.limit))
    rows = [
        [each.received_at, each.outcome.lower(), each.email, each.caller, each.id, each.detail] for each in page.rows
    ]
    head = ("RECEIVED", "OUTCOME", "E-MAIL", "BY", "TRACE", "WHY NOT")
    listed = table(rows, head=head, otherwise="No application has told of a sign-in.")
    return Result(msgspec.to_builtins(list(page.rows)), listed)


async def report(arguments: Namespace, _: Settings) -> Result:
    """The member who signed in."""
    seen = SignIn(
        email=arguments.email,
        subject=arguments.subject,
        given_name=arguments.given_name,
        family_name=arguments.family_name,
        display_name=arguments.name,
        besides=arguments.also,
    )
    return outcomes.of_member(await sign_ins.sign_in(await acting_in(arguments.organization), seen))
