"""`drift show|fix`."""

from __future__ import annotations

from argparse import Namespace

from api.provisioning import drift
from api.provisioning.drift import Report, Unmanaged
from api.settings import Settings

from .results import Result, table
from .verbs import IN_ORGANIZATION, Verbs, acting_in, noun, query

_REASONS = {
    Unmanaged.DIRECTORY_SILENT: "only directories have them that have fallen silent",
    Unmanaged.DIRECTORY_DELETED: "kept when their directory was deleted",
    Unmanaged.REMOVAL_REJECTED: "kept although their directory removed them",
}


def add(nouns: Verbs) -> None:
    """The verbs of drift."""
    verbs = noun(nouns, "drift", about="See where members differ from what the facts say of them, and put it right")
    query(
        verbs,
        "show",
        show,
        does="Tell which members differ, what was edited here, how seats add up, and whom nobody manages",
        example=f"python -m api drift show {IN_ORGANIZATION}",
    )
    query(
        verbs,
        "fix",
        fix,
        does="Put right what can have no reason: status, roles and the count of seats, with history",
        example=f"python -m api drift fix {IN_ORGANIZATION}",
    )


async def show(arguments: Namespace, _: Settings) -> Result:
    """What differs."""
    found = await drift.report(await acting_in(arguments.organization))
    return Result(found, "\n\n".join(_sections(found)))


async def fix(arguments: Namespace, _: Settings) -> Result:
    """What was put right."""
    done = await drift.fix(await acting_in(arguments.organization))
    lines = [
        f"Put right: members: {done.members}, records of directories: {done.users},"
        f" lines in the ledger of seats: {done.seat_entries}.",
        *(f"Member {each.member_id}: {each.text}" for each in done.problems),
    ]
    return Result(done, "\n".join(lines))


def _sections(found: Report) -> list[str]:
    differing = [
        [each.member, found.emails.get(each.member), each.status, each.status_due, each.role, each.role_due]
        for each in found.differing
    ]
    seats = [[each.seat_type, each.counted, each.entered, each.held] for each in found.seats]
    edits = [
        [each.email, name, edit.was, each.now.get(name), edit.by, edit.at, edit.is_locked]
        for each in found.edited
        for name, edit in each.fields.items()
    ]
    left = [[each.email, each.status, _REASONS[each.reason]] for each in found.unmanaged]
    return [
        _titled(
            f"Members who differ from the facts: {found.differing_in_all}",
            table(differing, head=("ID", "E-MAIL", "STATUS", "SHOULD BE", "ROLE", "SHOULD BE"), otherwise=""),
        ),
        f"Records that count against what their directory says: {found.miscounted_users}",
        _titled("Seats held", table(seats, head=("TYPE", "COUNTED", "LEDGER", "MEMBERS"), otherwise="")),
        _titled(
            f"Members edited here: {found.edited_in_all}",
            table(edits, head=("E-MAIL", "FIELD", "DIRECTORY SAID", "IS NOW", "BY", "AT", "LOCKED"), otherwise=""),
        ),
        _titled(
            f"Members whom nobody manages: {found.unmanaged_in_all}",
            table(left, head=("E-MAIL", "STATUS", "WHY"), otherwise=""),
        ),
    ]


def _titled(title: str, shown: str) -> str:
    return f"{title}\n{shown}".rstrip()
