"""`sign-ins report`."""

from __future__ import annotations

from argparse import Namespace

from api.provisioning import sign_ins
from api.provisioning.sign_ins import SignIn
from api.settings import Settings

from . import outcomes
from .results import Result
from .verbs import IN_ORGANIZATION, Verbs, acting_in, noun, query

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
