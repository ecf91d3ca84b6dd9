"""The command line as a whole: serving, the demo, and how commands fail."""

from __future__ import annotations

import json
import re
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.processes import ROOT, Home, new_home, wait_for


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A home with the demo in it; not running, and shared by tests that leave it so."""
    with new_home() as home:
        assert home.run("demo", "--no-serve").returncode == 0
        yield home
        assert home.is_quiet


@pytest.fixture(scope="module")
def key(home: Home) -> str:
    """The key of the demo's directory."""
    return home.data.with_name("postgres.demo-key").read_text().strip()


@pytest.mark.parametrize(
    ("argv", "environment", "told"),
    [
        (("organizations", "show", "00000000-0000-0000-0000-000000000000"), {}, "no organization"),
        (("migrate",), {"DATABASE_URL": "postgresql://127.0.0.1:1/none"}, "does not answer"),
        (("serve", "--no-migrate"), {"DATABASE_URL": "postgresql://127.0.0.1:1/none"}, "does not answer"),
        (("serve", "--workers", "0"), {}, "ROLLCALL_WORKERS='0'"),
        (("serve",), {"ROLLCALL_PLANS": "nowhere.json"}, "ROLLCALL_PLANS='nowhere.json' cannot be read"),
        (("serve", "--host", "nowhere.invalid"), {}, "Cannot listen on nowhere.invalid"),
    ],
)
def test_expected_trouble_is_told_in_one_line(
    home: Home, argv: tuple[str, ...], environment: dict[str, str], told: str
) -> None:
    done = home.run(*argv, **environment)
    [line] = done.stderr.splitlines()
    assert line.startswith("rollcall: ")
    assert told in line
    assert (done.returncode, done.stdout) == (1, "")


def test_json_is_all_that_a_program_gets(home: Home) -> None:
    done = home.run("organizations", "list", "--json")
    assert [one["name"] for one in json.loads(done.stdout)] == ["Acme", "Brightwater Clinics", "Larkspur Studio"]
    assert done.stderr == ""


def test_commands_know_the_plans_that_are_offered(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "plans.json"
    file.write_text('{"default": "GOLD", "plans": {"GOLD": {"name": "Gold", "scim": "included"}}}')
    done = home.run("plans", "list", "--json", ROLLCALL_PLANS=str(file))
    offered = [(each["key"], each["name"], each["organizations"]) for each in json.loads(done.stdout)]
    assert offered == [("GOLD", "Gold", 0), ("UNLIMITED", None, 3)]


def test_a_database_that_was_never_migrated_is_not_used() -> None:
    with new_home() as home:
        done = home.run("organizations", "list")
        assert "python -m api migrate" in done.stderr
        assert len(json.loads(home.run("migrate", "--json").stdout)["migrations"]) > 0
        assert home.run("organizations", "list").stdout == "There is no organization yet.\n"
        assert home.is_quiet


def test_the_demo_comes_with_the_same_people_and_key_every_time(home: Home, key: str) -> None:
    again = home.run("demo", "--no-serve").stdout
    assert key in again
    assert "Filling" not in again
    assert stat.S_IMODE(home.data.with_name("postgres.demo-key").stat().st_mode) == 0o600
    organizations = json.loads(home.run("organizations", "list", "--json").stdout)
    assert [(one["directories"], one["members"]) for one in organizations] == [(3, 64), (1, 5), (0, 0)]
    listed = home.run("members", "list", "--json", "--organization", organizations[0]["id"]).stdout
    roles = {member["email"].split(".")[0]: member["role"] for member in json.loads(listed)}
    who = ("imani", "tomas", "yuki", "noah", "diego")
    assert [roles[each] for each in who] == ["admin", "account-manager", "editor", "viewer", "knowledge-base-viewer"]


def test_serving_and_stopping_leave_nothing_behind(home: Home, key: str) -> None:
    with home.started("serve", "--workers", "2") as server:
        assert home.status("/scim/v2/Users?count=2", key=key) == 200
        # Other commands share its database while it runs, and leave it running.
        assert home.run("organizations", "list").returncode == 0
        assert home.status("/readyz") == 200
        server.send_signal(signal.SIGTERM)
        assert wait_for(server) == 0
    assert home.is_quiet


def test_the_demo_can_be_tried_as_it_says(home: Home, key: str) -> None:
    with home.started("demo") as server:
        assert home.status("/scim/v2/Users?count=2", key=key) == 200
        server.send_signal(signal.SIGINT)
        assert wait_for(server) == 0
        said, _ = server.communicate()
    assert f"curl -H 'Authorization: Bearer {key}' '{home.url}/scim/v2/Users?count=2'" in said
    assert home.is_quiet


def test_what_the_demo_prints_can_be_pasted(home: Home) -> None:
    with home.started("demo") as server:
        told = home.run("demo", "--no-serve").stdout
        commands = re.findall(r"^  ((?:curl|\S+ -m api) (?:.*\\\n)?.*)$", told, re.MULTILINE)
        answers = [
            subprocess.run(
                ["bash", "-c", each], cwd=ROOT, env=home.environment, capture_output=True, text=True, check=False
            )
            for each in commands
        ]
        server.send_signal(signal.SIGINT)
        assert wait_for(server) == 0
    assert [each.args[-1] for each in answers if each.returncode] == []
    users, people, why, removals, requests = (each.stdout for each in answers)
    assert json.loads(users)["totalResults"] == 47
    assert json.loads(people)["data"]["organization"]["members"]["nodes"][0]["effectiveRole"] == {"name": "Admin"}
    assert "whose proof has lapsed" in why
    assert removals.count("Okta") == 6
    assert "lars.holm@freelance.example.org" in requests
    assert home.is_quiet


def test_a_server_that_is_killed_takes_its_processes_and_its_database_along(home: Home) -> None:
    with home.started("serve", "--workers", "2") as server:
        server.kill()
    assert home.is_quiet


def test_two_servers_do_not_share_a_port(home: Home) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", home.port))
        other.listen()
        done = home.run("serve")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"port {home.port}" in done.stderr


def test_a_reader_that_has_enough_is_no_error(home: Home) -> None:
    with home.begin("organizations", "list") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert wait_for(process) == 0
        assert process.stderr.read() == ""
