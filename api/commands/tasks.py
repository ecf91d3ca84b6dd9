"""`tasks list|show|replay|discard|schedules`."""

from __future__ import annotations

from argparse import Namespace

from api.provisioning import tasks
from api.provisioning.caller import the_operator
from api.provisioning.tasks import TaskState
from api.settings import Settings
from db.pages import Span
from db.task_rows import TaskRow

from .results import Result, listing, table
from .verbs import Verbs, noun, query, whole_number

_LONGEST_ERROR = 80
_NUMBER = whole_number(1, 10**18)


def add(nouns: Verbs) -> None:
    """The verbs of tasks."""
    verbs = noun(nouns, "tasks", about="See what is still to be done, and what failed")
    parser = query(
        verbs,
        "list",
        show_all,
        does="List tasks that are not done, newest first",
        example="python -m api tasks list --state FAILED",
        in_organization=False,
    )
    parser.add_argument("--state", choices=[each.value for each in TaskState], help="only those")
    parser.add_argument("--entrypoint", metavar="NAME", help="only those of one handler")
    parser.add_argument("--limit", type=whole_number(1, 1000), default=50, metavar="N", help="how many, 50 if left out")
    parser = query(
        verbs,
        "show",
        show,
        does="Show a task, and what was in the way",
        example="python -m api tasks show 1234",
        in_organization=False,
    )
    parser.add_argument("task", type=_NUMBER, metavar="NUMBER")
    parser = query(
        verbs,
        "replay",
        replay,
        does="Have failed tasks tried anew",
        example="python -m api tasks replay 1234",
        in_organization=False,
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("task", nargs="?", type=_NUMBER, metavar="NUMBER")
    which.add_argument("--all", action="store_true", help="all that failed")
    which.add_argument("--entrypoint", metavar="NAME", help="all of one handler that failed")
    parser = query(
        verbs,
        "discard",
        discard,
        does="Drop a failed task for good",
        example="python -m api tasks discard 1234",
        in_organization=False,
    )
    parser.add_argument("task", type=_NUMBER, metavar="NUMBER")
    query(
        verbs,
        "schedules",
        show_schedules,
        does="List what workers do again and again, and when",
        example="python -m api tasks schedules",
        in_organization=False,
    )


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """Tasks that are not done."""
    wanted = TaskState(arguments.state) if arguments.state else None
    found = await tasks.page(the_operator(), wanted, arguments.entrypoint, Span(arguments.limit))
    rows = [
        [each.id, each.entrypoint, tasks.state(each), each.tries, each.due_at, _short(each.last_error)]
        for each in found.rows
    ]
    head = ("NUMBER", "ENTRYPOINT", "STATE", "TRIES", "DUE", "LAST ERROR")
    return Result([_shown(each) for each in found.rows], table(rows, head=head, otherwise="There is no such task."))


async def show(arguments: Namespace, _: Settings) -> Result:
    """One task."""
    found = _shown(await tasks.find(the_operator(), arguments.task))
    details = found["details"] or "It never came to an error."
    return Result(found, f"{listing({name: found[name] for name in found if name != 'details'})}\n\n{details}")


async def replay(arguments: Namespace, _: Settings) -> Result:
    """One task or several, tried anew."""
    if arguments.task is not None:
        done = await tasks.replay(the_operator(), arguments.task)
        return Result(_shown(done), f"Task {done.id} of {done.entrypoint} is tried anew.")
    count = await tasks.replay_all(the_operator(), arguments.entrypoint)
    return Result({"replayed": count}, f"{count} failed tasks are tried anew.")


async def discard(arguments: Namespace, _: Settings) -> Result:
    """One task, dropped."""
    done = await tasks.discard(the_operator(), arguments.task)
    return Result(_shown(done), f"Task {done.id} of {done.entrypoint} is dropped: {done.payload}")


async def show_schedules(_: Namespace, __: Settings) -> Result:
    """What workers do again and again."""
    found = await tasks.schedules(the_operator())
    rows = [[each.name, each.cron, each.last_run, each.next_run, each.is_running] for each in found]
    otherwise = "No worker has run yet. `python -m api serve` runs one, and `python -m api worker`."
    return Result(found, table(rows, head=("NAME", "CRON", "LAST", "NEXT", "RUNNING"), otherwise=otherwise))


def _shown(task: TaskRow) -> dict[str, object]:
    return {
        "number": task.id,
        "entrypoint": task.entrypoint,
        "payload": task.payload,
        "state": tasks.state(task),
        "created_at": task.created_at,
        "due_at": task.due_at,
        "updated_at": task.updated_at,
        "tries": task.tries,
        "last_error": task.last_error,
        "details": task.details,
    }


def _short(error: str | None) -> str | None:
    return error if error is None or len(error) <= _LONGEST_ERROR else f"{error[: _LONGEST_ERROR - 1]}…"
