"""Passwords and keys are kept nowhere, however a client may wrap them."""

from __future__ import annotations

import json

import pytest

from api.provisioning import request_log
from db import sql

from .conversation import USER, Scim, bulk, patch, search, user


async def _everything_kept(scim: Scim) -> str:
    """Every text of every table that belongs to the organization."""
    await request_log.flush()
    kept = []
    for table in ("request", "change", "directory_user", "departed_user", "directory_group", "member"):
        rows = await sql.rows(f"SELECT t::text FROM {table} t WHERE organization_id = $1", scim.access.organization_id)
        kept += [row[0] for row in rows]
    return "\n".join(kept)


SECRET = "s3cret-Pa55"


async def test_passwords_are_stored_nowhere(scim: Scim) -> None:
    made = await scim.make_user("ann", password=SECRET)
    path = f"/Users/{made['id']}"
    await scim.put(path, user("ann", PassWord=SECRET, title="x"))
    await scim.put(path, user("ann", **{f"{USER}:password": SECRET}))
    await scim.patch(path, {"op": "replace", "path": "password", "value": SECRET})
    await scim.patch(path, {"op": "add", "path": f"{USER}:Password", "value": SECRET})
    await scim.patch(path, {"op": "add", "value": {"password": SECRET, "title": "y"}})
    await scim.patch(path, {"value": SECRET, "path": "password", "op": "replace"})
    await scim.post(
        "/Bulk", bulk({"method": "PATCH", "path": path, "data": patch({"op": "add", "value": {"password": SECRET}})})
    )
    await scim.post("/Users", user("ann", password=SECRET))
    await scim.get("/Users", filter=f'password eq "{SECRET}"')
    await scim.post("/Users/.search", search(filter=f'password eq "{SECRET}"'))
    assert SECRET not in await _everything_kept(scim)


HIDING = {
    "an escaped name": b'{"userName":"bob","pass\\u0077ord":"s3cret-Pa55"}',
    "a broken body": b'{"userName":"bob","password":"s3cret-Pa55"',
    "another encoding": '{"userName":"bob","password":"s3cret-Pa55ü"}'.encode("latin-1"),
    "the wrong type": b'{"userName":"bob","password":{"value":"s3cret-Pa55"}}',
    "a NUL behind it": b'{"userName":"bob","password":"s3cret-Pa55\\u0000"}',
    "a list": b'{"userName":"bob","password":["s3cret-Pa55"]}',
    "a byte order mark": b'\xef\xbb\xbf{"userName":"bob","password":"s3cret-Pa55"}',
    "text with JSON inside": b'{"userName":"bob","x":"{\\"password\\":\\"s3cret-Pa55\\"}"}',
}


@pytest.mark.parametrize("body", HIDING.values(), ids=HIDING.keys())
async def test_passwords_hide_nowhere(scim: Scim, body: bytes) -> None:
    made = await scim.make_user("ann")
    await scim.send("POST", "/Users", content=body)
    await scim.send("PUT", f"/Users/{made['id']}", content=body)
    value = json.dumps(patch({"op": "add", "value": 0})).encode().replace(b"0}", body + b"}")
    await scim.send("PATCH", f"/Users/{made['id']}", content=value)
    assert SECRET not in await _everything_kept(scim)


async def test_a_pathless_value_of_json_in_text_hides_no_password(scim: Scim) -> None:
    made = await scim.make_user("ann")
    text = json.dumps({"password": SECRET, "title": "x"})
    await scim.patch(f"/Users/{made['id']}", {"op": "replace", "value": text})
    assert SECRET not in await _everything_kept(scim)


@pytest.mark.parametrize("query", ["filter=password eq", "filter=p%61ssword%20eq%20", "access_token=", "x=passWORD%20"])
async def test_secrets_in_the_query_are_not_kept(scim: Scim, query: str) -> None:
    secret = scim.access.key if query.startswith("access") else f'"{SECRET}"'
    await scim.get(f"/Users?{query}{secret}")
    kept = await _everything_kept(scim)
    assert SECRET not in kept
    assert scim.access.key not in kept


async def test_the_key_is_kept_nowhere(scim: Scim) -> None:
    await scim.make_user("ann")
    await scim.get("/Users")
    rows = await sql.rows("SELECT t::text FROM directory_key t")
    assert scim.access.key not in "\n".join(row[0] for row in rows) + await _everything_kept(scim)
