"""`invitations create|list|accept|withdraw`."""

from __future__ import annotations

from argparse import Namespace

from api.provisioning import invitations
from api.provisioning.invitations import Guest
from api.settings import Settings
from db.enums import SeatType

from . import outcomes
from .results import Result, table
from .verbs import IN_ORGANIZATION, Verbs, acting_in, an_id, noun, query, whole_number

_MEMBER = "019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c13"


def add(nouns: Verbs) -> None:
    """The verbs of invitations."""
    verbs = noun(nouns, "invitations", about="Invite people, also from outside of the organization's domains")
    parser = query(
        verbs,
        "create",
        create,
        does="Invite somebody",
        more="They get a mail with a link. Prints the token with which they accept, too, which is kept as a hash only."
        " A seat is theirs from now on.",
        example=f"python -m api invitations create guest@example.org --role viewer {IN_ORGANIZATION}",
    )
    parser.add_argument("email", metavar="E-MAIL")
    parser.add_argument("--name", metavar="NAME", help="the person's name as people say it")
    parser.add_argument("--seat", choices=[each.value for each in SeatType], help="the organization's default else")
    parser.add_argument("--role", metavar="KEY", help="a role chosen by hand, see `roles list`")
    parser.add_argument("--no-mail", action="store_true", help="tell them yourself")
    parser = query(
        verbs,
        "list",
        show_all,
        does="List invitations that nobody has accepted",
        example=f"python -m api invitations list {IN_ORGANIZATION}",
    )
    parser.add_argument("--limit", type=whole_number(1, 1000), default=100, metavar="N", help="100 unless said")
    parser.add_argument("--after", type=an_id, metavar="ID", help="go on behind this member")
    parser = query(
        verbs,
        "accept",
        accept,
        does="Accept an invitation in place of the person",
        example="python -m api invitations accept rc_invite_…",
        in_organization=False,
    )
    parser.add_argument("token", metavar="TOKEN")
    parser = query(
        verbs,
        "withdraw",
        withdraw,
        does="End an invitation that nobody has accepted",
        example=f"python -m api invitations withdraw {_MEMBER} {IN_ORGANIZATION}",
    )
    parser.add_argument("member", type=an_id, metavar="ID", help="the invited member")


async def create(arguments: Namespace, _: Settings) -> Result:
    """Somebody who is invited now."""
    seat = SeatType(arguments.seat) if arguments.seat else None
    guest = Guest(arguments.email, arguments.name, seat, arguments.role, is_told=not arguments.no_mail)
    made = await invitations.invite(await acting_in(arguments.organization), guest)
    return Result(made, f"{outcomes.of_member(made.member).text}\nToken, shown only now: {made.token}")


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """Open invitations."""
    actor = await acting_in(arguments.organization)
    found = await invitations.open_ones(actor, after=arguments.after, limit=arguments.limit)
    rows = [[each.member_id, each.email, each.role, each.status, each.invited_by, each.expires_at] for each in found]
    head = ("MEMBER", "E-MAIL", "ROLE", "STATUS", "INVITED BY", "UNTIL")
    return Result(found, table(rows, head=head, otherwise="No invitation is open."))


async def accept(arguments: Namespace, _: Settings) -> Result:
    """The member who was invited."""
    return outcomes.of_member(await invitations.accept(arguments.token))


async def withdraw(arguments: Namespace, _: Settings) -> Result:
    """The member who was invited, and is not any more."""
    actor = await acting_in(arguments.organization)
    return outcomes.of_member(await invitations.withdraw(actor, arguments.member))
