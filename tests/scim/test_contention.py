"""Many who want the same at the same time, of the server as it ships, with two processes: counts stay exact."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from api.provisioning import clock, removals, seat_pools
from api.provisioning.errors import NotFound
from api.provisioning.ladder import SetDefault
from db import sql
from db.enums import BillingInterval, SeatType
from tests.commands.processes import Home, new_home
from tests.conftest import NewDirectory

from .conftest import second_directory
from .conversation import Json, Scim, document
from .governing import active, adding, choose, govern, governor, map_group, new_address, person, team
from .invariants import sound
from .racing import Requests, mixed, statuses, together
from .test_breaker import waiting
from .test_seats import asks_for, limit, seated

CONNECTIONS = 48
TAKERS = 400


@pytest.fixture(scope="module")
def home(database_url: str) -> Iterator[Home]:
    """A server of two processes on the database of the tests."""
    with (
        new_home() as home,
        home.started(
            "serve", "--no-migrate", "--workers", "2", DATABASE_URL=database_url, ROLLCALL_LOG_LEVEL="warning"
        ),
    ):
        yield home


@pytest.fixture
async def here(home: Home, new_directory: NewDirectory) -> AsyncIterator[Scim]:
    """A directory that is reached over many connections."""
    limits = httpx.Limits(max_connections=CONNECTIONS)
    async with httpx.AsyncClient(base_url=home.url, limits=limits, timeout=60) as http:
        yield Scim(http, await new_directory())


@pytest.fixture
async def there(here: Scim) -> Scim:
    """Another directory of the same organization."""
    return await second_directory(here)


async def _people(scim: Scim, count: int, **attributes: object) -> list[Json]:
    answers = await together(*(scim.post("/Users", person(f"p{n:03}", **attributes)) for n in range(count)))
    assert statuses(answers) == {201: count}
    return [document(answer) for answer in answers]


async def _standings(scim: Scim) -> dict[str, int]:
    """How many members have each status, after a look whether everything is as it has to be."""
    found = await sound(scim.access.organization_id)
    counted: dict[str, int] = {}
    for member in found.members:
        counted[member["status"]] = counted.get(member["status"], 0) + 1
    return counted


async def _used(scim: Scim, seat_type: str = "full") -> int:
    return (await sound(scim.access.organization_id)).seats[seat_type][1]


async def test_of_four_hundred_who_want_a_hundred_seats_a_hundred_get_one(here: Scim) -> None:
    """R139."""
    await limit(here, full=100)
    answers = await together(*(here.post("/Users", person(f"p{number}")) for number in range(TAKERS)))
    assert statuses(answers) == {201: 100, 403: TAKERS - 100}
    assert await _standings(here) == {"ACTIVE": 100}


async def test_of_four_hundred_who_may_wait_three_hundred_do(here: Scim) -> None:
    """R134, R139: HOLD."""
    await limit(here, full=100)
    await choose(here, seat_limit="HOLD")
    answers = await together(*(here.post("/Users", person(f"p{number}")) for number in range(TAKERS)))
    assert statuses(answers) == {201: TAKERS}
    assert await _standings(here) == {"ACTIVE": 100, "WAITING_FOR_SEAT": TAKERS - 100}


async def test_no_more_is_bought_at_once_than_somebody_accepted(here: Scim) -> None:
    """R130, R139, C12: a hundred seats, and money for fifty more."""
    await limit(here, full=100)
    await seat_pools.set_price(governor(here), SeatType.FULL, 3000)
    today, month = clock.now().date(), BillingInterval.MONTH
    await seat_pools.set_terms(
        governor(here), currency="EUR", interval=month, anchor=today, is_enrolled=True, pack_size=1
    )
    await seat_pools.accept_cap(governor(here), 50 * 3000, by="dana@acme.example.com")
    await choose(here, seat_limit="AUTO_PURCHASE")
    answers = await together(*(here.post("/Users", person(f"p{number}")) for number in range(TAKERS)))
    assert statuses(answers) == {201: 150, 403: TAKERS - 150}
    assert await _standings(here) == {"ACTIVE": 150}
    assert await sql.value("SELECT sum(quantity) FROM seat_purchase") == 50


async def test_who_waits_misses_no_seat_that_becomes_free_just_then(here: Scim) -> None:
    """Whoever gives the last seat back and whoever begins to wait for it see each other."""
    await limit(here, full=1)
    await choose(here, seat_limit="HOLD", breaker_response="OFF")
    holder = document(await here.post("/Users", person()))
    for round in range(40):
        leaving = here.patch(f"/Users/{holder['id']}", active(False))
        _, arrived = await together(leaving, here.post("/Users", person(f"p{round}")))
        assert await _standings(here) == {"DEACTIVATED": round + 1, "ACTIVE": 1}
        holder = document(arrived)


async def test_seats_of_two_types_change_hands_at_once(here: Scim) -> None:
    """R138: everybody wants the other type, and there is one seat too few of each."""
    await limit(here, full=20, lite=20)
    people = [document(await here.post("/Users", seated(f"p{n:02}", ("full", "lite")[n % 2]))) for n in range(38)]
    for policy in ("BLOCK", "HOLD"):
        await choose(here, seat_limit=policy)
        for first, second in (("lite", "full"), ("full", "lite")):
            wanted = [first, second] * 19
            await together(
                *(here.patch(f"/Users/{each['id']}", asks_for(seat)) for each, seat in zip(people, wanted, strict=True))
            )
            assert await _standings(here) == {"ACTIVE": 38}


async def test_two_directories_that_change_one_member_at_once(here: Scim, there: Scim) -> None:
    """The member is what the two directories said last, whichever of them was later."""
    body = person()
    users = [(scim, document(await scim.post("/Users", body))["id"]) for scim in (here, there)]
    for round in range(4):
        changes: Requests = [
            scim.patch(f"/Users/{id}", change)
            for place, (scim, id) in enumerate(users)
            for change in (
                *(active(value) for value in (False, True, round % 2 == place)),
                *(asks_for(seat) for seat in ("lite", "free", "full")),
                *(new_address(f"ann{number}.{place}@example.com") for number in range(3)),
            )
        ]
        assert statuses(await together(*mixed(changes, []))) == {200: len(changes)}
        member = (await sound(here.access.organization_id)).members[0]
        said = [await scim.read(f"/Users/{id}") for scim, id in users]
        assert (member["status"] == "ACTIVE") == any(each["active"] for each in said)
        assert member["email"] in [each["emails"][0]["value"] for each in said]


async def test_a_mapping_that_changes_while_a_directory_fills_the_group(here: Scim) -> None:
    """R111: whoever joins meanwhile has the role that the mapping gives at the end."""
    made = await team(here, "viewer")

    async def arrive(number: int) -> list[httpx.Response]:
        arrived = await here.post("/Users", person(f"p{number:03}"))
        return [arrived, await here.patch(f"/Groups/{made['id']}", adding(document(arrived)["id"]))]

    async def remap() -> None:
        for role in (None, "account-manager", "knowledge-base-viewer", None, "viewer", "account-manager"):
            await asyncio.sleep(0.2)
            await map_group(here, made, role)

    arrivals, _ = await asyncio.gather(asyncio.gather(*(arrive(number) for number in range(200))), remap())
    assert {answer.status_code for answers in arrivals for answer in answers} == {200, 201}
    assert await _standings(here) == {"ACTIVE": 200}
    roles = await sql.rows("SELECT r.key, count(*) FROM member m JOIN role r ON r.id = m.role_id GROUP BY 1")
    assert [tuple(row) for row in roles] == [("account-manager", 200)]


async def test_rules_that_change_for_everybody_while_people_come_and_go(here: Scim) -> None:
    """Whoever changes a rule and whoever changes a member lock both in the same order."""
    people = await _people(here, 60)
    await choose(here, breaker_response="OFF")

    async def toggle(id: str) -> list[httpx.Response]:
        return [await here.patch(f"/Users/{id}", active(value)) for value in (False, True, False, True)]

    async def change() -> None:
        for role, policy in (("account-manager", "NO_ROLE"), ("viewer", "SUSPEND"), ("viewer", "DEFAULT_ROLE")):
            await govern(here, SetDefault(role), is_sure=True)
            await choose(here, on_no_mapped_group=policy)

    toggled, _ = await asyncio.gather(asyncio.gather(*(toggle(each["id"]) for each in people)), change())
    assert {answer.status_code for answers in toggled for answer in answers} == {200}
    assert await _standings(here) == {"ACTIVE": 60}


async def test_two_directories_remove_many_while_an_admin_decides(here: Scim, there: Scim) -> None:
    """D8: what is held is decided once, and everybody stands as it was decided."""
    people = [await _people(here, 60), []]
    second = await together(*(there.post("/Users", person(f"q{n:03}")) for n in range(60)))
    people[1] = [document(answer) for answer in second]
    is_over = False

    async def decide() -> None:
        keeps = False
        while not is_over:
            with contextlib.suppress(NotFound):
                act = removals.keep if keeps else removals.approve
                await act(governor(here), (await waiting(here))[:7], by="dana")
            keeps = not keeps
            await asyncio.sleep(0.02)

    admin = asyncio.create_task(decide())
    going: Requests = [
        scim.delete(f"/Users/{each['id']}") if n % 3 else scim.patch(f"/Users/{each['id']}", active(False))
        for scim, some in zip((here, there), people, strict=True)
        for n, each in enumerate(some)
    ]
    answers = await together(*mixed(going, []))
    is_over = True
    await admin
    assert set(statuses(answers)) == {200, 204}
    standings = await _standings(here)
    assert sum(standings.values()) == 120
    assert len(await waiting(here)) == standings.get("HELD", 0)


async def test_no_more_are_removed_at_once_than_the_breaker_lets_through(here: Scim) -> None:
    """D8: far from the limit removals pass side by side, near it one by one, and none once it is reached."""
    people = iter(await _people(here, 560))
    limit, held = 440, 0
    for going in (450, *[10] * 11):
        limit, held = limit + 5, held + 5
        await choose(here, breaker_people=str(limit), breaker_percent="1")
        some = [here.patch(f"/Users/{each['id']}", active(False)) for each in itertools.islice(people, going)]
        assert statuses(await together(*some)) == {200: going}
        found = await _standings(here)
        assert (found["DEACTIVATED"], found["HELD"]) == (limit, held)
