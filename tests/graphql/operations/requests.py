"""Samples about requests."""

from __future__ import annotations

from typing import Any

from tests.graphql.conftest import Api
from tests.scim.conversation import Scim
from tests.scim.governing import person

from . import Sample


async def one(api: Api, scim: Scim) -> dict[str, Any]:
    """A request that brought somebody."""
    answer = await scim.post("/Users", person("ann"))
    return {"trace": answer.headers["X-Trace-Id"], "id": api.id("Organization", scim.access.organization_id)}


_ONE = """query ($trace: ID!, $id: ID) { scimRequest(traceId: $trace, organizationId: $id) {
  id traceId status subject decisions { code text } } }"""

_ANY = "query ($trace: ID!) { platformRequest(traceId: $trace) { organization { name } request { traceId } } }"
_ALL = "query { platformRequests(first: 5) { nodes { organization { id } request { traceId subject } } } }"


async def _nothing(api: Api, scim: Scim) -> dict[str, Any]:
    await one(api, scim)
    return {}


async def _traced(api: Api, scim: Scim) -> dict[str, Any]:
    return {"trace": (await one(api, scim))["trace"]}


SAMPLES = {
    "scimRequest": Sample(_ONE, one),
    "platformRequest": Sample(_ANY, _traced),
    "platformRequests": Sample(_ALL, _nothing),
}
