"""Samples about people who are fetched."""

from __future__ import annotations

from typing import Any

from tests.google.double import ADMIN, Workspace
from tests.graphql.conftest import Api
from tests.scim.conversation import Scim

from . import Sample
from .provisioning import own

_SHOWN = "directory { id pull { adminEmail everyMinutes problem } } userErrors { code message }"
_CONNECT = f"""mutation ($id: ID!, $input: PullConnectInput!) {{
  pullConnect(organizationId: $id, input: $input) {{ {_SHOWN} }} }}"""
_WORKSPACE = Workspace()


async def to_connect(api: Api, scim: Scim) -> dict[str, Any]:
    """A customer of Google's."""
    wanted = {"name": "Google", "keyFile": _WORKSPACE.key_file, "adminEmail": ADMIN}
    return {**await own(api, scim), "input": wanted}


async def connected(api: Api, scim: Scim) -> dict[str, Any]:
    """A directory whose people are fetched."""
    made = (await api.ask(_CONNECT, **await to_connect(api, scim)))["pullConnect"]
    return {"id": made["directory"]["id"]}


SAMPLES = {
    "pullConnect": Sample(_CONNECT, to_connect),
    "pullUpdate": Sample(
        f"mutation ($id: ID!) {{ pullUpdate(directoryId: $id, input: {{everyMinutes: 60}}) {{ {_SHOWN} }} }}", connected
    ),
    "pullNow": Sample(f"mutation ($id: ID!) {{ pullNow(directoryId: $id) {{ {_SHOWN} }} }}", connected),
}
