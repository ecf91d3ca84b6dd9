"""No text and no JSON, wherever a client can put it, makes a 5xx or an answer that is not SCIM."""

from __future__ import annotations

import json
import string
from urllib.parse import quote

import httpx
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from .conversation import ENTERPRISE, MEDIA_TYPE, MESSAGES, SEAT_TYPE, USER, Json, Scim, bulk, document, patch, search

often = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

WORDS = st.sampled_from(
    ["userName", "active", "emails", "members", "value", "type", "primary", "name.givenName", "meta.created", "id", "schemas",
     "externalId", "displayName", "groups", "password", USER, ENTERPRISE, SEAT_TYPE, f"{SEAT_TYPE}:User", "eq", "ne", "co", "sw",
     "pr", "gt", "and", "or", "not", "(", ")", "[", "]", '"', '"a"', "true", "null", "1", "1e400", "-0", ":", ".", "\\", "\x00",
     "\ud800", "\u202e", "%", "$ref", "2026-01-31T08:00:00Z", "0000-00-00T00:00:00Z", "work", "full", "add", "remove", "replace",
     "bulkId:a"]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(WORDS, max_size=8).map(" ".join),
    st.lists(WORDS, max_size=8).map("".join),
    st.text(st.characters(codec=None, categories=["Cs", "Cc", "Cn", "Lu", "Mn"]), max_size=10),
)
NAMES = st.one_of(WORDS, TEXTS)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)
VERSIONS = st.one_of(TEXTS, st.sampled_from(['W/"1"', '"1"', "*", 'W/"²"', "W/"]))


def _encoded(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _body(value: object) -> bytes:
    return json.dumps(value).encode()


def check(answer: httpx.Response) -> Json:
    """The document of an answer, which must be good SCIM, whatever was asked."""
    assert answer.status_code < 500 or answer.status_code == 501, answer.text
    assert answer.headers["x-trace-id"]
    if answer.status_code in (204, 304):
        return {}
    assert answer.headers["content-type"] == MEDIA_TYPE
    found = document(answer)
    if answer.status_code >= 400:
        assert found["schemas"] == [MESSAGES + "Error"]
        assert found["status"] == str(answer.status_code)
        assert answer.headers["x-trace-id"] in found["detail"]
    return found


@often
@given(TEXTS, TEXTS, TEXTS, st.sampled_from(["/Users", "/Groups", "/"]))
@example('userName eq "\ud800"', "", "", "/Users")
@example("emails[", "emails[", "emails[", "/Users")
async def test_any_query(scim: Scim, filter: str, sort: str, attributes: str, path: str) -> None:
    query = f"filter={_encoded(filter)}&sortBy={_encoded(sort)}&attributes={_encoded(attributes)}"
    for asked in (
        query,
        f"filter={_encoded(filter)}",
        f"sortBy={_encoded(sort)}",
        f"excludedAttributes={_encoded(sort)}",
    ):
        check(await scim.get(f"{path}?{asked}"))


@often
@given(TEXTS, TEXTS, TEXTS, TEXTS)
async def test_any_page(scim: Scim, start: str, count: str, cursor: str, order: str) -> None:
    for query in (
        f"startIndex={_encoded(start)}&count={_encoded(count)}",
        f"cursor={_encoded(cursor)}&count={_encoded(count)}",
        f"sortBy=userName&sortOrder={_encoded(order)}",
        f"{_encoded(start)}={_encoded(count)}&{_encoded(cursor)}",
    ):
        check(await scim.get(f"/Users?{query}"))


@often
@given(st.text(string.printable, max_size=60))
async def test_any_raw_query(scim: Scim, query: str) -> None:
    raw = b"/scim/v2/Users?" + quote(query, safe="%&=?;+/:@!$'()*,[]\"\\<>^`{|}~").encode().replace(b" ", b"+")
    headers = {"authorization": f"Bearer {scim.access.key}"}
    check(await scim.http.get(httpx.URL("http://rollcall.test").copy_with(raw_path=raw), headers=headers))


@often
@given(TEXTS, st.sampled_from(["Users", "Groups", "Schemas", "ResourceTypes", "", "Users/x"]), VERSIONS)
async def test_any_path(scim: Scim, id: str, kind: str, version: str) -> None:
    tag = version.encode("latin-1", "replace").decode("latin-1").translate(dict.fromkeys(range(32)))
    asking = scim.having(if_match=tag.strip(), if_none_match=tag.strip()) if tag.isascii() else scim
    for method in ("GET", "DELETE"):
        check(await asking.send(method, f"/{kind}/{_encoded(id)}"))


@often
@given(st.dictionaries(NAMES, JSON, max_size=6), st.sampled_from(["/Users", "/Groups"]))
@example({"userName": "a", "emails": [{"value": "a@b", "primary": True}, {"value": "a@b", "primary": True}]}, "/Users")
@example({"displayName": "g", "members": [{"value": "x"}, {"value": "x", "type": None}]}, "/Groups")
@example({"userName": "x" * 2000, "externalId": "\u0130" * 300}, "/Users")
async def test_any_resource(scim: Scim, strict: Scim, body: Json, path: str) -> None:
    named = body | {"userName": body.get("userName", "ann"), "displayName": body.get("displayName", "team")}
    for each in (scim, strict):
        for sent in (body, named):
            answer = await each.send("POST", path, content=_body(sent))
            made = check(answer)
            if answer.status_code == 201:
                where = f"{path}/{made['id']}"
                assert check(await each.get(where)) == made
                check(await each.send("PUT", where, content=_body(sent)))
                assert (await each.delete(where)).status_code == 204


OPERATIONS = st.lists(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "replace", "remove", "Add", "x"])}, optional={"path": NAMES, "value": JSON}
    ),
    max_size=4,
)


