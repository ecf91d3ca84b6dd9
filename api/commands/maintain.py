"""`maintain`: what time brings."""

from __future__ import annotations

from argparse import Namespace

from api.provisioning import maintenance
from api.settings import Settings

from .results import Result, table
from .verbs import Verbs, query

_MORE = """\
A worker does all of it at the right times; this does it once and now, such as before a backup or without a worker. It
may run twice at once and be stopped anywhere. It exits with 1 when it failed for an organization, which the log names;
the others are done all the same."""


def add(commands: Verbs) -> None:
    """The command."""
    query(
        commands,
        "maintain",
        maintain,
        does="Do what has become due: expired overrides, erasures, deleted directories, old requests",
        more=_MORE,
        example="python -m api maintain --json",
        in_organization=False,
    )


async def maintain(_: Namespace, __: Settings) -> Result:
    """What each task did."""
    done = await maintenance.run()
    rows = [[each.task, each.count, each.organizations, len(each.failed), each.does] for each in done]
    text = table(rows, head=("TASK", "COUNT", "ORGANIZATIONS", "FAILED", "COUNTED ARE"), otherwise="")
    return Result(done, text, exit_code=int(any(each.failed for each in done)))
