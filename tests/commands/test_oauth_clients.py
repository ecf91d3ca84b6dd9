"""OAuth clients from the command line."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.provisioning.errors import BadSetting, NotFound
from tests.conftest import BASE_URL, NewDirectory
from tests.oauth.asking import FORM
from tests.oauth.signing import EC, RSA, jwks

from .conftest import Ask, read, read_list


@pytest.fixture
async def where(new_directory: NewDirectory) -> dict[str, Any]:
    """A directory."""
    access = await new_directory()
    return {"organization": access.organization_id, "directory": access.directory_id}


async def get_token(client: httpx.AsyncClient, made: dict[str, object]) -> int:
    """The status of a token request by what was printed."""
    answer = await client.post(
        str(made["token_url"]).removeprefix(BASE_URL),
        content=f"grant_type=client_credentials&client_id={made['client_id']}&client_secret={made['client_secret']}",
        headers={"content-type": FORM},
    )
    return answer.status_code


async def test_a_client_is_made_listed_and_ended(client: httpx.AsyncClient, ask: Ask, where: dict[str, Any]) -> None:
    place = ("--organization", where["organization"])
    result = await ask("oauth-clients", "create", "Entra", *place, "--directory", where["directory"])
    made = read(result)
    assert (made["scim_url"], made["token_url"]) == (f"{BASE_URL}/scim/v2", f"{BASE_URL}/oauth2/token")
    for fact in ("scim_url", "token_url", "client_id", "client_secret"):
        assert str(made[fact]) in result.text
    assert await get_token(client, made) == 200
    fresh = read(await ask("oauth-clients", "add-secret", made["client_id"], "--overlap-hours", 1, *place))
    assert [await get_token(client, each) for each in (made, fresh)] == [200, 200]
    listed = await ask("oauth-clients", "list", *place, "--directory", where["directory"])
    [found] = read_list(listed)
    assert str(made["client_secret"])[-4:] in listed.text
    assert str(made["client_secret"]) not in listed.as_json()
    secrets = found["secrets"]
    assert isinstance(secrets, list)
    assert [each["state"] for each in secrets] == ["ACTIVE", "EXPIRING"]
    await ask("oauth-clients", "revoke-secret", secrets[1]["id"], *place)
    assert [await get_token(client, each) for each in (made, fresh)] == [401, 200]
    assert read(await ask("oauth-clients", "revoke", made["client_id"], *place))["state"] == "revoked"
    assert await get_token(client, fresh) == 401
    assert "revoked" in (await ask("oauth-clients", "list", *place)).text


async def test_a_client_may_have_keys_instead(ask: Ask, where: dict[str, Any], tmp_path: Path) -> None:
    place, file = ("--organization", where["organization"]), tmp_path / "keys.json"
    file.write_text(jwks(RSA))
    made = read(
        await ask("oauth-clients", "create", "Ping", *place, "--directory", where["directory"], "--jwks", str(file))
    )
    assert made["client_secret"] is None
    file.write_text(jwks(EC))
    await ask("oauth-clients", "trust", made["client_id"], *place, "--jwks", str(file))
    [found] = read_list(await ask("oauth-clients", "list", *place))
    assert json.loads(str(found["jwks"])) == {"keys": [EC.jwk]}
    url = "https://login.microsoftonline.com/x/discovery/v2.0/keys"
    given = ("--jwks-uri", url, "--issuer", "https://login.microsoftonline.com/x/v2.0", "--subject", "y")
    result = await ask("oauth-clients", "trust", made["client_id"], *place, *given, "--audience", "api://z/.default")
    assert url in result.text
    [found] = read_list(await ask("oauth-clients", "list", *place))
    assert (found["jwks"], found["jwks_uri"], found["audience"]) == (None, url, "api://z")
    with pytest.raises(BadSetting, match="--jwks"):
        await ask("oauth-clients", "trust", made["client_id"], *place)
    with pytest.raises(SystemExit):
        await ask("oauth-clients", "trust", made["client_id"], *place, "--jwks", str(tmp_path / "nothing"))


async def test_what_is_not_there_is_told(ask: Ask, where: dict[str, Any], new_directory: NewDirectory) -> None:
    place = ("--organization", where["organization"])
    elsewhere = (await new_directory()).directory_id
    for argv in (
        ("create", "Okta", "--directory", elsewhere),
        ("list", "--directory", elsewhere),
        ("add-secret", uuid.uuid4()),
        ("revoke-secret", uuid.uuid4()),
        ("revoke", uuid.uuid4()),
    ):
        with pytest.raises(NotFound):
            await ask("oauth-clients", *argv, *place)
