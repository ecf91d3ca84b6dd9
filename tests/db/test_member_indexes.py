"""Members are sorted and searched by name and address by index, and without the extension for searching as well."""

from __future__ import annotations

import importlib
import uuid
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from db import sql
from db.ids import OrganizationId
from db.member_rows import MemberFilter, MemberView
from db.pages import Page, Place, Span
from db.queries import member_views
from db.transaction import transaction
from tests.factories import MemberFactory, OrganizationFactory

MIGRATION = importlib.import_module("db.piccolo_migrations.rollcall_2026_11_26t06_00_00_000000")
ANY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"
INDEX = "SELECT count(*) FROM pg_indexes WHERE indexname = 'member_words'"


@pytest.fixture
async def organization(database: None) -> OrganizationId:
    """One with three hundred people, and another with somebody else."""
    await MemberFactory.make(display_name="Somebody Else")
    made = OrganizationId((await OrganizationFactory.make()).id)
    for number in range(300):
        await MemberFactory.make(organization=made, display_name=f"Person {number:03}")
    return made


async def _plan(monkeypatch: pytest.MonkeyPatch, ask: Callable[[], Awaitable[object]], *, of_all: bool = False) -> str:
    """How the one statement of a question is carried out where any index will do, or that of all organizations."""
    seen = list[tuple[str, tuple[object, ...]]]()
    rows = sql.rows

    async def noted(text: str, *args: object) -> list[asyncpg.Record]:
        seen.append((text, args))
        return await rows(text, *args)

    with monkeypatch.context() as patch:
        patch.setattr(sql, "rows", noted)
        await ask()
    [(text, args)] = seen
    if of_all:  # a handful of people are found by their organization just as fast
        text = text.replace("m.organization_id = $1", "$1::uuid IS NOT NULL")

    async def explain() -> str:
        await sql.script(ANY_INDEX)
        return "\n".join(row[0] for row in await sql.rows(f"EXPLAIN {text}", *args))

    return await transaction(explain)


@pytest.mark.parametrize(("order", "index"), [("NAME", "member_by_name"), ("EMAIL", "member_by_email")])
@pytest.mark.parametrize("place", [None, Place("person 100", uuid.UUID(int=0))])
async def test_names_and_addresses_are_sorted_by_index(
    organization: OrganizationId, monkeypatch: pytest.MonkeyPatch, order: str, index: str, place: Place | None
) -> None:
    def ask() -> Awaitable[object]:
        return member_views.page(organization, MemberFilter(), order, Span(5, place), is_descending=False)

    plan = await _plan(monkeypatch, ask)
    assert f"using {index}" in plan
    assert ("ROW(" in plan.split("Index Cond", 1)[-1]) is (place is not None)


@pytest.mark.parametrize(("text", "is_indexed"), [("Person 1", True), ("per", True), ("er", False), ("0 1", False)])
async def test_three_letters_in_a_row_are_searched_by_index(
    organization: OrganizationId, monkeypatch: pytest.MonkeyPatch, text: str, is_indexed: bool
) -> None:
    wanted = MemberFilter(text=text, text_key=text.lower())

    def ask() -> Awaitable[object]:
        return member_views.count(organization, wanted)

    plan = await _plan(monkeypatch, ask, of_all=True)
    assert ("member_words" in plan) is is_indexed


@pytest.mark.parametrize("order", member_views.ORDERS)
@pytest.mark.parametrize("is_descending", [False, True])
async def test_pages_both_ways_have_everybody_once(
    organization: OrganizationId, order: str, is_descending: bool
) -> None:
    async def pages(*, is_backwards: bool) -> list[uuid.UUID]:
        seen, place, more = list[uuid.UUID](), None, True
        while more:
            page: Page[MemberView] = await member_views.page(
                organization, MemberFilter(), order, Span(70, place, is_backwards), is_descending=is_descending
            )
            found = [row.id for row in page.rows]
            seen = found + seen if is_backwards else seen + found
            place, more = page.places[0 if is_backwards else -1], page.has_more
        return seen

    forwards = await pages(is_backwards=False)
    assert len(set(forwards)) == len(forwards) == 300
    assert await pages(is_backwards=True) == forwards


async def test_who_may_not_have_the_extension_searches_without(database_url: str, organization: OrganizationId) -> None:
    """An account that owns the tables and not the database may not create extensions."""
    connection = await asyncpg.connect(database_url)
    around = connection.transaction()
    await around.start()
    try:
        await connection.execute("DROP EXTENSION pg_trgm CASCADE")
        assert await connection.fetchval(INDEX) == 0
        await connection.execute(
            "CREATE ROLE rollcall_tenant; GRANT CREATE ON SCHEMA public TO rollcall_tenant;"
            "ALTER TABLE member OWNER TO rollcall_tenant; SET LOCAL ROLE rollcall_tenant"
        )
        await connection.execute(MIGRATION.SEARCHED)
        assert await connection.fetchval(INDEX) == 0
        wanted = MemberFilter(text="person 12", text_key="person 12")
        conditions, args = member_views._conditions(organization, wanted)
        text = f"SELECT count(*) FROM member m WHERE {' AND '.join(conditions)}"
        assert await connection.fetchval(text, *args) == 10
        await connection.execute("RESET ROLE")
        await connection.execute(MIGRATION.SEARCHED)
        assert await connection.fetchval(INDEX) == 1
    finally:
        await around.rollback()
        await connection.close()
