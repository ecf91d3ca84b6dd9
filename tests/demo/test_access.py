"""Coming into the demo again: the same key and token, and what was begun and not finished is gone."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from api import settings
from api.auth.keys import KeyProblem, authenticate
from api.demo import access, acme, filling, keeping, people
from api.demo.access import Access
from api.demo.acme import Acme
from api.demo.days import Days
from api.demo.problems import DemoProblem
from api.provisioning import clock, keys, platform, request_log
from api.provisioning.actor import operator
from api.provisioning.caller import NOWHERE, the_operator
from api.settings import Settings
from db import sql
from db.tables import TABLES


@pytest.fixture
def chosen(tmp_path: Path, database: None) -> Settings:
    """Settings for a demo that keeps its key where no other test looks."""
    return replace(settings.read({}), data=str(tmp_path / "deep" / "postgres"))


async def prepare(chosen: Settings) -> tuple[Access, str]:
    """The demo, in which nothing happens once it is founded."""

    async def fill() -> Access:
        async with httpx.AsyncClient() as nobody:
            organization = await acme.found(people.ORGANIZATION)
            keeping.note_begun(chosen, organization)
            made = await Acme.founded(Days(clock.now()), nobody, chosen, organization)
        keeping.keep(keeping.key_file(chosen), made.key)
        return Access(made.organization, made.directory, made.key)

    return await access.prepare(chosen, fill)


async def fill_nothing() -> Access:
    """Stands in for a fill that is interrupted at once."""
    raise DemoProblem("Somebody pulled the plug again.")


async def names() -> list[object]:
    """The organizations that there are."""
    return [each["name"] for each in await platform.all_of_them(the_operator())]


async def test_the_key_and_the_token_are_the_same_every_time_and_kept_from_others(chosen: Settings) -> None:
    first = await prepare(chosen)
    assert await prepare(chosen) == first
    for file in (keeping.key_file(chosen), keeping.token_file(chosen)):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert await names() == ["Acme"]
    assert not keeping.begun_file(chosen).exists()


async def test_a_token_that_has_ended_is_made_anew(chosen: Settings) -> None:
    _, first = await prepare(chosen)
    await sql.rows("UPDATE api_token SET revoked_at = now()")
    assert (await prepare(chosen))[1] != first


async def test_a_lost_key_is_replaced_without_locking_anybody_out(chosen: Settings) -> None:
    first, _ = await prepare(chosen)
    keeping.key_file(chosen).unlink()
    second, _ = await prepare(chosen)
    assert (second.directory, second.organization) == (first.directory, first.organization)
    assert second.note is not None
    assert [(await authenticate(f"Bearer {each.key}"))[1] for each in (first, second)] == [None, None]


async def test_a_revoked_key_is_replaced(chosen: Settings) -> None:
    first, _ = await prepare(chosen)
    await keys.rotate(operator(first.organization), first.directory, overlap=timedelta(0))
    second, _ = await prepare(chosen)
    assert (await authenticate(f"Bearer {first.key}"))[1] is KeyProblem.REVOKED
    assert (await authenticate(f"Bearer {second.key}"))[1] is None


async def test_a_key_of_another_database_is_replaced_by_one_of_this(chosen: Settings) -> None:
    file = keeping.key_file(chosen)
    file.parent.mkdir(parents=True)
    file.write_text("rc_scim_somethingelse\n")
    file.chmod(0o644)
    made, _ = await prepare(chosen)
    assert file.read_text() == f"{made.key}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_an_organization_of_somebodys_own_is_not_taken_for_the_demo(chosen: Settings) -> None:
    own = await platform.create(the_operator(), people.ORGANIZATION)
    made, _ = await prepare(chosen)
    assert made.organization != own
    assert await names() == ["Acme", "Acme"]


async def test_what_an_interrupted_fill_has_left_is_deleted_and_nothing_else(
    application: Litestar, chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: object) -> None:
        raise DemoProblem("Somebody pulled the plug.")

    own = await platform.create(the_operator(), "Somebody's own", domains=["own.example.com"])
    monkeypatch.setattr(Days, "_sleep", fail)
    with pytest.raises(DemoProblem):
        await filling.fill(application, chosen)
    assert await names() == ["Acme", "Somebody's own"]
    await request_log.flush()  # as a process does at its end
    with pytest.raises(DemoProblem):
        await access.prepare(chosen, fill_nothing)
    assert await names() == ["Somebody's own"]
    for table in TABLES:
        if "organization_id" in {column._meta.name for column in table._meta.columns}:
            name = table._meta.tablename
            left = await sql.rows(f'SELECT DISTINCT organization_id FROM "{name}" WHERE organization_id IS NOT NULL')
            assert [row[0] for row in left if row[0] not in (own, NOWHERE)] == [], name


def test_those_who_are_printed_are_in_the_story() -> None:
    everybody = {each.email for each in people.WORKFORCE}
    assert {people.ADMIN, people.MANAGER, people.VIEWER} <= everybody
    assert people.STRANGER.email not in everybody
