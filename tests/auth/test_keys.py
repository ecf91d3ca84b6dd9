"""Keys of directories: their text, their end, their replacement, and what a refused one is told."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from api.auth.keys import KeyProblem
from api.provisioning import clock, keys, request_log
from api.provisioning.actor import Actor, directory_actor, operator
from api.provisioning.errors import BadSetting, Forbidden, NotFound
from api.provisioning.key_text import digest, new_key
from db import sql
from db.ids import DirectoryId, KeyId, new_id
from db.queries import directories
from tests.conftest import DirectoryAccess, NewDirectory


@pytest.fixture
async def access(new_directory: NewDirectory) -> DirectoryAccess:
    """A directory with one key."""
    return await new_directory()


@pytest.fixture
def admin(access: DirectoryAccess) -> Actor:
    """The operator of that directory's organization."""
    return operator(access.organization_id)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.time += timedelta(**by)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The application's clock."""
    stopped = Clock()
    monkeypatch.setattr(clock, "now", stopped)
    return stopped


async def _ask(client: httpx.AsyncClient, header: str | None) -> tuple[int, str]:
    answer = await client.get("/scim/v2/Users", headers={} if header is None else {"authorization": header})
    assert answer.headers["content-type"] == "application/scim+json"
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["status"] == "401"
    return answer.status_code, str(answer.json().get("detail"))


async def _status(client: httpx.AsyncClient, key: str) -> int:
    return (await _ask(client, f"Bearer {key}"))[0]


async def test_only_the_hash_and_the_last_four_letters_are_kept(access: DirectoryAccess) -> None:
    [row] = await sql.rows("SELECT * FROM directory_key WHERE organization_id = $1", access.organization_id)
    assert (row["hash"], row["last_four"]) == (digest(access.key), access.key[-4:])
    assert access.key not in str(dict(row))


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "  Bearer", "Bearer  "])
async def test_the_scheme_is_compared_without_case(
    client: httpx.AsyncClient, access: DirectoryAccess, scheme: str
) -> None:
    assert (await _ask(client, f"{scheme} {access.key}"))[0] == 200


async def test_what_is_no_bearer_key_is_refused_with_the_right_words(
    client: httpx.AsyncClient, access: DirectoryAccess
) -> None:
    basic = base64.b64encode(f"admin:{access.key}".encode()).decode()
    wrong = {
        None: KeyProblem.MISSING,
        "Bearer": KeyProblem.MISSING,
        "Bearer ": KeyProblem.MISSING,
        access.key: KeyProblem.NOT_BEARER,
        f"Basic {basic}": KeyProblem.NOT_BEARER,
        f"Token {access.key}": KeyProblem.NOT_BEARER,
        f"Bearer{access.key}": KeyProblem.NOT_BEARER,
        f"Bearer {access.key[:-1]}": KeyProblem.UNREADABLE,
        f"Bearer {access.key.upper()}": KeyProblem.UNREADABLE,
        f"Bearer {access.key} {access.key}": KeyProblem.UNREADABLE,
        f"Bearer {access.key},": KeyProblem.UNREADABLE,
        "Bearer hunter2": KeyProblem.UNREADABLE,
        f"Bearer {new_key()}": KeyProblem.UNKNOWN,
    }
    for header, problem in wrong.items():
        status, detail = await _ask(client, header)
        assert (status, detail.split(" (trace ")[0]) == (401, problem.value), header


async def test_no_refusal_repeats_what_was_sent(client: httpx.AsyncClient, access: DirectoryAccess) -> None:
    for header in (access.key, f"Bearer {access.key[:-1]}", f"Bearer {new_key()}", "Basic c2VjcmV0OnNlY3JldA=="):
        answer = await client.get("/scim/v2/Users", headers={"authorization": header})
        assert header.split()[-1][:20] not in answer.text + str(answer.headers)


async def test_unknown_paths_and_methods_need_a_key_as_well(client: httpx.AsyncClient, access: DirectoryAccess) -> None:
    for method, path in (
        ("GET", "/scim/v2/Nothing"),
        ("PATCH", "/scim/v2/Schemas"),
        ("GET", "/scim/v1"),
        ("TRACE", "/scim"),
    ):
        assert (await client.request(method, path)).status_code == 401


async def test_the_three_ends_of_a_key_have_three_texts(
    client: httpx.AsyncClient, access: DirectoryAccess, admin: Actor, time: Clock
) -> None:
    second = await keys.rotate(admin, access.directory_id, overlap=timedelta(hours=1))
    third = await keys.rotate(admin, access.directory_id, overlap=timedelta(0))
    time.forward(hours=2)
    expiring = await keys.rotate(
        admin, access.directory_id, overlap=timedelta(days=1), expires_at=time() + timedelta(1)
    )
    assert await _status(client, expiring) == 200
    time.forward(days=2)
    told = [(await _ask(client, f"Bearer {key}"))[1] for key in (third, expiring, second, new_key())]
    assert ["expired" in told[0], "expired" in told[1], "revoked" in told[2], "not known" in told[3]] == [True] * 4
    assert len({text.split(" (trace ")[0] for text in told}) == 3


