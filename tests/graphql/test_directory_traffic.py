"""What a directory sent within the last day, over GraphQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from api.provisioning import request_log, traffic
from api.provisioning.attribute_catalogue import CATALOGUE
from db.enums import Provider
from db.ids import new_id
from db.queries import traffic as rows
from db.traffic_rows import HourRow
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim

from .conftest import Api

TRAFFIC = """{ organization { directories {
  traffic { at written read refused isKnown }
  attributesReceived { users attributes { name consoleName okta jumpCloud entraId received } } } } }"""
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


async def test_the_requests_of_the_last_day_by_the_hour(scim: Scim, api: Api) -> None:
    await scim.make_user("ann@example.com")
    await scim.post("/Users", {"userName": "ann@example.com"})
    await scim.get("/Users")
    await request_log.flush()
    [found] = (await api.ask(TRAFFIC))["organization"]["directories"]
    hours = found["traffic"]
    assert len(hours) == 24
    assert all(each["isKnown"] for each in hours)
    assert [sum(each[kind] for each in hours) for kind in ("written", "read", "refused")] == [1, 1, 1]


async def test_which_attributes_came_with_the_users_that_were_sent(
    scim: Scim, api: Api, new_directory: NewDirectory
) -> None:
    await Scim(scim.http, await new_directory()).make_user("eve@example.com", title="Spy")
    for name, title in (("ann", "Boss"), ("bo", "Clerk"), ("cy", None)):
        emails = [{"type": "work", "value": f"{name}@example.com"}]
        await scim.make_user(f"{name}@example.com", emails=emails, **({"title": title} if title else {}))
    [found] = (await api.ask(TRAFFIC))["organization"]["directories"]
    received = found["attributesReceived"]
    assert received["users"] == 3
    came = {each["name"]: each["received"] for each in received["attributes"]}
    assert (came["userName"], came["title"], came['emails[type eq "work"].value'], came["name.givenName"]) == (
        3,
        2,
        3,
        0,
    )


async def test_the_catalogue_has_thirteen_rows_of_four_columns(scim: Scim, api: Api) -> None:
    [found] = (await api.ask(TRAFFIC))["organization"]["directories"]
    shown = found["attributesReceived"]
    assert (shown["users"], len(shown["attributes"])) == (0, 13)
    work = {each["name"]: each for each in shown["attributes"]}['phoneNumbers[type eq "work"].value']
    assert (work["okta"], work["jumpCloud"], work["entraId"]) == (None, "phone", "businessPhones")
    assert work["consoleName"] == work["name"]


def test_what_no_console_calls_otherwise_has_its_name_in_scim() -> None:
    assert {each.name: each.consoles[Provider.OKTA] for each in CATALOGUE}["title"] == "title"


def test_hours_that_were_not_counted_whole_are_not_known() -> None:
    first, directory = NOON - timedelta(hours=23), new_id()
    busy = HourRow(directory, NOON, rows.COUNTED_AT_MOST - 1, 0, 0)
    cut = HourRow(directory, NOON - timedelta(hours=2), 0, 1, 0)
    hours = traffic.filled([cut, busy], first)
    assert [each.is_known for each in hours] == [*[False] * 22, True, True]
    assert hours[-1].written == rows.COUNTED_AT_MOST - 1
