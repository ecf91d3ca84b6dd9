"""The overview over GraphQL, and the samples of seats."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from api.provisioning.actor import Right
from db.enums import DomainState, LinkState, RemovalState, SeatType
from tests.factories import (
    DirectoryFactory,
    DirectoryKeyFactory,
    DomainFactory,
    LinkRequestFactory,
    MemberFactory,
    RemovalFactory,
    RequestFactory,
)
from tests.scim.conversation import Scim

from .conftest import Api, NewApi
from .operations.seats import SAMPLES

SHOW = (
    "query { organization { overview { directories invitationsOpen cameBy { source count } suggestions { code } } } }"
)


async def test_the_overview(api: Api) -> None:
    seen = (await api.ask(SHOW))["organization"]["overview"]
    assert (seen["directories"], seen["invitationsOpen"], seen["suggestions"]) == (1, 0, [])


async def _make(what: str, organization: uuid.UUID, directory: uuid.UUID) -> None:
    """Twice the same thing that waits for somebody, and beside it what waits for nobody."""
    here = {"organization": organization}
    now = datetime.now(UTC)
    for _ in range(2):
        match what:
            case "REMOVALS_HELD":
                for state in (RemovalState.HELD, RemovalState.APPROVED):
                    await RemovalFactory.make(**here, directory=directory, state=state)
            case "LINKS_OPEN":
                for link in (LinkState.OPEN, LinkState.KEEP_APART):
                    await LinkRequestFactory.make(**here, directory=directory, state=link)
            case "WAITING_FOR_SEAT":
                await MemberFactory.make(**here, awaits_seat=SeatType.FULL, awaits_since=now)
                await MemberFactory.make(**here)
            case "KEYS_ENDING":
                old = await DirectoryFactory.make(**here)
                await DirectoryKeyFactory.make(directory=old, expires_at=now + timedelta(days=13))
                new = await DirectoryFactory.make(**here)
                for days in (13, 90):
                    await DirectoryKeyFactory.make(directory=new, expires_at=now + timedelta(days=days))
            case "DOMAINS_LAPSED":
                for domain in (DomainState.LAPSED, DomainState.VERIFIED):
                    await DomainFactory.make(**here, state=domain)
            case "DIRECTORIES_STALE" | "DIRECTORIES_FAILING":
                one = await DirectoryFactory.make(**here)
                was = now - timedelta(days=9 if what == "DIRECTORIES_STALE" else 0)
                for _ in range(5):
                    await RequestFactory.make(directory=one, received_at=was, status=400)


@pytest.mark.parametrize(
    "concern",
    [
        "REMOVALS_HELD", "LINKS_OPEN", "WAITING_FOR_SEAT", "KEYS_ENDING", "DOMAINS_LAPSED", "DIRECTORIES_STALE",
        "DIRECTORIES_FAILING",
    ],
)  # fmt: skip
async def test_what_waits_for_somebody_is_counted(scim: Scim, api: Api, concern: str) -> None:
    show = "query { organization { concerns { code count text } } }"
    assert (await api.ask(show))["organization"]["concerns"] == []
    await _make(concern, scim.access.organization_id, scim.access.directory_id)
    [seen] = (await api.ask(show))["organization"]["concerns"]
    assert (seen["code"], seen["count"]) == (concern, 2)
    assert "2 " in seen["text"]


async def test_a_suggestion_is_dismissed(scim: Scim, api: Api) -> None:
    sample = SAMPLES["suggestionDismiss"]
    answer = await api.ask(sample.document, **await sample.variables(api, scim))
    assert answer == {"suggestionDismiss": {"userErrors": []}}


@pytest.mark.parametrize("name", SAMPLES)
async def test_who_may_only_read_changes_nothing(scim: Scim, new_api: NewApi, name: str) -> None:
    reader = await new_api(scim.access.organization_id, [Right.ORGANIZATION_READ])
    sample = SAMPLES[name]
    answer = await reader.ask(sample.document, **await sample.variables(reader, scim))
    assert [error["code"] for error in answer[name]["userErrors"]] == ["FORBIDDEN"]
