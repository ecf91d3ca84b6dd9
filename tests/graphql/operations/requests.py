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

SAMPLES = {"scimRequest": Sample(_ONE, one)}
