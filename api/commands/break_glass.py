"""`break-glass grant|withdraw|list`."""

from __future__ import annotations

from argparse import Namespace

from api.identity import break_glass
from api.settings import Settings

from .results import Result, table
from .verbs import IN_ORGANIZATION, Verbs, acting_in, an_id, noun, query

_MEMBER = "019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c13"


def add(nouns: Verbs) -> None:
    """The verbs of break-glass."""
    about = "Choose who may sign in by code or password although single sign-on is enforced"
    verbs = noun(nouns, "break-glass", about=about)
    parser = query(
        verbs,
        "grant",
        grant,
        does="Let a member in on the day that single sign-on is broken",
        more="Each time that it is used is written down.",
        example=f'python -m api break-glass grant {_MEMBER} --reason "owns the company" {IN_ORGANIZATION}',
    )
    parser.add_argument("member", type=an_id, metavar="MEMBER")
    parser.add_argument("--reason", required=True, metavar="TEXT")
    parser = query(
        verbs,
        "withdraw",
        withdraw,
        does="Not any more",
        example=f"python -m api break-glass withdraw {_MEMBER} {IN_ORGANIZATION}",
    )
    parser.add_argument("member", type=an_id, metavar="MEMBER")
    example = f"python -m api break-glass list {IN_ORGANIZATION}"
    query(verbs, "list", show_all, does="List whom it lets in", example=example)


async def grant(arguments: Namespace, _: Settings) -> Result:
    """A member more."""
    is_new = await break_glass.grant(await acting_in(arguments.organization), arguments.member, arguments.reason)
    return Result({"granted": is_new}, "They are let in." if is_new else "They were let in before.")


async def withdraw(arguments: Namespace, _: Settings) -> Result:
    """A member less."""
    was = await break_glass.withdraw(await acting_in(arguments.organization), arguments.member)
    return Result({"withdrawn": was}, "They are not let in any more." if was else "They were not let in.")


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """Whom an organization lets in so."""
    found = await break_glass.all_of(await acting_in(arguments.organization))
    rows = [[each.member_id, each.reason, each.granted_by, each.granted_at] for each in found]
    head = ("MEMBER", "REASON", "GRANTED BY", "GRANTED")
    listed = [{"member_id": e.member_id, "reason": e.reason, "granted_by": e.granted_by} for e in found]
    return Result(listed, table(rows, head=head, otherwise="Nobody."))
