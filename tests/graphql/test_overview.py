"""The overview over GraphQL, and the samples of seats."""

from __future__ import annotations

import pytest

from api.provisioning.actor import Right
from tests.scim.conversation import Scim

from .conftest import Api, NewApi
from .operations.seats import SAMPLES

SHOW = (
    "query { organization { overview { directories invitationsOpen cameBy { source count } suggestions { code } } } }"
)


async def test_the_overview(api: Api) -> None:
    seen = (await api.ask(SHOW))["organization"]["overview"]
    assert (seen["directories"], seen["invitationsOpen"], seen["suggestions"]) == (1, 0, [])


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
