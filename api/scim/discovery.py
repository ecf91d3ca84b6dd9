"""Discovery: what this server can do and what it keeps, truthfully (RFC 7644 §4, RFC 7643 §5 to §7, RFC 9865 §4)."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from api.provisioning import directories

from . import queries, render
from .bulk_limits import MAX_OPERATIONS
from .errors import HttpError
from .exchange import Answer, Exchange
from .language import schemas
from .language.schemas import CORE, Attribute, Document, ResourceType, Schema

_CONFIG_URN = CORE + "ServiceProviderConfig"
_TYPE_URN = CORE + "ResourceType"
_SCHEMA_URN = CORE + "Schema"
_KEYS: Document = {
    "type": "oauthbearertoken",
    "name": "OAuth Bearer Token",
    "description": "The key of the directory, sent as `Authorization: Bearer rc_scim_…`.",
    "specUri": "https://www.rfc-editor.org/info/rfc6750",
    "primary": True,
}
_OAUTH: Document = {
    "type": "oauth2",
    "name": "OAuth 2.0 Client Credentials",
    "description": "An access token from the token endpoint, sent as `Authorization: Bearer rc_at_…`.",
    "specUri": "https://www.rfc-editor.org/info/rfc6749",
    "primary": False,
}


async def service_provider_config(exchange: Exchange) -> Answer:
    """GET /ServiceProviderConfig."""
    _refuse_filter(exchange)
    has_clients = await directories.has_oauth_clients(exchange.actor)
    return Answer(200, msgspec.json.encode(_config(exchange, [_KEYS, *([_OAUTH] if has_clients else [])])))


async def all_resource_types(exchange: Exchange) -> Answer:
    """GET /ResourceTypes."""
    _refuse_filter(exchange)
    return _listed(_resource_type(type, exchange) for type in exchange.known_types())


async def resource_type(exchange: Exchange, name: str) -> Answer:
    """GET /ResourceTypes/{name}."""
    _refuse_filter(exchange)
    for type in exchange.known_types():
        if type.name == name:
            return Answer(200, msgspec.json.encode(_resource_type(type, exchange)))
    raise HttpError(404, f"There is no resource type {name[:100]!r}; there are User and Group.")


async def all_schemas(exchange: Exchange) -> Answer:
    """GET /Schemas."""
    _refuse_filter(exchange)
    return _listed(_schema(schema, exchange) for schema in _schemas(exchange))


async def schema(exchange: Exchange, urn: str) -> Answer:
    """GET /Schemas/{urn}."""
    _refuse_filter(exchange)
    for found in _schemas(exchange):
        if found.id.lower() == urn.lower():
            return Answer(200, msgspec.json.encode(_schema(found, exchange)))
    raise HttpError(404, f"There is no schema {urn[:200]!r}; GET /Schemas lists them.")


async def me(_: Exchange) -> Answer:
    """/Me: a key stands for a directory, which is no user (RFC 7644 §3.11)."""
    raise HttpError(501, "There is no /Me here: the key stands for a directory, not for a user.")


def _refuse_filter(exchange: Exchange) -> None:
    if "filter" in exchange.parameters:
        raise HttpError(403, "Discovery cannot be filtered (RFC 7644 §4). Leave out `filter`.")


def _listed(resources: Iterable[Document]) -> Answer:
    encoded = [msgspec.json.encode(resource) for resource in resources]
    return Answer(200, render.list_response(encoded, total=len(encoded), start_index=1), results=len(encoded))


def _config(exchange: Exchange, schemes: list[Document]) -> Document:
    return {
        "schemas": [_CONFIG_URN],
        "patch": {"supported": True},
        "bulk": {"supported": True, "maxOperations": MAX_OPERATIONS, "maxPayloadSize": exchange.max_body_bytes},
        "filter": {"supported": True, "maxResults": queries.LARGEST_PAGE},
        "changePassword": {"supported": False},
        "sort": {"supported": True},
        "etag": {"supported": True},
        "pagination": {
            "cursor": True,
            "index": True,
            "defaultPaginationMethod": "index",
            "defaultPageSize": queries.PAGE,
            "maxPageSize": queries.LARGEST_PAGE,
        },
        "authenticationSchemes": schemes,
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{exchange.base_url}/ServiceProviderConfig"},
    }


def _resource_type(type: ResourceType, exchange: Exchange) -> Document:
    return {
        "schemas": [_TYPE_URN],
        "id": type.name,
        "name": type.name,
        "description": type.description,
        "endpoint": type.endpoint,
        "schema": type.schema.id,
        "schemaExtensions": [
            {"schema": extension.id, "required": False}
            for extension in type.extensions
            if extension.id not in type.unannounced
        ],
        "meta": {"resourceType": "ResourceType", "location": f"{exchange.base_url}/ResourceTypes/{type.name}"},
    }


def _schemas(exchange: Exchange) -> list[Schema]:
    return [schema for type in exchange.known_types() for schema in (type.schema, *type.extensions)]


def _schema(schema: Schema, exchange: Exchange) -> Document:
    return {
        "schemas": [_SCHEMA_URN],
        "id": schema.id,
        "name": schema.name,
        "description": schema.description,
        "attributes": [schemas.to_json(attribute) for attribute in _announced(schema)],
        "meta": {"resourceType": "Schema", "location": f"{exchange.base_url}/Schemas/{schema.id}"},
    }


def _announced(schema: Schema) -> Iterable[Attribute]:
    """All attributes but `password`: Microsoft's validator fails a server that announces one it never returns."""
    return (attribute for attribute in schema.attributes if attribute.name != "password")
