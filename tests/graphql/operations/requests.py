"""Samples about the record of requests."""

from __future__ import annotations

from typing import Any

from api.provisioning import request_log
from tests.graphql.conftest import Api
from tests.scim.conversation import Scim
from tests.scim.governing import person

from . import Sample


async def refused(api: Api, scim: Scim) -> dict[str, Any]:
    """A request that was refused."""
    await scim.post("/Users", {**person("ann"), "userName": ""})
    await request_log.flush()
    text = "{ organization { requests(first: 1) { nodes { traceId } } } }"
    found = (await api.ask(text))["organization"]["requests"]["nodes"]
    return {"trace": found[0]["traceId"]}


SAMPLES = {
    "scimRequest": Sample(
        "query ($trace: String!) { scimRequest(traceId: $trace) { traceId status detail decisions { code text } } }",
        refused,
    ),
}
