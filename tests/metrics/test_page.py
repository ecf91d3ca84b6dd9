"""`/metrics`: who may read it, what is counted with each request, and how the database stands."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from api.metrics import counting, standing
from api.outbox import tasks
from db import queue, sql
from db.engine import DB
from db.queries import metrics as rows
from tests.conftest import METRICS_TOKEN, DirectoryAccess, NewDirectory
from tests.factories import (
    ChangeFactory,
    DirectoryFactory,
    DirectoryKeyFactory,
    OauthClientFactory,
    OrganizationFactory,
    OutboxFactory,
    RemovalFactory,
    SeatCountFactory,
    SeatPoolFactory,
    WebhookEndpointFactory,
)

from .reading import labels, numbers, of


async def _ask(client: httpx.AsyncClient, access: DirectoryAccess | None, *, method: str = "GET") -> int:
    headers = {"Authorization": f"Bearer {access.key}"} if access else {}
    return (await client.request(method, "/scim/v2/Users", headers=headers)).status_code


@pytest.mark.parametrize(
    "sent",
    [None, METRICS_TOKEN, "Bearer", "Bearer ", f"Bearer {METRICS_TOKEN}x", f"Bearer {METRICS_TOKEN[:-1]}", "Bearer é"],
)
async def test_nobody_reads_it_without_the_token(client: httpx.AsyncClient, sent: str | None) -> None:
    headers = [] if sent is None else [(b"Authorization", sent.encode("latin-1"))]
    answer = await client.get("/metrics", headers=headers)
    assert (answer.status_code, "rollcall_" in answer.text) == (401, False)


async def test_without_a_token_there_is_nothing(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    state = _state(client)
    monkeypatch.setitem(state, "settings", replace(state["settings"], metrics_token=None))
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
        assert (await client.get("/metrics", headers=headers)).status_code == 404


async def test_the_token_is_not_shown(client: httpx.AsyncClient) -> None:
    assert METRICS_TOKEN not in repr(_state(client)["settings"])


def _state(client: httpx.AsyncClient) -> dict[str, Any]:
    """What the application that a client talks to keeps."""
    application: Any = client._transport.app  # type: ignore[attr-defined]  # it is an ASGITransport
    found: dict[str, Any] = application.state._state
    return found


async def test_requests_are_counted_by_directory_and_status(
    client: httpx.AsyncClient, new_directory: NewDirectory
) -> None:
    acme, other = await new_directory(), await new_directory()
    for access, method, count in ((acme, "GET", 3), (acme, "BREW", 1), (other, "GET", 1)):
        for _ in range(count):
            await _ask(client, access, method=method)
    found = of(await numbers(client), "rollcall_scim_requests_total")
    place = {"organization": acme.organization_id, "directory": acme.directory_id}
    assert found[labels(**place, status=200)] == 3
    assert sum(value for where, value in found.items() if ("directory", str(acme.directory_id)) in where) == 4
    assert found[labels(organization=other.organization_id, directory=other.directory_id, status=200)] == 1


async def test_who_has_no_key_is_counted_as_nobody(client: httpx.AsyncClient) -> None:
    nobody = labels(organization="none", directory="none", status=401)
    before = of(await numbers(client), "rollcall_scim_requests_total").get(nobody, 0)
    assert await _ask(client, None) == 401
    assert of(await numbers(client), "rollcall_scim_requests_total")[nobody] == before + 1


async def test_directories_beyond_the_limit_are_counted_together(
    client: httpx.AsyncClient, new_directory: NewDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "DIRECTORIES", 1)
    first, second = await new_directory(), await new_directory()
    for access in (first, second, second):
        await _ask(client, access)
    found = of(await numbers(client), "rollcall_scim_requests_total")
    assert found[labels(organization=first.organization_id, directory=first.directory_id, status=200)] == 1
    assert found[labels(organization="other", directory="other", status=200)] == 2
    assert not any(("directory", str(second.directory_id)) in where for where in found)


async def test_how_long_requests_took_is_kept_by_methods_that_there_are(
    client: httpx.AsyncClient, new_directory: NewDirectory
) -> None:
    access = await new_directory()

    async def counts() -> dict[str, float]:
        found = of(await numbers(client), "rollcall_scim_request_seconds_count")
        return {dict(where)["method"]: value for where, value in found.items()}

    before = await counts()
    for method in ("GET", "BREW", "FETCH"):
        await _ask(client, access, method=method)
    after = await counts()
    assert after["GET"] == before.get("GET", 0) + 1
    assert after["other"] == before.get("other", 0) + 2
    assert set(after) <= {"GET", "POST", "PUT", "PATCH", "DELETE", "other"}


async def test_graphql_is_counted(client: httpx.AsyncClient) -> None:
    before = of(await numbers(client), "rollcall_graphql_requests_total").get(labels(status=401), 0)
    await client.post("/graphql", json={"query": "{ viewer { name } }"})
    found = await numbers(client)
    assert of(found, "rollcall_graphql_requests_total")[labels(status=401)] == before + 1
    assert of(found, "rollcall_graphql_request_seconds_count")[labels()] >= 1


async def test_connections_of_this_process(client: httpx.AsyncClient) -> None:
    assert DB.pool is not None
    async with DB.pool.acquire():
        counting.note_connections()
    found = of(await numbers(client), "rollcall_database_connections")
    assert found[labels(state="busy")] >= 1
    assert found[labels(state="most")] == 10


async def test_removals_that_wait(client: httpx.AsyncClient) -> None:
    directory = await DirectoryFactory.make()
    for hours in (1, 3):
        await RemovalFactory.make(directory=directory, removed_at=datetime.now(UTC) - timedelta(hours=hours))
    await RemovalFactory.make(state="APPROVED")
    found = await numbers(client)
    where = labels(organization=directory.organization_id)
    assert of(found, "rollcall_removals_held") == {where: 2}
    assert of(found, "rollcall_removals_held_seconds")[where] == pytest.approx(3 * 3600, abs=600)


async def test_seats_that_have_a_limit(client: httpx.AsyncClient) -> None:
    acme = await OrganizationFactory.make()
    await SeatPoolFactory.make(organization=acme, seat_limit=10)
    await SeatPoolFactory.make(organization=acme, seat_type="LITE", seat_limit=None)
    for slot, used in enumerate((4, 5)):
        await SeatCountFactory.make(organization=acme, slot=slot, used=used)
    empty = await SeatPoolFactory.make(seat_limit=0)
    found = await numbers(client)
    where = labels(organization=acme.id, seat_type="full")
    nothing = labels(organization=empty.organization_id, seat_type="full")
    assert of(found, "rollcall_seats_used") == {where: 9, nothing: 0}
    assert of(found, "rollcall_seats_limit") == {where: 10, nothing: 0}


async def test_tasks_that_wait_and_those_that_failed(client: httpx.AsyncClient) -> None:
    for minutes in (-5, -2, 60):
        await tasks.put("letters.send", {}, at=datetime.now(UTC) + timedelta(minutes=minutes))
    await tasks.put("parcels.send", {}, at=datetime.now(UTC) + timedelta(hours=1))
    await tasks.put("letters.burn", {})
    await sql.rows(f"UPDATE {queue.TASK} SET status = 'failed' WHERE entrypoint = 'letters.burn'")
    found = await numbers(client)
    assert of(found, "rollcall_tasks") == {
        labels(entrypoint="letters.send", state="queued"): 3,
        labels(entrypoint="parcels.send", state="queued"): 1,
        labels(entrypoint="letters.burn", state="failed"): 1,
    }
    late = of(found, "rollcall_tasks_late_seconds")
    assert late[labels(entrypoint="letters.send")] == pytest.approx(300, abs=60)
    assert late[labels(entrypoint="parcels.send")] == 0


async def test_schedules_that_nobody_keeps(client: httpx.AsyncClient) -> None:
    assert of(await numbers(client), "rollcall_schedules_idle_seconds") == {}
    for name, minutes in (("a", 10), ("b", 90)):
        await sql.rows(
            f"""INSERT INTO {queue.SCHEDULE} (entrypoint, expression, status, last_run, next_run)
                VALUES ($1, '* * * * *', 'queued', now() - make_interval(mins => $2), now())""",
            name,
            minutes,
        )
    idle = of(await numbers(client), "rollcall_schedules_idle_seconds")
    assert idle[labels()] == pytest.approx(600, abs=60)


async def test_directories_that_are_silent(client: httpx.AsyncClient) -> None:
    directory = await DirectoryFactory.make(provider="OKTA")
    for hours in (2, 5):
        used = datetime.now(UTC) - timedelta(hours=hours)
        await DirectoryKeyFactory.make(directory=directory, last_used_at=used)
    by_token = await DirectoryFactory.make(provider="ENTRA")
    await OauthClientFactory.make(directory=by_token, last_used_at=datetime.now(UTC) - timedelta(hours=3))
    await DirectoryFactory.make(deleted_at=datetime.now(UTC))
    await DirectoryFactory.make()
    found = await numbers(client)
    where = labels(organization=directory.organization_id, directory=directory.id, provider="OKTA")
    there = labels(organization=by_token.organization_id, directory=by_token.id, provider="ENTRA")
    assert of(found, "rollcall_directory_silent_seconds") == {
        where: pytest.approx(2 * 3600, abs=600),
        there: pytest.approx(3 * 3600, abs=600),
    }
    assert of(found, "rollcall_directories")[labels()] == 3


async def test_webhooks(client: httpx.AsyncClient) -> None:
    acme = await OrganizationFactory.make()
    change = await ChangeFactory.make(organization=acme, changed_at=datetime.now(UTC) - timedelta(hours=1))
    await OutboxFactory.make(organization=acme, change_id=change.id)
    for values in ({}, {}, {"failing_since": datetime.now(UTC)}, {"is_enabled": False}):
        await WebhookEndpointFactory.make(**values)
    found = await numbers(client)
    assert of(found, "rollcall_outbox")[labels()] == 1
    assert of(found, "rollcall_outbox_late_seconds")[labels()] == pytest.approx(3600, abs=60)
    assert of(found, "rollcall_webhook_endpoints") == {
        labels(state="healthy"): 2,
        labels(state="failing"): 1,
        labels(state="disabled"): 1,
    }


async def test_lists_end_with_the_fullest_first_and_say_so(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "MOST", 2)
    made: list[uuid.UUID] = []
    for used in (1, 9, 5):
        pool = await SeatPoolFactory.make(seat_limit=10)
        await SeatCountFactory.make(organization=pool.organization_id, used=used)
        made.append(pool.organization_id)
    found = await numbers(client)
    shown = {dict(where)["organization"] for where in of(found, "rollcall_seats_used")}
    assert shown == {str(made[1]), str(made[2])}
    assert of(found, "rollcall_metrics_left_out")[labels(why="many")] == 2  # of used and of limit


async def test_what_takes_too_long_is_left_out(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "SECONDS", 0.0)
    found = await numbers(client)
    assert of(found, "rollcall_metrics_left_out")[labels(why="slow")] == len(standing.PARTS)
    assert of(found, "rollcall_database_up")[labels()] == 1
    assert of(found, "rollcall_scim_request_seconds_count")


async def test_what_was_counted_is_told_without_a_database(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(DB, "pool", None)
        away.setattr(DB, "config", {"dsn": "postgresql://127.0.0.1:1/none"})
        found = await numbers(client)
    assert of(found, "rollcall_database_up") == {labels(): 0}
    assert of(found, "rollcall_tasks") == {}
    assert of(found, "rollcall_graphql_request_seconds_count")


async def test_the_database_is_asked_once_for_many_who_want_to_know(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "_KEPT_SECONDS", 60.0)
    assert of(await numbers(client), "rollcall_organizations")[labels()] == 0
    await OrganizationFactory.make()
    assert of(await numbers(client), "rollcall_organizations")[labels()] == 0
