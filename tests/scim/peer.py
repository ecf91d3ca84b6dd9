"""The scim2-server library as a second opinion: the same requests over the same schemas, kept in memory."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from scim2_models import ResourceType, Schema, ScimProvider, ServiceProviderConfig
from scim2_server.applications.wsgi import WSGIApplication
from scim2_server.memory import InMemoryStorage
from scim2_server.requests import ScimRequest
from scim2_server.service import ScimService

from .conversation import MEDIA_TYPE, Json, Scim


async def described(scim: Scim) -> ScimProvider:
    """The service that the directory describes by what it answers to discovery; costly, so make it once."""
    schemas, types = [(await scim.read(path))["Resources"] for path in ("/Schemas", "/ResourceTypes")]
    announced = {urn for each in types for urn in _urns(each)}
    return ScimProvider.from_discovery(
        [Schema.model_validate(each) for each in schemas if each["id"] in announced],
        [ResourceType.model_validate(each) for each in types],
        config=ServiceProviderConfig.model_validate(_CONFIG),
    )


class Peer:
    """A server of the library for that service, empty at first."""

    def __init__(self, provider: ScimProvider) -> None:
        self._application = WSGIApplication(InMemoryStorage(), provider, ScimService(provider, secret="peer"))

    def send(self, method: str, path: str, body: object = None) -> tuple[int, Json]:
        """Status and document of its answer."""
        path, _, query = path.partition("?")
        request = ScimRequest(
            method=method,
            base_url="http://peer.test/scim/v2",
            path=path,
            query=dict(parse_qsl(query, keep_blank_values=True)),
            headers={"Content-Type": MEDIA_TYPE},
            body=b"" if body is None else json.dumps(body).encode(),
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answer = self._application.serve(request)
        found: Any = json.loads(json.dumps(answer.body or {}, default=str))
        return int(answer.status), found


def _urns(resource_type: Json) -> Iterable[str]:
    yield resource_type["schema"]
    for extension in resource_type["schemaExtensions"]:
        yield extension["schema"]


_CONFIG: Json = {
    "patch": {"supported": True},
    "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
    "filter": {"supported": True, "maxResults": 1000},
    "changePassword": {"supported": False},
    "sort": {"supported": True},
    "etag": {"supported": True},
    "authenticationSchemes": [],
}