async def test_rotation_ends_the_old_key_at_once(
    client: httpx.AsyncClient, access: DirectoryAccess, admin: Actor
) -> None:
    fresh = await keys.rotate(admin, access.directory_id, overlap=timedelta(0))
    assert (await _status(client, access.key), await _status(client, fresh)) == (401, 200)


async def test_rotation_with_overlap_keeps_both_for_that_long(
    client: httpx.AsyncClient, access: DirectoryAccess, admin: Actor, time: Clock
) -> None:
    fresh = await keys.rotate(admin, access.directory_id, overlap=timedelta(days=1))
    assert (await _status(client, access.key), await _status(client, fresh)) == (200, 200)
    time.forward(hours=23, minutes=59)
    assert await _status(client, access.key) == 200
    time.forward(minutes=2)
    assert (await _status(client, access.key), await _status(client, fresh)) == (401, 200)


async def test_an_overlap_never_lengthens_a_life(
    client: httpx.AsyncClient, access: DirectoryAccess, admin: Actor, time: Clock
) -> None:
    short = await keys.rotate(admin, access.directory_id, overlap=timedelta(0), expires_at=time() + timedelta(hours=1))
    await keys.rotate(admin, access.directory_id, overlap=timedelta(days=7))
    time.forward(hours=2)
    assert await _status(client, short) == 401


@pytest.mark.parametrize("overlap", [timedelta(days=7, seconds=1), timedelta(seconds=-1)])
async def test_overlaps_have_limits(access: DirectoryAccess, admin: Actor, overlap: timedelta) -> None:
    with pytest.raises(BadSetting):
        await keys.rotate(admin, access.directory_id, overlap=overlap)


async def test_one_key_can_be_revoked_while_others_live(
    client: httpx.AsyncClient, access: DirectoryAccess, admin: Actor
) -> None:
    fresh = await keys.rotate(admin, access.directory_id, overlap=timedelta(days=1))
    [old, _] = await directories.keys(access.organization_id, access.directory_id)
    await keys.revoke(admin, KeyId(UUID(str(old["id"]))))
    assert (await _status(client, access.key), await _status(client, fresh)) == (401, 200)


async def test_keys_and_directories_of_others_cannot_be_touched(
    client: httpx.AsyncClient, access: DirectoryAccess, new_directory: NewDirectory
) -> None:
    stranger = operator((await new_directory()).organization_id)
    [key] = await directories.keys(access.organization_id, access.directory_id)
    with pytest.raises(NotFound):
        await keys.revoke(stranger, KeyId(UUID(str(key["id"]))))
    with pytest.raises(NotFound):
        await keys.rotate(stranger, access.directory_id, overlap=timedelta(0))
    assert await _status(client, access.key) == 200


async def test_a_directory_may_not_make_itself_keys(access: DirectoryAccess) -> None:
    itself = directory_actor(access.organization_id, access.directory_id)
    with pytest.raises(Forbidden):
        await keys.rotate(itself, access.directory_id, overlap=timedelta(0))
    with pytest.raises(Forbidden):
        await keys.revoke(itself, KeyId(new_id()))


async def test_there_are_no_keys_for_directories_that_do_not_exist(admin: Actor) -> None:
    with pytest.raises(NotFound):
        await keys.rotate(admin, DirectoryId(new_id()), overlap=timedelta(0))


async def _last_used(access: DirectoryAccess) -> datetime | None:
    await request_log.flush()
    [key] = await directories.keys(access.organization_id, access.directory_id)
    used = key["last_used_at"]
    assert used is None or isinstance(used, datetime)
    return used


async def test_the_last_use_is_noted(client: httpx.AsyncClient, access: DirectoryAccess, time: Clock) -> None:
    assert await _last_used(access) is None
    await _status(client, access.key)
    assert await _last_used(access) == time()


async def test_the_last_use_is_not_written_with_every_request(
    client: httpx.AsyncClient, access: DirectoryAccess, time: Clock
) -> None:
    await _status(client, access.key)
    first = await _last_used(access)
    row = "SELECT xmin::text FROM directory_key WHERE organization_id = $1"
    written = await sql.value(row, access.organization_id)
    for _ in range(5):
        time.forward(seconds=30)
        await _status(client, access.key)
    assert await _last_used(access) == first
    assert await sql.value(row, access.organization_id) == written
    time.forward(minutes=3)
    await _status(client, access.key)
    assert await _last_used(access) == time()


async def test_a_refused_key_is_not_noted_as_used(
    client: httpx.AsyncClient, access: DirectoryAccess, admin: Actor
) -> None:
    await keys.rotate(admin, access.directory_id, overlap=timedelta(0))
    await _status(client, access.key)
    [old, _] = await directories.keys(access.organization_id, access.directory_id)
    await request_log.flush()
    assert old["last_used_at"] is None
