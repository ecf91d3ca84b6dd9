"""Statuses, headers and bodies of single requests (RFC 7644 §3.1–§3.7, §3.12)."""

from __future__ import annotations

import unicodedata
import uuid

import pytest

from .conversation import MEDIA_TYPE, MESSAGES, USER, Scim, assert_error, document, group, patch, user

NOBODY = str(uuid.UUID(int=7 << 76 | 2 << 62))


async def test_a_created_user_is_answered_whole_with_its_location_and_version(scim: Scim) -> None:
    answer = await scim.post("/Users", user("ann", name={"givenName": "Ann", "familyName": "Arbor"}))
    made = document(answer)
    assert answer.status_code == 201
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.headers["location"] == made["meta"]["location"]
    assert made["meta"]["location"] == f"http://rollcall.test/scim/v2/Users/{made['id']}"
    assert answer.headers["etag"] == made["meta"]["version"]
    assert made["meta"]["resourceType"] == "User"
    assert made["meta"]["created"] == made["meta"]["lastModified"]
    assert made["schemas"] == [USER]
    assert made["name"] == {"givenName": "Ann", "familyName": "Arbor"}
    assert made["active"] is True


async def test_a_created_resource_reads_back_as_it_was_answered(scim: Scim) -> None:
    person = await scim.make_user("ann", emails=[{"value": "ann@example.com", "type": "work", "primary": True}])
    team = await scim.make_group("Team", [], externalId="t-1")
    assert await scim.read(f"/Users/{person['id']}") == person
    assert await scim.read(f"/Groups/{team['id']}") == team


async def test_client_made_ids_meta_and_groups_are_passed_over(scim: Scim) -> None:
    made = await scim.make_user("ann", id="mine", meta={"created": "2001-01-01T00:00:00Z"}, groups=[{"value": "g"}])
    assert made["id"] != "mine"
    assert not made["meta"]["created"].startswith("2001")
    assert "groups" not in made


@pytest.mark.parametrize("media_type", ["application/json", "application/scim+json; charset=UTF-8", "Application/JSON"])
async def test_bodies_may_be_plain_json_and_answers_are_always_scim(scim: Scim, media_type: str) -> None:
    answer = await scim.having(content_type=media_type, accept="application/json").post("/Users", user("ann"))
    assert answer.status_code == 201
    assert answer.headers["content-type"] == MEDIA_TYPE


async def test_a_body_without_a_media_type_is_taken_for_scim(scim: Scim) -> None:
    answer = await scim.http.post(
        "/scim/v2/Users",
        content=b'{"userName":"ann","schemas":["%s"]}' % USER.encode(),
        headers={"authorization": f"Bearer {scim.access.key}"},
    )
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "accept", ["*/*", "application/*", "application/scim+json", "text/html, application/json;q=0.5"]
)
async def test_any_accept_header_that_allows_json_is_served(scim: Scim, accept: str) -> None:
    assert (await scim.having(accept=accept).get("/Users")).status_code == 200


async def test_put_replaces_everything_but_what_the_server_owns(scim: Scim) -> None:
    made = await scim.make_user("ann", title="Captain", nickName="A", externalId="1")
    answer = await scim.put(f"/Users/{made['id']}", user("anna", title="Major"))
    replaced = document(answer)
    assert answer.status_code == 200
    assert (replaced["id"], replaced["meta"]["created"]) == (made["id"], made["meta"]["created"])
    assert (replaced["userName"], replaced["title"]) == ("anna", "Major")
    assert not {"nickName", "externalId"} & replaced.keys()
    assert await scim.read(f"/Users/{made['id']}") == replaced


async def test_put_never_creates(scim: Scim) -> None:
    assert_error(await scim.put(f"/Users/{NOBODY}", user("ann")), 404)
    assert_error(await scim.put(f"/Groups/{NOBODY}", group("Team")), 404)
    assert (await scim.read("/Users"))["totalResults"] == 0


async def test_patch_answers_with_the_whole_resource(scim: Scim) -> None:
    made = await scim.make_user("ann", title="Captain")
    answer = await scim.patch(f"/Users/{made['id']}", {"op": "replace", "path": "title", "value": "Major"})
    assert answer.status_code == 200
    assert document(answer) == await scim.read(f"/Users/{made['id']}")
    assert document(answer)["title"] == "Major"


async def test_a_patch_that_fails_half_way_changes_nothing(scim: Scim) -> None:
    made = await scim.make_user("ann", title="Captain")
    wrong = {"op": "replace", "path": "active", "value": "perhaps"}
    answer = await scim.patch(f"/Users/{made['id']}", {"op": "replace", "path": "title", "value": "Major"}, wrong)
    assert_error(answer, 400, "invalidValue")
    assert await scim.read(f"/Users/{made['id']}") == made