@often
@given(OPERATIONS, st.sampled_from(["Users", "Groups"]))
@example(
    [{"op": "add", "path": "emails", "value": [{"value": 1}]}, {"op": "replace", "path": "emails[value eq 1]"}], "Users"
)
async def test_any_patch(scim: Scim, strict: Scim, operations: list[Json], kind: str) -> None:
    for each in (scim, strict):
        page = await each.read(f"/{kind}")
        made = page["Resources"][0] if page["Resources"] else await _something(each, kind)
        answer = await each.send("PATCH", f"/{kind}/{made['id']}", content=_body(patch(*operations)))
        changed = check(answer)
        shown = await each.read(f"/{kind}/{made['id']}")
        assert shown == (changed if answer.status_code == 200 else made)


async def _something(scim: Scim, kind: str) -> Json:
    return await (scim.make_user("ann") if kind == "Users" else scim.make_group("Team"))


@often
@given(JSON, st.sampled_from(["/Bulk", "/.search", "/Users/.search", "/Groups/.search", "/Users", "/Groups", "/Me"]))
async def test_any_json(scim: Scim, body: object, path: str) -> None:
    check(await scim.send("POST", path, content=_body(body)))


BULK = st.fixed_dictionaries(
    {"method": st.sampled_from(["POST", "PUT", "PATCH", "DELETE", "GET"]), "path": st.one_of(TEXTS, st.sampled_from(["/Users", "/Groups", "/Users/bulkId:a"]))},
    optional={"bulkId": TEXTS, "data": JSON, "version": TEXTS},
)  # fmt: skip


@often
@given(st.lists(BULK, max_size=4), st.one_of(st.none(), JSON))
async def test_any_bulk(scim: Scim, operations: list[Json], limit: object) -> None:
    more = {} if limit is None else {"failOnErrors": limit}
    found = check(await scim.send("POST", "/Bulk", content=_body(bulk(*operations, **more))))
    for result in found.get("Operations", []):
        assert int(result["status"]) < 500 or result["status"] == "501", result


@often
@given(
    st.dictionaries(
        st.sampled_from(["filter", "sortBy", "sortOrder", "attributes", "startIndex", "count", "cursor"]), JSON
    )
)
async def test_any_search(scim: Scim, asked: Json) -> None:
    for path in ("/Users/.search", "/Groups/.search", "/.search"):
        check(await scim.send("POST", path, content=_body(search(**asked))))


@often
@given(st.binary(max_size=60), st.sampled_from(["/Users", "/Bulk", "/.search"]))
async def test_any_bytes(scim: Scim, content: bytes, path: str) -> None:
    check(await scim.send("POST", path, content=content))


HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40).map(
    str.strip
)


@often
@given(
    HEADER,
    st.sampled_from(
        [
            "authorization",
            "accept",
            "content-type",
            "if-match",
            "if-none-match",
            "user-agent",
            "host",
            "content-encoding",
            "content-length",
        ]
    ),
)
async def test_any_header(scim: Scim, value: str, name: str) -> None:
    sent = {"authorization": f"Bearer {scim.access.key}", "content-type": MEDIA_TYPE} | {name: value}
    raw = [(key.encode(), text.encode("latin-1")) for key, text in sent.items()]
    for method, path in (("GET", "/scim/v2/Users"), ("POST", "/scim/v2/Users"), ("PUT", "/scim/v2/Users/x")):
        url = f"http://rollcall.test{path}"
        check(await scim.http.send(httpx.Request(method, url, headers=raw, content=b"{}" if method != "GET" else None)))
