"""Who was a member at some moment, told from the history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.provisioning import clock, tokens
from api.provisioning.actor import Right
from db import sql
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim, document
from tests.scim.governing import active, member_of, new_address, override, person

from .conftest import Api, NewApi

SNAPSHOT = """query ($at: DateTime!, $first: Int, $after: String) { organization {
  snapshot(at: $at, first: $first, after: $after) {
    nodes { memberId email displayName status seat roleKey isErasedSince } pageInfo { hasNextPage endCursor } } } }"""
ERASE = 'mutation ($ref: MemberRef!) { memberErase(ref: $ref, reason: "asked") { userErrors { message } } }'


class Calendar:
    """Days that pass, and what people can be asked about them."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = datetime.now(UTC) - timedelta(days=10)
        patch.setattr(clock, "now", lambda: self.now)

    def next(self) -> datetime:
        """The evening of this day; then it is the next."""
        evening = self.now + timedelta(hours=12)
        self.now += timedelta(days=1)
        return evening


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    return Calendar(monkeypatch)


async def _at(api: Api, moment: datetime) -> list[dict[str, Any]]:
    found = (await api.ask(SNAPSHOT, at=moment.isoformat(), first=100))["organization"]["snapshot"]["nodes"]
    for node in found:
        del node["memberId"]
    return list(found)


def _ann(**other: Any) -> dict[str, Any]:
    return {
        "email": "ann@example.com",
        "displayName": "Ann",
        "status": "ACTIVE",
        "seat": "FULL",
        "roleKey": "viewer",
        "isErasedSince": False,
        **other,
    }


async def _history(scim: Scim, calendar: Calendar) -> list[datetime]:
    """Evenings: nobody, Ann, Ann with another role, with another address, deactivated, back again."""
    evenings = [calendar.next()]
    ann = document(await scim.post("/Users", person("ann", displayName="Ann")))
    evenings.append(calendar.next())
    await override(scim, "account-manager")
    evenings.append(calendar.next())
    await scim.patch(f"/Users/{ann['id']}", new_address("anna@example.com"))
    evenings.append(calendar.next())
    await scim.patch(f"/Users/{ann['id']}", active(False))
    evenings.append(calendar.next())
    await scim.patch(f"/Users/{ann['id']}", active(True))
    evenings.append(calendar.next())
    return evenings


async def test_each_day_is_told_as_it_was(scim: Scim, api: Api, calendar: Calendar) -> None:
    evenings = await _history(scim, calendar)
    found = [await _at(api, evening) for evening in evenings]
    manager = {"roleKey": "account-manager"}
    anna = {**manager, "email": "anna@example.com"}
    assert found == [
        [],
        [_ann()],
        [_ann(**manager)],
        [_ann(**anna)],
        [_ann(**anna, status="DEACTIVATED", seat=None)],
        [_ann(**anna)],
    ]


async def test_of_the_erased_only_that_they_were_here_is_told(
    scim: Scim, api: Api, new_api: NewApi, calendar: Calendar
) -> None:
    evenings = await _history(scim, calendar)
    ann = await member_of(scim, "anna@example.com")
    [user] = document(await scim.get("/Users"))["Resources"]
    await scim.delete(f"/Users/{user['id']}")
    done = (await (await new_api(None)).ask(ERASE, ref={"id": api.id("Member", ann["id"])}))["memberErase"]
    assert done["userErrors"] == []
    erased = calendar.next()
    for evening in evenings[1:]:
        [node] = await _at(api, evening)
        assert (node["isErasedSince"], node["email"], node["displayName"]) == (True, None, None)
    [node] = await _at(api, erased)
    assert (node["status"], node["isErasedSince"]) == ("ERASED", False)
    everything = [str(await _at(api, evening)) for evening in evenings]
    assert "ann" not in " ".join(everything).replace("account-manager", "")


async def test_pages_have_everybody_once(scim: Scim, api: Api, calendar: Calendar) -> None:
    for number in range(5):
        await scim.post("/Users", person(f"user{number}"))
    evening, seen, after = calendar.next(), list[str](), None
    while True:
        page = (await api.ask(SNAPSHOT, at=evening.isoformat(), first=2, after=after))["organization"]["snapshot"]
        seen += [node["email"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [f"user{number}@example.com" for number in range(5)]


async def test_what_is_to_come_and_times_without_zone_are_refused(api: Api) -> None:
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert "Nobody knows" in (await api.refused(SNAPSHOT, at=later, first=1))["message"]
    assert "zone" in (await api.refused(SNAPSHOT, at="2026-03-01T00:00:00", first=1))["message"]


async def test_it_needs_its_right_and_shows_nobody_elses_people(
    scim: Scim, new_directory: NewDirectory, new_api: NewApi, calendar: Calendar
) -> None:
    await Scim(scim.http, await new_directory()).post("/Users", person("eve"))
    now = calendar.next().isoformat()
    blind = await new_api(scim.access.organization_id, tokens.GRANTABLE - {Right.AUDIT_READ})
    assert (await blind.refused(SNAPSHOT, at=now, first=1))["extensions"]["code"] == "FORBIDDEN"
    seeing = await new_api(scim.access.organization_id)
    assert (await seeing.ask(SNAPSHOT, at=now, first=1))["organization"]["snapshot"]["nodes"] == []
    [[others]] = await sql.rows("SELECT count(*) FROM member")
    assert others == 1
