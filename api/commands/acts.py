"""Acts on many members from the command line: `--preview` looks at what one would do, `--token` does exactly that."""

from __future__ import annotations

import argparse
from argparse import Namespace

from api.provisioning import governance, previews
from api.provisioning.actor import Actor
from api.provisioning.governance import Intent
from api.provisioning.moves import Standing
from api.provisioning.previews import Preview, standing_in_words

from .results import Result, moved, shown, table


def can_be_previewed(parser: argparse.ArgumentParser) -> None:
    """Add the two options to a command."""
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--preview", action="store_true", help="only tell who would change, and how")
    one.add_argument("--token", metavar="TOKEN", help="of a preview: refuse if others would change than it told")


async def look_or_act(arguments: Namespace, actor: Actor, intent: Intent, *, is_sure: bool = False) -> Result:
    """The preview if that was asked for; else how many members the act changed."""
    if arguments.preview:
        return await look(actor, intent)
    return moved(await governance.apply(actor, intent, token=arguments.token, is_sure=is_sure))


async def look(actor: Actor, intent: Intent) -> Result:
    """What an act would do."""
    preview = await governance.preview(actor, intent)
    return Result(_data(preview), _text(preview))


def _text(preview: Preview) -> str:
    rows = [
        [
            person.email or person.name or person.id,
            standing_in_words(person.before, person.after),
            standing_in_words(person.after, person.before),
            person.because,
        ]
        for person in preview.people
    ]
    more = preview.changed - len(preview.people)
    blocks = [
        previews.summary(preview),
        *preview.warnings,
        table(rows, head=("WHO", "BEFORE", "AFTER", "BECAUSE"), otherwise=""),
        f"… and {more} more." if more else "",
        f"To do exactly this, say it again with --token {preview.token}\nuntil {shown(preview.valid_until)}.",
    ]
    return "\n\n".join(block for block in blocks if block)


def _data(preview: Preview) -> dict[str, object]:
    return {
        "summary": previews.summary(preview),
        "warnings": preview.warnings,
        "members_changed": preview.changed,
        "higher": preview.higher,
        "lower": preview.lower,
        "to_the_top": preview.to_the_top,
        "statuses": dict(preview.statuses),
        "buys": preview.buys,
        "moves": [
            {
                "before": _standing(move.before),
                "after": _standing(move.after),
                "because": move.because,
                "members": move.members,
            }
            for move in preview.moves
        ],
        "people": [
            {
                "id": person.id,
                "email": person.email,
                "before": _standing(person.before),
                "after": _standing(person.after),
                "because": person.because,
            }
            for person in preview.people
        ],
        "token": preview.token,
        "valid_until": preview.valid_until,
    }


def _standing(standing: Standing) -> dict[str, object]:
    return {
        "role": standing.role.key if standing.role else None,
        "status": standing.status,
        "seat": standing.seat,
    }