async def test_delete_answers_nothing_and_the_resource_is_gone(scim: Scim) -> None:
    for path, made in (("/Users", await scim.make_user("ann")), ("/Groups", await scim.make_group("Team"))):
        answer = await scim.delete(f"{path}/{made['id']}")
        assert (answer.status_code, answer.content) == (204, b"")
        assert "content-type" not in answer.headers
        assert_error(await scim.get(f"{path}/{made['id']}"), 404)
        assert_error(await scim.delete(f"{path}/{made['id']}"), 404)
        assert_error(await scim.patch(f"{path}/{made['id']}", {"op": "add", "path": "externalId", "value": "1"}), 404)
        assert (await scim.read(path))["totalResults"] == 0


@pytest.mark.parametrize("path", ["/Users", "/Groups", "/ServiceProviderConfig", "/Schemas", "/ResourceTypes/User"])
async def test_head_has_the_headers_of_get_and_no_body(scim: Scim, path: str) -> None:
    await scim.make_user("ann")
    head, get = await scim.send("HEAD", path), await scim.get(path)
    assert (head.status_code, head.content) == (200, b"")
    ignored = {"x-trace-id", "date"}
    assert {k: v for k, v in head.headers.items() if k not in ignored} == {
        k: v for k, v in get.headers.items() if k not in ignored
    }


async def test_head_of_a_resource_tells_its_version(scim: Scim) -> None:
    made = await scim.make_user("ann")
    answer = await scim.send("HEAD", f"/Users/{made['id']}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["etag"] == made["meta"]["version"]


@pytest.mark.parametrize("path", ["/Users", "/Groups"])
async def test_names_are_taken_without_regard_to_case(scim: Scim, path: str) -> None:
    body = user if path == "/Users" else group
    assert (await scim.post(path, body("Ångström"))).status_code == 201
    for same in ("ÅNGSTRÖM", unicodedata.normalize("NFD", "ångström")):
        assert "has the" in assert_error(await scim.post(path, body(same)), 409, "uniqueness")


async def test_a_rename_to_a_taken_name_is_refused(scim: Scim) -> None:
    await scim.make_user("ann")
    other = await scim.make_user("bob")
    answer = await scim.patch(f"/Users/{other['id']}", {"op": "replace", "value": {"userName": "ANN"}})
    assert_error(answer, 409, "uniqueness")
    assert_error(await scim.put(f"/Users/{other['id']}", user("Ann")), 409, "uniqueness")


async def test_external_ids_of_groups_are_unique_with_regard_to_case(scim: Scim) -> None:
    await scim.make_group("One", externalId="abc")
    assert_error(await scim.post("/Groups", group("Two", externalId="abc")), 409, "uniqueness")
    assert (await scim.post("/Groups", group("Three", externalId="ABC"))).status_code == 201


async def test_every_answer_has_a_trace_id_of_its_own(scim: Scim) -> None:
    traces = [(await scim.get(path)).headers["x-trace-id"] for path in ("/Users", "/Users", "/Nothing")]
    assert len({uuid.UUID(trace) for trace in traces}) == 3


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_me_is_not_implemented_and_says_so(scim: Scim, method: str) -> None:
    assert_error(await scim.send(method, "/Me", {} if method in ("POST", "PUT", "PATCH") else None), 501)


@pytest.mark.parametrize(
    ("operation", "scim_type"),
    [
        ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
        ({"op": "replace", "path": "nonsense", "value": "x"}, "invalidPath"),
        ({"op": "replace", "path": "emails[type eq", "value": "x"}, "invalidFilter"),
        ({"op": "replace", "path": 'emails[type eq "work"', "value": "x"}, "invalidFilter"),
        ({"op": "replace", "path": "title.", "value": "x"}, "invalidPath"),
        ({"op": "replace", "path": 'emails[type eq "work"].value', "value": "x"}, "noTarget"),
        ({"op": "remove"}, "noTarget"),
        ({"op": "remove", "path": "userName"}, "mutability"),
        ({"op": "explode", "path": "title", "value": "x"}, "invalidSyntax"),
        ({"op": "replace", "path": "title"}, "invalidValue"),
        ({"op": "replace", "path": "active", "value": "no"}, "invalidValue"),
        ({"op": "add", "path": "emails", "value": "x"}, "invalidValue"),
    ],
)
async def test_a_strict_directory_refuses_with_the_words_of_the_rfc(
    strict: Scim, operation: dict[str, object], scim_type: str
) -> None:
    made = await strict.make_user("ann")
    assert_error(await strict.patch(f"/Users/{made['id']}", operation), 400, scim_type)
    assert await strict.read(f"/Users/{made['id']}") == made


async def test_a_patch_without_its_schema_is_refused_by_a_strict_directory(strict: Scim) -> None:
    made = await strict.make_user("ann")
    body = patch({"op": "replace", "path": "title", "value": "x"}) | {"schemas": [MESSAGES + "ListResponse"]}
    assert_error(await strict.send("PATCH", f"/Users/{made['id']}", body), 400, "invalidSyntax")


async def test_missing_user_names_are_refused(either: Scim) -> None:
    for name in (None, "", "  "):
        assert_error(await either.post("/Users", {"schemas": [USER], "userName": name}), 400, "invalidValue")
    assert_error(await either.post("/Users", {"schemas": [USER]}), 400, "invalidValue")
