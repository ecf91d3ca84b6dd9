"""The walls of the house. `lint-imports` holds those between modules; here are the ones that it cannot see."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("api", "dashboard", "db")
LONGEST_FILE = 300
LONG_FOR_A_REASON = {
    "api/settings.py",  # one table of all variables, with how each is read
    "api/provisioning/notice_facts.py",  # one list of what every kind of mail tells
    "db/queries/platform.py",  # everything that is asked of all organizations at once stands in one place
    "tests/identity/saml/test_flow.py",  # one sign-in, and everything that can be wrong on its way
    "tests/requirements.py",  # one table, a row for each requirement
    "tests/scim/test_hostile.py",  # one list of everything that a client can get wrong
    "tests/scim/test_records.py",  # one list of everything that is kept, and of what must not be
}

# What a query may begin with, and why not with an organization: accounts belong to none, because one person has one
# login in all of them, with its sessions, codes and tries; rows of the record carry their organization in themselves;
# the operator's tokens and mails, and the tasks, have none; secrets are sealed anew for everybody; numbers for
# Prometheus are of everybody.
WITHOUT_ORGANIZATION = {
    "accounts.adopt": "account: uuid.UUID",
    "accounts.by_address": "email_key: str",
    "accounts.delete_empty": "accounts: Sequence[uuid.UUID]",
    "accounts.find": "account: uuid.UUID",
    "accounts.is_member_apart": "email_key: str",
    "accounts.keep_password": "account: uuid.UUID",
    "accounts.make": "account: uuid.UUID",
    "accounts.membership": "account: uuid.UUID",
    "accounts.memberships": "account: uuid.UUID",
    "accounts.operators": "",
    "accounts.set_operator": "account: uuid.UUID",
    "accounts.set_password": "account: uuid.UUID",
    "portal_links.forget": "before: datetime",
    "rates.forget": "before: datetime",
    "rates.spend": "key: str",
    "sessions.add": "row: SessionRow",
    "sso.of_domains": "names: Sequence[str]",
    "sso_attempts.forget": "before: datetime",
    "sso_tickets.forget": "before: datetime",
    "sessions.by_hash": "digest: bytes",
    "sessions.end": "account: uuid.UUID",
    "sessions.end_all": "account: uuid.UUID",
    "sessions.forget": "at: datetime",
    "sessions.of_account": "account: uuid.UUID",
    "sessions.seen": "session: uuid.UUID",
    "sessions.vouch": "session: uuid.UUID",
    "sign_in_codes.add": "id: uuid.UUID",
    "sign_in_codes.add_password_token": "digest: bytes",
    "sign_in_codes.count_try": "id: uuid.UUID",
    "sign_in_codes.forget": "before: datetime",
    "sign_in_codes.lock": "id: uuid.UUID",
    "sign_in_codes.make": "id: uuid.UUID",
    "sign_in_codes.password_token": "digest: bytes",
    "sign_in_codes.standing": "id: uuid.UUID",
    "sign_in_codes.use": "id: uuid.UUID",
    "sign_in_codes.use_password_token": "digest: bytes",
    "members.account_exists": "email_key: str",
    "members.account_parts": "account: uuid.UUID",
    "members.rename_account_part": "account: uuid.UUID",
    "log.add_alike": "row: ChangeRow",
    "log.add_change": "row: ChangeRow",
    "log.add_request": "row: RequestRow",
    "log.add_requests": "rows: Sequence[RequestRow]",
    "log.change_part": "row: ChangeRow",
    "log.change_parts": "rows: Sequence[ChangeRow]",
    "log.request_part": "row: RequestRow",
    "budgets.spend": "token: uuid.UUID",
    "budgets.spent": "token: uuid.UUID",
    "idempotency.claim": "token: uuid.UUID",
    "idempotency.conclude": "token: uuid.UUID",
    "idempotency.find": "token: uuid.UUID",
    "idempotency.free": "token: uuid.UUID",
    "idempotency.prune": "token: uuid.UUID",
    "calls.everywhere": "",
    "mails.claim": "mail: uuid.UUID",
    "mails.expire": "at: datetime",
    "mails.failed": "mail: uuid.UUID",
    "mails.find": "mail: uuid.UUID",
    "mails.forget": "wiped_before: datetime",
    "mails.lock": "mail: uuid.UUID",
    "mails.named_part": "organization: uuid.UUID | None",
    "mails.overdue": "before: datetime",
    "mails.page": "organization: uuid.UUID | None",
    "mails.postponed": "mail: uuid.UUID",
    "mails.requeue": "mail: uuid.UUID",
    "mails.sent": "mail: uuid.UUID",
    "mails.told": "kind: str",
    "tasks.for_each_part": "rows: str",
    "metrics.directory_uses": "most: int",
    "metrics.held_removals": "most: int",
    "metrics.outbox": "",
    "metrics.schedules_idle_seconds": "",
    "metrics.seat_uses": "most: int",
    "metrics.tasks": "",
    "metrics.totals": "",
    "metrics.webhook_endpoints": "",
    "sealed.keys": "column: Column",
    "sealed.lock": "column: Column",
    "sealed.others": "column: Column",
    "sealed.put": "column: Column",
    "tasks.give_back": "task: int",
    "tasks.discard": "task: int",
    "tasks.find": "task: int",
    "tasks.forget": "",
    "tasks.page": "status: str | None",
    "tasks.put": "tasks: Sequence[NewTask]",
    "tasks.put_part": "name: str",
    "tasks.release_key": "task: int",
    "tasks.replay": "task: int | None",
    "tasks.schedules": "",
    "tokens.add": "row: TokenRow",
    "tokens.all_of": "organization: uuid.UUID | None",
    "tokens.by_hash": "digest: bytes",
    "tokens.find": "id: uuid.UUID",
    "tokens.revoke": "id: uuid.UUID",
    "tokens.touch": "used: Sequence[tuple[uuid.UUID, datetime]]",
    "webhook_messages.oldest_untold": "aside: Sequence[int]",
    "webhook_messages.organizations": "",
}

# One forbidden import for each contract; `lint-imports` has to see them all.
VIOLATIONS = {
    "Rooms": ("db/ids.py", "import api.settings"),
    "Floors of the application": ("api/provisioning/clock.py", "import api.auth.keys"),
    "The SCIM language is pure": ("api/scim/language/errors.py", "import api.scim.render"),
    "Edges do not query": ("api/scim/users.py", "from db.queries import members"),
    "Rules and database know no web": ("api/provisioning/fields.py", "import litestar"),
    "Planning is pure": ("api/provisioning/decisions.py", "from db import sql"),
    "Commands ask no tables": ("api/commands/keys.py", "from db.queries import platform"),
}


def test_every_query_takes_its_organization_first() -> None:
    """As OrganizationId, or as the UUID out of a row where a write is only described; `platform` is the exception."""
    strangers = {name: first for name, first, _ in _queries() if not _begins_with_organization(first)}
    assert strangers == WITHOUT_ORGANIZATION


def test_every_query_uses_the_organization_that_it_takes() -> None:
    unused = [
        name
        for name, first, query in _queries()
        if _begins_with_organization(first) and not _uses(query, "organization")
    ]
    assert unused == []


def test_only_one_place_opens_transactions() -> None:
    assert _files_with(r"\bDB\.transaction\(|\batomic\(") == ["db/transaction.py"]


def test_only_the_database_room_knows_the_driver() -> None:
    """But for the command line, which tells a wrong password from a server that is away."""
    found = [file for file in _files_with(r"(?m)^\s*(import|from) asyncpg\b") if not file.startswith("db/")]
    assert found == ["api/commands/database.py"]


def test_files_are_short_enough_to_be_read() -> None:
    """Migrations are generated, and never edited after a release."""
    sources = [*ROOMS, "bench", "tests"]
    files = [file for room in sources for file in (ROOT / room).rglob("*.py") if "piccolo_migrations" not in file.parts]
    long = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in files}
    assert {file: lines for file, lines in long.items() if lines > LONGEST_FILE and file not in LONG_FOR_A_REASON} == {}


def test_no_module_is_named_for_everything_and_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}
    assert [file for room in ROOMS for file in (ROOT / room).rglob("*.py") if file.stem in vague] == []


@pytest.fixture(scope="module")
def report_on_violations(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What `lint-imports` says about a copy of the house with every violation in it."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    for file, line in VIOLATIONS.values():
        with (copy / file).open("a") as opened:
            opened.write(f"\n{line}\n")
    linter = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([linter, "--no-cache"], cwd=copy, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_planted_violation_is_found(report_on_violations: str, contract: str) -> None:
    assert re.search(rf"^{re.escape(contract)}.* BROKEN$", report_on_violations, re.MULTILINE), report_on_violations


def test_every_contract_has_a_planted_violation(report_on_violations: str) -> None:
    assert f"Contracts: 0 kept, {len(VIOLATIONS)} broken." in report_on_violations


def _queries() -> Iterator[tuple[str, str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Name, first parameter and syntax of every public query of one organization."""
    for file in sorted((ROOT / "db" / "queries").glob("*.py")):
        if file.stem == "platform":
            continue
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                first = ast.unparse(node.args.args[0]) if node.args.args else ""
                yield f"{file.stem}.{node.name}", first, node


def _begins_with_organization(first: str) -> bool:
    return first in ("organization: OrganizationId", "organization: uuid.UUID")


def _uses(query: ast.AST, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(query))


def _files_with(pattern: str) -> list[str]:
    files = [file for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    return sorted(str(file.relative_to(ROOT)) for file in files if re.search(pattern, file.read_text()))
