"""What no well-behaved client sends is refused in SCIM's words, quickly, and never with a 5xx."""

from __future__ import annotations

import json
import time

import pytest

from .conversation import Json, Scim, assert_error, document, patch, user

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
