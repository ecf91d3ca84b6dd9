"""The demo's identity providers speak as real ones were recorded to: in headers, attributes and operations."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from api.demo.dialects import Entra, JumpCloud, Okta
from api.demo.people import CONTRACTED, FIELD, WORKFORCE
from api.scim.language.definitions import ENTERPRISE_URN
from tests.idp import recordings

URN = "urn:example:seats"


def recorded(id: str, name: str) -> tuple[dict[str, str], Any]:
    """The headers and the body of a recorded step."""
    for recording, scenario in recordings.scenarios():
        if scenario.id == id:
            step = next(each for each in scenario.steps if each.name == name)
            known = {"token": "key", "u1": "u1", "u2": "u2", "user": "user"}
            return recording.headers_of(step), recording.body_of(step, known)
    raise AssertionError(f"There is no recording {id}.")


async def heard(act: Callable[[httpx.AsyncClient], Awaitable[None]], method: str) -> httpx.Request:
    """The first request of a method that is sent, to somebody who answers whatever is wanted."""
    requests = list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"id": "made"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://demo") as http:
        await act(http)
    return next(each for each in requests if each.method == method)


async def okta(http: httpx.AsyncClient) -> None:
    await Okta.of(http, URN).provision(WORKFORCE[0])


async def entra(http: httpx.AsyncClient) -> None:
    await Entra.of(http, URN).provision(CONTRACTED[0])


async def entra_off(http: httpx.AsyncClient) -> None:
    client = Entra.of(http, URN)
    await client.provision(CONTRACTED[0])
    await client.disable(CONTRACTED[0])


async def jumpcloud(http: httpx.AsyncClient) -> None:
    await JumpCloud.of(http, URN).provision(FIELD[0])


@pytest.mark.parametrize(
    ("act", "id", "besides"),
    [
        (okta, "okta/create-aiw-real-body", {"displayName", "locale"}),
        (entra, "entra/create-and-match", {"displayName", "title", ENTERPRISE_URN}),
        (jumpcloud, "jumpcloud/activate", {"title"}),
    ],
)
async def test_people_are_created_as_recorded(
    act: Callable[[httpx.AsyncClient], Awaitable[None]], id: str, besides: set[str]
) -> None:
    """With attributes besides that are mapped as well, and the one of seats."""
    headers, body = recorded(id, "creates the user")
    sent = await heard(act, "POST")
    content = json.loads(sent.content)
    assert set(content) - {URN} - besides == set(body) - besides
    assert content["emails"][0]["primary"] is True
    assert [name for name in headers if name not in sent.headers] == []
    assert sent.headers.get("user-agent", "").startswith("Okta SCIM Client") is (act is okta)


async def test_entra_says_in_a_text_that_somebody_is_not_active() -> None:
    _, body = recorded("entra/disable-enable-string-boolean", "deactivates")
    assert json.loads((await heard(entra_off, "PATCH")).content) == body


async def test_queries_are_spelled_as_recorded() -> None:
    okta_asks, entra_asks = await heard(okta, "GET"), await heard(entra, "GET")
    assert okta_asks.url.raw_path.startswith(b"/scim/v2/Users?filter=userName%20eq%20%22")
    assert okta_asks.url.raw_path.endswith(b"&startIndex=1&count=100")
    assert entra_asks.url.raw_path.startswith(b"/scim/v2/Users?filter=externalId+eq+%22")
