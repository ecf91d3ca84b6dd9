"""`policies show|set|history`."""

from __future__ import annotations

import argparse
from argparse import Namespace

import msgspec

from api.provisioning import policies, policy_values
from api.provisioning.policies import ChangePolicies
from api.settings import Settings

from .acts import can_be_previewed, look
from .results import Result, moved, shown, table
from .verbs import IN_ORGANIZATION, Verbs, acting_in, noun, query


def add(nouns: Verbs) -> None:
    """The verbs of policies."""
    verbs = noun(nouns, "policies", about="See and choose the rules by which an organization lets people in")
    query(
        verbs,
        "show",
        show,
        does="Show every policy, what it is, and what it could be",
        example=f"python -m api policies show {IN_ORGANIZATION}",
    )
    parser = query(
        verbs,
        "set",
        change,
        does="Choose policies; members get the roles that follow, at once",
        example=f"python -m api policies set domain_rule=OFF {IN_ORGANIZATION}",
    )
    parser.add_argument("values", nargs="+", type=_pair, metavar="NAME=VALUE", help="see `policies show`")
    can_be_previewed(parser)
    query(
        verbs,
        "history",
        history,
        does="Show who changed which policy, newest first",
        example=f"python -m api policies history {IN_ORGANIZATION}",
    )


async def show(arguments: Namespace, _: Settings) -> Result:
    """Every policy."""
    found = msgspec.to_builtins(await policies.show(await acting_in(arguments.organization)))
    rows = [[name, _text(value), " | ".join(policy_values.choices(name))] for name, value in found.items()]
    return Result(found, table(rows, head=("POLICY", "IS", "CAN BE"), otherwise=""))


async def change(arguments: Namespace, _: Settings) -> Result:
    """Choose some policies."""
    actor = await acting_in(arguments.organization)
    values = dict(arguments.values)
    if arguments.preview:
        return await look(actor, ChangePolicies(values))
    changed, members = await policies.change(actor, values, token=arguments.token)
    found = msgspec.to_builtins(changed)
    lines = [f"{name} is {_text(found[name])}." for name, _ in arguments.values]
    return Result({"policies": found, "members_changed": members}, "\n".join([*lines, moved(members).text]))


async def history(arguments: Namespace, _: Settings) -> Result:
    """The versions of the policies."""
    found = await policies.history(await acting_in(arguments.organization))
    data = [
        {
            "changed_at": change["changed_at"],
            "actor_kind": change["actor_kind"],
            "before": msgspec.json.decode(str(change["before"])),
            "after": msgspec.json.decode(str(change["after"])),
        }
        for change in found
    ]
    rows = [
        [each["changed_at"], each["actor_kind"], name, _text(each["before"].get(name)), _text(value)]
        for each in data
        for name, value in each["after"].items()
    ]
    head = ("WHEN", "BY", "POLICY", "BEFORE", "AFTER")
    return Result(data, table(rows, head=head, otherwise="No policy was ever changed."))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name.strip(), value.strip()


def _text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else shown(value)
