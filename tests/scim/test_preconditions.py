"""Entity tags: If-Match for writes, If-None-Match for reads (RFC 7644 §3.14, RFC 9110 §13)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from .conversation import Json, Scim, assert_error, document, group, user

TITLE: Json = {"op": "add", "path": "title", "value": "Major"}
NAME: Json = {"op": "replace", "path": "displayName", "value": "Renamed"}


async def _user(scim: Scim) -> tuple[str, str]:
    made = await scim.make_user("ann")
    return f"/Users/{made['id']}", made["meta"]["version"]


async def _group(scim: Scim) -> tuple[str, str]:
    made = await scim.make_group("Team")
    return f"/Groups/{made['id']}", made["meta"]["version"]


Maker = Callable[[Scim], Awaitable[tuple[str, str]]]
KINDS = pytest.mark.parametrize("make", [_user, _group])


@KINDS
async def test_a_version_the_client_has_is_not_sent_again(scim: Scim, make: Maker) -> None:
    path, version = await make(scim)
    for tag in (version, "*", f'"0", {version}', version.removeprefix("W/")):
        answer = await scim.having(if_none_match=tag).get(path)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == version
        assert "content-type" not in answer.headers


@KINDS
@pytest.mark.parametrize("tag", ['W/"0"', '"x"', "nonsense", 'W/"99999999999999999999999999"', ""])
async def test_any_other_version_is_answered_whole(scim: Scim, make: Maker, tag: str) -> None:
    path, version = await make(scim)
    answer = await scim.having(if_none_match=tag).get(path)
    assert answer.status_code == 200
    assert answer.headers["etag"] == version == document(answer)["meta"]["version"]


@KINDS
async def test_a_write_from_an_old_version_is_refused_and_changes_nothing(scim: Scim, make: Maker) -> None:
    path, version = await make(scim)
    stale = scim.having(if_match='W/"0"')
    before = await scim.read(path)
    body = user("other") if "Users" in path else group("other")
    assert_error(await stale.put(path, body), 412)
    assert_error(await stale.patch(path, TITLE if "Users" in path else NAME), 412)
    assert_error(await stale.delete(path), 412)
    assert await scim.read(path) == before
    assert before["meta"]["version"] == version


@KINDS
async def test_a_write_from_the_current_version_goes_through(scim: Scim, make: Maker) -> None:
    path, version = await make(scim)
    change = TITLE if "Users" in path else NAME
    answer = await scim.having(if_match=version).patch(path, change)
    assert answer.status_code == 200
    newer = answer.headers["etag"]
    assert newer != version
    assert_error(await scim.having(if_match=version).patch(path, change), 412)
    answer = await scim.having(if_match=f'"0", {newer}').put(path, user("b") if "Users" in path else group("b"))
    assert answer.status_code == 200
    assert (await scim.having(if_match="*").delete(path)).status_code == 204


@KINDS
async def test_a_precondition_on_what_does_not_exist_is_answered_as_any_other_request(scim: Scim, make: Maker) -> None:
    path, version = await make(scim)
    await scim.delete(path)
    assert_error(await scim.having(if_match=version).delete(path), 404)
    assert_error(await scim.having(if_none_match=version).get(path), 404)


@KINDS
async def test_versions_and_times_change_with_every_change_and_only_then(scim: Scim, make: Maker) -> None:
    path, _ = await make(scim)
    first = (await scim.read(path))["meta"]
    change = TITLE if "Users" in path else NAME
    second = document(await scim.patch(path, change))["meta"]
    third = document(await scim.patch(path, change))["meta"]
    assert second["version"] != first["version"]
    assert second["lastModified"] > first["lastModified"]
    assert second["created"] == first["created"]
    assert third == second


async def test_a_group_has_a_new_version_when_somebody_joins_or_leaves(scim: Scim) -> None:
    member = await scim.make_user("ann")
    team = await scim.make_group("Team")
    path, versions = f"/Groups/{team['id']}", {team["meta"]["version"]}
    for op in ("add", "remove"):
        answer = await scim.patch(path, {"op": op, "path": "members", "value": [{"value": member["id"]}]})
        versions.add(answer.headers["etag"])
    await scim.patch(path, {"op": "add", "path": "members", "value": [{"value": member["id"]}]})
    await scim.delete(f"/Users/{member['id']}")
    versions.add((await scim.get(path)).headers["etag"])
    assert len(versions) == 4


async def test_a_user_is_sent_again_when_its_groups_have_changed(scim: Scim) -> None:
    path, version = await _user(scim)
    await scim.make_group("Team", [path.removeprefix("/Users/")])
    answer = await scim.having(if_none_match=version).get(path)
    assert answer.status_code == 200
    assert [each["display"] for each in document(answer)["groups"]] == ["Team"]


async def test_a_list_has_no_version(scim: Scim) -> None:
    await _user(scim)
    answer = await scim.having(if_none_match="*").get("/Users")
    assert answer.status_code == 200
    assert "etag" not in answer.headers
