"""Which handler answers what; the table of the SCIM edge (RFC 7644 §3.2)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar
from urllib.parse import unquote

from . import bulk, discovery, groups, lists, users
from .errors import HttpError
from .exchange import Answer, Exchange

BASE = "/scim/v2"

Handler = Callable[[Exchange], Awaitable[Answer]]
H = TypeVar("H")
ResourceHandler = Callable[[Exchange, str], Awaitable[Answer]]

_USERS: Mapping[str, ResourceHandler] = {
    "GET": users.read,
    "PUT": users.replace,
    "PATCH": users.modify,
    "DELETE": users.delete,
}
_GROUPS: Mapping[str, ResourceHandler] = {
    "GET": groups.read,
    "PUT": groups.replace,
    "PATCH": groups.modify,
    "DELETE": groups.delete,
}
_RESOURCES: Mapping[str, Mapping[str, ResourceHandler]] = {
    "Users": _USERS,
    "Groups": _GROUPS,
    "ResourceTypes": {"GET": discovery.resource_type},
    "Schemas": {"GET": discovery.schema},
}
_ME = dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), discovery.me)
_COLLECTIONS: Mapping[str, Mapping[str, Handler]] = {
    "": {"GET": lists.everything},
    ".search": {"POST": lists.search_everything},
    "Users": {"GET": lists.users, "POST": users.create},
    "Users/.search": {"POST": lists.search_users},
    "Groups": {"GET": lists.groups, "POST": groups.create},
    "Groups/.search": {"POST": lists.search_groups},
    "ServiceProviderConfig": {"GET": discovery.service_provider_config},
    "ResourceTypes": {"GET": discovery.all_resource_types},
    "Schemas": {"GET": discovery.all_schemas},
    "Bulk": {"POST": bulk.run},
    "Me": _ME,
}


def find(method: str, path: str) -> Handler:
    """What answers a request; raises HttpError 404 for an unknown path and 405 for a method that it does not take."""
    wanted = "GET" if method == "HEAD" else method
    inside = _inside(path)
    collection = _COLLECTIONS.get(inside)
    if collection is not None:
        return _method(collection, wanted)
    kind, _, id = inside.partition("/")
    resource = _RESOURCES.get(kind)
    if resource is None or not id or "/" in id:
        raise HttpError(
            404, f"There is nothing at {path[:200]!r}. The base URL ends in {BASE}, without a page behind it."
        )
    handler = _method(resource, wanted)
    return lambda exchange: handler(exchange, unquote(id))


def _inside(path: str) -> str:
    """The path below the base URL, without slashes around it."""
    if path != BASE and not path.startswith(BASE + "/"):
        hint = f"{BASE}{path.removeprefix('/scim').removeprefix('/v1')}"
        raise HttpError(404, f"There is nothing at {path[:200]!r}. SCIM 2.0 is at {BASE}; did you mean {hint[:200]!r}?")
    return path[len(BASE) :].strip("/")


def _method(handlers: Mapping[str, H], method: str) -> H:
    handler = handlers.get(method)
    if handler is None:
        allowed = ", ".join(handlers)
        raise HttpError(405, f"{method} is not possible here, only {allowed}.", headers={"Allow": allowed})
    return handler
