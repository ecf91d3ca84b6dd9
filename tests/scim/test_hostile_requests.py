"""Paths, methods, headers and filters that no well-behaved client sends; see `test_hostile` for bodies."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from .conversation import ENTERPRISE, MEDIA_TYPE, Scim, assert_error, document, group, search, user

WRONG_TYPES = [
    "text/plain",
    "application/xml",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "json",
]


@pytest.mark.parametrize("media_type", WRONG_TYPES)
async def test_other_media_types_are_refused(scim: Scim, media_type: str) -> None:
    made = await scim.make_user("bob")
    other = scim.having(content_type=media_type)
    assert_error(await other.post("/Users", user("ann")), 415)
    assert_error(await other.put(f"/Users/{made['id']}", user("ann")), 415)
    assert_error(await other.patch(f"/Users/{made['id']}", {"op": "add", "path": "title", "value": "x"}), 415)


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*", "nonsense"])
async def test_clients_that_do_not_read_json_are_told(scim: Scim, accept: str) -> None:
    for path in ("/Users", "/Schemas"):
        assert_error(await scim.having(accept=accept).get(path), 406)


@pytest.mark.parametrize(
    "path",
    [
        "/Nothing",
        "/Users/a/b",
        "/Groups/1/members",
        "/users",
        "/Schemas/urn:x/y",
        "/.well-known",
        "/Users/.search/x",
        "/%",
    ],
)
async def test_unknown_paths_are_404(scim: Scim, path: str) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        body: dict[str, object] | None = {} if method in ("POST", "PUT", "PATCH") else None
        assert_error(await scim.send(method, path, body), 404)


async def test_what_is_outside_of_the_base_url_is_404_with_a_hint(scim: Scim) -> None:
    for url in ("/scim", "/scim/", "/scim/v1/Users", "/scim/Users", "/scim/v2x/Users"):
        answer = await scim.http.get(url, headers={"authorization": f"Bearer {scim.access.key}"})
        assert "/scim/v2" in assert_error(answer, 404)


ALLOWED = {
    "/Users": "GET, POST",
    "/Groups": "GET, POST",
    "/Users/x": "GET, PUT, PATCH, DELETE",
    "/Groups/x": "GET, PUT, PATCH, DELETE",
    "/Bulk": "POST",
    "/.search": "POST",
    "/Users/.search": "POST",
    "/Schemas": "GET",
    "/ResourceTypes/User": "GET",
    "/ServiceProviderConfig": "GET",
}


@pytest.mark.parametrize(("path", "allowed"), ALLOWED.items())
async def test_a_wrong_method_is_405_and_names_the_right_ones(scim: Scim, path: str, allowed: str) -> None:
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} - set(allowed.split(", ")):
        answer = await scim.send(method, path, {} if method in ("POST", "PUT", "PATCH") else None)
        assert_error(answer, 405)
        assert sorted(answer.headers["allow"].split(", ")) == sorted(set(allowed.split(", ")))


@pytest.mark.parametrize("tail", ["/", "?", "?&", "?&&", "/?", "?startIndex=1&", "?=", "?x", "?STARTINDEX=1&Count=2"])
async def test_slashes_and_odd_queries_do_not_matter(scim: Scim, tail: str) -> None:
    made = await scim.make_user("ann")
    assert document(await scim.get(f"/Users{tail}"))["Resources"] == [made]
    assert document(await scim.get(f"/Users/{made['id']}{tail}")) == made


@pytest.mark.parametrize("query", ["FILTER", "Filter", "fiLTEr"])
async def test_parameters_are_named_without_regard_to_case(scim: Scim, query: str) -> None:
    await scim.make_user("ann")
    await scim.make_user("bob")
    shown = await scim.read("/Users", **{query: 'userName eq "bob"'})
    assert [each["userName"] for each in shown["Resources"]] == ["bob"]


RUBBISH = [
    "filter=%",
    "filter=%ff",
    "filter=%c0%af",
    "filter=%00",
    "count=%F1",
    "sortBy=%80",
    "attributes=%fe",
    "%ff=1",
]


@pytest.mark.parametrize("query", [*RUBBISH, "filter=userName%20eq%20%22%00%22", "filter=a%20eq%20%22%ED%A0%80%22"])
async def test_percent_encoded_rubbish_is_refused(scim: Scim, query: str) -> None:
    for path in ("/Users", "/Groups"):
        answer = await scim.get(f"{path}?{query}")
        assert_error(answer, 400, document(answer).get("scimType"))


STRANGE_IDS = [
    "%2F",
    "a%2Fb",
    "..%2FGroups",
    "%00",
    "%ff",
    "%",
    "%zz",
    "x" * 5000,
    "' or 1=1 --",
    "{id}",
    "null",
    "é",
    "%F0%9F%92%A9",
]


@pytest.mark.parametrize("id", STRANGE_IDS)
async def test_strange_ids_are_those_of_nobody(scim: Scim, id: str) -> None:
    for kind in ("Users", "Groups"):
        body = user("ann") if kind == "Users" else group("Team")
        assert_error(await scim.get(f"/{kind}/{id}"), 404)
        assert_error(await scim.put(f"/{kind}/{id}", body), 404)
        assert_error(await scim.patch(f"/{kind}/{id}", {"op": "replace", "path": "externalId", "value": "x"}), 404)
        assert_error(await scim.delete(f"/{kind}/{id}"), 404)


async def test_upper_case_ids_are_other_ids(scim: Scim) -> None:
    made = await scim.make_user("ann")
    assert_error(await scim.get(f"/Users/{made['id'].upper()}"), 404)
    assert_error(await scim.get(f"/Users/{made['id'].replace('-', '')}"), 404)


FILTERS = {
    "10,000 terms": " or ".join(['userName eq "a"'] * 10_000),
    "101 terms": " or ".join(['userName eq "a"'] * 101),
    "10,000 parentheses": "(" * 10_000 + 'userName eq "a"' + ")" * 10_000,
    "10,000 negations": "not (" * 10_000 + 'userName eq "a"' + ")" * 10_000,
    "10,000 open parentheses": "(" * 10_000,
    "a megabyte of text": 'userName eq "' + "x" * 1_000_000 + '"',
    "a megabyte of name": "a" * 1_000_000 + " pr",
    "a megabyte of digits": "meta.version eq " + "9" * 1_000_000,
    "a megabyte of space": " " * 1_000_000 + "userName pr",
    "10,000 dots": "a" + ".a" * 10_000 + " pr",
}


@pytest.mark.parametrize("filter", FILTERS.values(), ids=FILTERS.keys())
async def test_filters_of_any_size_are_refused_at_once(scim: Scim, filter: str) -> None:
    began = time.perf_counter()
    for path in ("/Users/.search", "/Groups/.search", "/.search"):
        answer = await scim.post(path, search(filter=filter))
        assert_error(answer, 400, document(answer)["scimType"])
        assert document(answer)["scimType"] in ("tooMany", "invalidFilter")
    assert time.perf_counter() - began < 3


HEADERS = {
    "authorization": "Bearer é\u00ff",
    "if-match": "\u00ff" * 9000,
    "accept": "a" * 9000,
    "content-type": "\u00ff",
}


@pytest.mark.parametrize(("name", "value"), HEADERS.items())
async def test_headers_may_hold_anything(scim: Scim, name: str, value: str) -> None:
    headers = {"authorization": f"Bearer {scim.access.key}", "content-type": MEDIA_TYPE} | {name: value}
    raw = [(key.encode(), text.encode("latin-1")) for key, text in headers.items()]
    answer = await scim.http.post(
        "/scim/v2/Users", content=json.dumps(user("ann")).encode(), headers=httpx.Headers(raw)
    )
    assert answer.status_code in (201, 401, 406, 415)
    assert answer.headers["content-type"] == MEDIA_TYPE


async def test_text_of_a_client_never_becomes_a_header(scim: Scim) -> None:
    evil = "x\r\nSet-Cookie: a=b"
    answers = [
        await scim.post("/Users", user(evil, externalId=evil)),
        await scim.get("/Users/x%0d%0aSet-Cookie:%20a=b"),
        await scim.get("/Users", filter=f'userName eq "{evil}"'),
        await scim.post("/Users", {ENTERPRISE: {"department": evil}}),
    ]
    for answer in answers:
        assert "set-cookie" not in answer.headers
        assert "\n" not in "".join(answer.headers.values())
