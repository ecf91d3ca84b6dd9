"""What no well-behaved client sends is refused in SCIM's words, quickly, and never with a 5xx."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from .conversation import ENTERPRISE, MEDIA_TYPE, Json, Scim, assert_error, document, group, patch, search, user

DEEP = [100, 1_000, 10_000, 100_000]

BROKEN = {
    "nothing": b"",
    "white space": b" \r\n\t ",
    "half an object": b'{"userName":',
    "a bare word": b"userName",
    "two objects": b'{"userName":"a"}{"userName":"b"}',
    "a trailing comma": b'{"userName":"ann",}',
    "single quotes": b"{'userName':'ann'}",
    "not a number": b'{"userName":NaN}',
    "infinity": b'{"userName":Infinity}',
    "a raw control character": b'{"userName":"a\x01"}',
    "a NUL byte": b'{"userName":"a\x00b"}',
    "only NUL bytes": b"\x00" * 100,
    "latin-1": '{"userName":"Jürgen"}'.encode("latin-1"),
    "utf-16": '{"userName":"ann"}'.encode("utf-16"),
    "overlong utf-8": b'{"userName":"\xc0\xaf"}',
    "a surrogate in utf-8": b'{"userName":"\xed\xa0\x80"}',
    "an open escape": b'{"userName":"\\u00"}',
    "XML": b'<?xml version="1.0"?><user/>',
    "a form": b"userName=ann&active=true",
}
REFUSED_TEXT = {
    "a NUL": r'"a\u0000b"',
    "half a surrogate pair": r'"\ud800"',
    "the other half": r'"a\udc00b"',
    "a number of 400 digits": "9" * 400,
    "a number without end": "1e999",
    "an object": "{}",
    "an array": "[]",
    "megabytes": '"' + "x" * 1_000_000 + '"',
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
async def test_what_is_no_json_is_invalid_syntax(scim: Scim, body: bytes) -> None:
    made = await scim.make_user("bob")
    for method, path in (("POST", "/Users"), ("PUT", f"/Users/{made['id']}"), ("PATCH", f"/Users/{made['id']}")):
        assert_error(await scim.send(method, path, content=body), 400, "invalidSyntax")
    for path in ("/Groups", "/Bulk", "/Users/.search", "/.search"):
        assert_error(await scim.send("POST", path, content=body), 400, "invalidSyntax")


@pytest.mark.parametrize("body", [b"[]", b"null", b'"ann"', b"1", b"true", b"[{}]"])
@pytest.mark.parametrize("path", ["/Users", "/Groups", "/Bulk", "/Users/.search", "/.search"])
async def test_json_that_is_no_object_is_invalid_syntax(scim: Scim, path: str, body: bytes) -> None:
    assert_error(await scim.send("POST", path, content=body), 400, "invalidSyntax")


@pytest.mark.parametrize("depth", DEEP)
@pytest.mark.parametrize("piece", ['{"a":', "["])
async def test_nesting_of_any_depth_is_refused(scim: Scim, depth: int, piece: str) -> None:
    made = await scim.make_user("bob")
    closing = "}" if piece.startswith("{") else "]"
    bomb = piece * depth + "1" + closing * depth
    for body in (f'{{"userName":"ann","name":{bomb}}}', f'{{"userName":"ann","title":"x","unknown":{bomb}}}', bomb):
        assert_error(await scim.send("POST", "/Users", content=body.encode()), 400, "invalidSyntax")
    operation = f'{{"schemas":["{patch()["schemas"][0]}"],"Operations":[{{"op":"add","path":"title","value":{bomb}}}]}}'
    assert_error(await scim.send("PATCH", f"/Users/{made['id']}", content=operation.encode()), 400, "invalidSyntax")


@pytest.mark.parametrize("value", REFUSED_TEXT.values(), ids=REFUSED_TEXT.keys())
async def test_values_that_cannot_be_kept_are_refused_everywhere(scim: Scim, value: str) -> None:
    made, team = await scim.make_user("bob"), await scim.make_group("Team")
    as_user, as_group = '{"userName":%s}', '{"displayName":%s}'
    in_patch = json.dumps(patch({"op": "replace", "path": "userName", "value": "@"})).replace('"@"', value)
    members = json.dumps(patch({"op": "add", "path": "members", "value": [{"value": "@"}]})).replace('"@"', value)
    for method, path, body in (
        ("POST", "/Users", as_user % value),
        ("PUT", f"/Users/{made['id']}", as_user % value),
        ("PATCH", f"/Users/{made['id']}", in_patch),
        ("POST", "/Groups", as_group % value),
        ("PATCH", f"/Groups/{team['id']}", members),
    ):
        answer = await scim.send(method, path, content=body.encode())
        assert answer.status_code == 400, f"{method} {path}: {answer.status_code} {answer.text[:200]}"
        assert document(answer)["scimType"] in ("invalidValue", "invalidSyntax", "mutability")
    assert await scim.read(f"/Users/{made['id']}") == made


@pytest.mark.parametrize("name", [r"a\u0000", r"\ud800", "x" * 300_000])
async def test_names_of_attributes_that_cannot_be_kept_are_refused(scim: Scim, name: str) -> None:
    body = f'{{"userName":"ann","name":{{"{name}":"x"}},"{name}":"y"}}'
    assert (await scim.send("POST", "/Users", content=body.encode())).status_code == 400


async def test_a_byte_order_mark_is_passed_over(scim: Scim) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(user("ann")).encode()
    assert (await scim.send("POST", "/Users", content=body)).status_code == 201


async def test_of_duplicate_keys_the_last_one_counts(scim: Scim) -> None:
    answer = await scim.send("POST", "/Users", content=b'{"userName":"ann","userName":"bob"}')
    assert (answer.status_code, document(answer)["userName"]) == (201, "bob")


async def test_keys_that_differ_in_case_only_are_one_attribute(scim: Scim, strict: Scim) -> None:
    body = b'{"userName":"ann","USERNAME":"bob","schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]}'
    assert (await scim.send("POST", "/Users", content=body)).status_code == 201
    assert_error(await strict.send("POST", "/Users", content=body), 400, "invalidValue")


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "gzip, identity", "x-unknown"])
async def test_compressed_bodies_are_refused(scim: Scim, encoding: str) -> None:
    answer = await scim.having(content_encoding=encoding).post("/Users", user("ann"))
    assert_error(answer, 415)


async def test_the_identity_encoding_is_no_encoding(scim: Scim) -> None:
    assert (await scim.having(content_encoding="identity").post("/Users", user("ann"))).status_code == 201


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


async def test_a_path_of_a_megabyte_is_refused_at_once(scim: Scim) -> None:
    made = await scim.make_user("ann")
    for path in ("a" * 1_000_000, "emails[" * 10_000, 'emails[type eq "' + "x" * 1_000_000 + '"]', "a." * 500_000):
        began = time.perf_counter()
        answer = await scim.patch(f"/Users/{made['id']}", {"op": "replace", "path": path, "value": "x"})
        assert answer.status_code in (200, 400)
        assert time.perf_counter() - began < 1
    assert await scim.read(f"/Users/{made['id']}") == made


async def test_a_patch_of_ten_thousand_operations_is_refused(scim: Scim) -> None:
    made = await scim.make_user("ann")
    operations: list[Json] = [
        {"op": "add", "path": "emails", "value": [{"value": f"{n}@example.com"}]} for n in range(10_000)
    ]
    began = time.perf_counter()
    assert_error(await scim.patch(f"/Users/{made['id']}", *operations), 400, "invalidValue")
    assert time.perf_counter() - began < 3


async def test_a_thousand_growing_operations_are_done_soon(scim: Scim) -> None:
    made = await scim.make_user("ann")
    operations: list[Json] = [
        {"op": "add", "path": "emails", "value": [{"value": f"{n}@example.com"}]} for n in range(1000)
    ]
    began = time.perf_counter()
    answer = await scim.patch(f"/Users/{made['id']}", *operations)
    assert answer.status_code in (200, 400)
    assert time.perf_counter() - began < 5


async def test_a_hundred_thousand_unknown_members_are_taken_or_refused_soon(scim: Scim) -> None:
    team = await scim.make_group("Team")
    members = [{"value": f"nobody-{number}"} for number in range(100_000)]
    began = time.perf_counter()
    answer = await scim.patch(f"/Groups/{team['id']}", {"op": "add", "path": "members", "value": members})
    assert answer.status_code in (200, 204, 400, 413)
    assert time.perf_counter() - began < 20


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
