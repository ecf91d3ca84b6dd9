"""The runner sends what was recorded, byte for byte, and does not let a wrong answer pass."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import httpx
import msgspec
import pytest

from tests.idp.playing import WentOtherwise, play
from tests.idp.recordings import Recording, Scenario, Source, Step
from tests.idp.variables import UnknownVariable
from tests.idp.wire import UrlWouldChange, send


@dataclass(frozen=True, slots=True)
class Access:
    url: str = "/scim/v2"
    key: str = "secret"


@dataclass(slots=True)
class Server:
    """Answers every request with what it is told, and remembers what it was sent."""

    status: int = 200
    document: object = field(default_factory=lambda: {"id": "7"})
    content_type: str = "application/scim+json"
    requests: list[dict[str, object]] = field(default_factory=list)

    async def __call__(self, scope: dict[str, object], receive: Callable, send: Callable) -> None:  # type: ignore[type-arg]  # ASGI's own shapes
        message = await receive()
        self.requests.append({**scope, "body": message["body"]})
        content = b"" if self.status == 204 else msgspec.json.encode(self.document)
        headers = [(b"content-type", self.content_type.encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


async def new_directory(provider: str = "GENERIC", **settings: object) -> Access:
    return Access()


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
async def wire(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(server)  # type: ignore[arg-type]  # as above
    async with httpx.AsyncClient(transport=transport, base_url="http://rollcall.test") as client:
        yield client


async def replay(wire: httpx.AsyncClient, *steps: Step) -> None:
    recording = Recording(
        provider="GENERIC",
        about="",
        headers={"Authorization": "Bearer <key>", "Accept": "application/json"},
        headers_with_body={"Content-Type": "application/scim+json"},
        sources={"here": Source("inferred", "this file")},
        bodies={"person": {"schemas": [], "userName": "<login>"}},
        scenarios=[],
    )
    await play(recording, Scenario("x/y", "", "here", list(steps)), wire, new_directory)


@pytest.mark.parametrize(
    "target", ["/Users?", "/Users?filter=a+eq+%22b%22&", "/Users/?x=%5b%5B&&y", "/Users?flag&filter=a", "/Users/a%2Fb"]
)
async def test_the_url_goes_out_as_it_is_written(wire: httpx.AsyncClient, server: Server, target: str) -> None:
    await replay(wire, Step("reads", f"GET {target}", 200))
    path, _, query = f"/scim/v2{target}".encode().partition(b"?")
    assert (server.requests[0]["raw_path"], server.requests[0]["query_string"]) == (path, query)


async def test_a_url_the_client_would_rewrite_is_an_error(wire: httpx.AsyncClient) -> None:
    with pytest.raises(UrlWouldChange):
        await send(wire, "GET", '/Users?filter=a eq "b"', {}, None)


async def test_no_header_goes_out_that_was_not_recorded(wire: httpx.AsyncClient, server: Server) -> None:
    await replay(wire, Step("reads", "GET /Users", 200, headers={"Accept": None, "X-Odd": "1"}))
    assert server.requests[0]["headers"] == [
        (b"host", b"rollcall.test"),
        (b"authorization", b"Bearer secret"),
        (b"x-odd", b"1"),
    ]


async def test_a_body_brings_its_own_headers(wire: httpx.AsyncClient, server: Server) -> None:
    await replay(wire, Step("writes", "PUT /Users/7", 200, raw='{"a":'))
    assert (b"content-type", b"application/scim+json") in msgspec.convert(
        server.requests[0]["headers"], list[tuple[bytes, bytes]]
    )
    assert server.requests[0]["body"] == b'{"a":'


async def test_what_was_kept_is_filled_into_later_steps(wire: httpx.AsyncClient, server: Server) -> None:
    first = Step("reads", "GET /Users", 200, keep={"user": "/id", "seen": ""}, times=2, gather={"ids": "/id"})
    each = {"$for_each": "ids", "$give": {"value": "<item>"}}
    shared = Step("b", "PUT /x", 200, use="person", fill={"login": "l<user>"}, plus={"a": 1})
    await replay(wire, first, Step("a", "PATCH /Users/<user>", 200, patch=[each, "<seen>"]), shared)
    assert server.requests[2]["path"] == "/scim/v2/Users/7"
    assert msgspec.json.decode(msgspec.convert(server.requests[2]["body"], bytes)) == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [[{"value": "7"}, {"value": "7"}], {"id": "7"}],
    }
    assert server.requests[3]["body"] == b'{"schemas":[],"userName":"l7","a":1}'


async def test_a_variable_nobody_kept_stops_the_play(wire: httpx.AsyncClient) -> None:
    with pytest.raises(UnknownVariable):
        await replay(wire, Step("reads", "GET /Users/<user>", 200))


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        (Step("s", "GET /", 404), "status 200, wanted 404"),
        (Step("s", "GET /", [201, 204]), "wanted 201 or 204"),
        (Step("s", "GET /", 200, answer={"/id": "8"}), '/id: wanted "8", found "7"'),
        (Step("s", "GET /", 200, answer={"/active": "@present"}), '/active: wanted "@present", found nothing'),
        (Step("s", "GET /", 200, answer_headers={"location": "@present"}), "header location"),
        (Step("s", "GET /", 200, keep={"user": "/nothing"}), "nothing at /nothing to keep as <user>"),
        (Step("s", "GET /", 200, error=True), "an error was wanted"),
    ],
)
async def test_an_answer_that_was_not_expected_is_told(wire: httpx.AsyncClient, step: Step, complaint: str) -> None:
    with pytest.raises(WentOtherwise) as failure:
        await replay(wire, Step("before", "GET /", 200), step)
    assert complaint in str(failure.value)
    assert "x/y, step 2 of 2: s" in str(failure.value)
    assert 'answer  200 {"id":"7"}' in str(failure.value)


ERROR = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "409", "detail": "Taken."}
LIST = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 1, "itemsPerPage": 1}


@pytest.mark.parametrize(
    ("server", "complaint"),
    [
        (Server(500), "a server error"),
        (Server(content_type="application/scim+json; charset=utf-8"), "Content-Type is"),
        (Server(document=[]), "no JSON object"),
        (Server(document={"a": [{"Password": "x"}]}), "a password is shown"),
        (Server(201), "Location is None"),
        (Server(201, {"id": ""}), "the id is ''"),
        (Server(409, {**ERROR, "status": 409}), "status in the error is 409"),
        (Server(409, {**ERROR, "detail": ""}), "the error has no detail"),
        (Server(409, {"detail": "Taken.", "status": "409"}), "does not carry the Error schema"),
        (Server(409, ERROR), '/scimType: wanted "uniqueness", found nothing'),
        (Server(401, {**ERROR, "status": "401"}), "401 without WWW-Authenticate"),
        (Server(405, {**ERROR, "status": "405"}), "405 without Allow"),
        (Server(document={**LIST, "totalResults": "1", "Resources": [{}]}), "totalResults is '1', not an integer"),
        (Server(document={**LIST, "Resources": []}), "0 rows, itemsPerPage 1"),
    ],
)
async def test_promises_hold_for_every_answer(wire: httpx.AsyncClient, server: Server, complaint: str) -> None:
    step = Step("s", "GET /", server.status, error="uniqueness" if server.status == 409 else False)
    with pytest.raises(WentOtherwise) as failure:
        await replay(wire, step)
    assert complaint in str(failure.value)


async def test_a_proper_error_and_an_empty_204_break_no_promise(wire: httpx.AsyncClient, server: Server) -> None:
    server.status, server.document = 409, {**ERROR, "scimType": "uniqueness"}
    await replay(wire, Step("s", "POST /Users", 409, body={}, error="uniqueness"))
    server.status = 204
    await replay(wire, Step("s", "DELETE /Users/7", 204, answer={"/skipped": "@present"}))
