"""`/Bulk`: many writes in one request, each a transaction and a record of its own (RFC 7644 §3.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import msgspec

from db.ids import RequestId, new_id

from . import errors, references
from .bulk_limits import MAX_OPERATIONS
from .errors import HttpError
from .exchange import Answer, Exchange
from .language.errors import InvalidSyntax, InvalidValue
from .language.schemas import MESSAGES, Document

REQUEST_URN = MESSAGES + "BulkRequest"
RESPONSE_URN = MESSAGES + "BulkResponse"
_METHODS = ("POST", "PUT", "PATCH", "DELETE")
_RESOURCE = re.compile(r"/(?:Users|Groups)(?:/[^/.?#][^/?#]*)?")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a bulk request."""

    method: str
    path: str
    bulk_id: str | None
    version: str | None
    data: object


async def run(exchange: Exchange) -> Answer:
    """POST /Bulk: operations in order, but each behind those whose `bulkId` it refers to."""
    body = exchange.json()
    if not isinstance(body, dict):
        raise InvalidSyntax("A bulk request is a JSON object.")
    given = {key.lower(): value for key, value in body.items()}
    operations, fail_on_errors = _operations(given), _fail_on_errors(given)
    results: dict[int, Document] = {}
    ids: dict[str, str] = {}
    failures = 0
    for number in references.order([references.Node(each.bulk_id, (each.path, each.data)) for each in operations]):
        result, created = await _perform(exchange, operations[number], ids)
        results[number] = result
        if created is not None and operations[number].bulk_id:
            ids[str(operations[number].bulk_id)] = created
        failures += int(str(result["status"])) >= 400
        if fail_on_errors is not None and failures >= fail_on_errors:
            break
    shown = {"schemas": [RESPONSE_URN], "Operations": [results[number] for number in sorted(results)]}
    return Answer(200, msgspec.json.encode(shown), results=len(results))


async def _perform(exchange: Exchange, operation: Operation, ids: dict[str, str]) -> tuple[Document, str | None]:
    """The result of one operation, and the id of what it created."""
    from . import routes

    inner = replace(
        exchange,
        method=operation.method,
        path=f"{routes.BASE}{operation.path}",
        query="",
        headers=_headers(exchange, operation),
        id=RequestId(new_id()),
        bulk_request=exchange.id,
        body=b"",
    )
    try:
        inner.path = f"{routes.BASE}{references.resolve(operation.path, ids)}"
        if operation.data is not None:
            inner.body = msgspec.json.encode(references.resolve(operation.data, ids))
        handler = routes.find(inner.method, inner.path)
        if not _RESOURCE.fullmatch(operation.path):
            raise HttpError(
                404, f"`path` is `/Users` or `/Groups`, with or without an id, not {operation.path[:100]!r}."
            )
        answer = await handler(inner)
    except Exception as error:
        answer = errors.answer(inner, error)
        await errors.remember(inner, answer, error)
    return _result(operation, inner, answer), str(inner.resource_id) if answer.status == 201 else None


def _result(operation: Operation, inner: Exchange, answer: Answer) -> Document:
    result: Document = {"method": operation.method}
    if operation.bulk_id is not None:
        result["bulkId"] = operation.bulk_id
    if inner.resource_id is not None and inner.resource_type is not None:
        result["location"] = f"{inner.base_url}/{inner.resource_type}s/{inner.resource_id}"
    if "ETag" in answer.headers:
        result["version"] = answer.headers["ETag"]
    result["status"] = str(answer.status)
    if answer.status >= 400 and isinstance(answer.body, bytes):
        result["response"] = msgspec.json.decode(answer.body)
    return result


def _headers(exchange: Exchange, operation: Operation) -> dict[str, str]:
    kept = {name: value for name, value in exchange.headers.items() if name == "user-agent"}
    return kept | ({"if-match": operation.version} if operation.version else {})


def _operations(given: Document) -> list[Operation]:
    listed = given.get("operations")
    schemas = given.get("schemas")
    if isinstance(schemas, list) and schemas and REQUEST_URN not in schemas:
        raise InvalidSyntax(f"A bulk request carries the schema {REQUEST_URN}.")
    if not isinstance(listed, list) or not listed:
        raise InvalidSyntax("A bulk request needs a list of `Operations`.")
    if len(listed) > MAX_OPERATIONS:
        raise HttpError(
            413, f"A bulk request may hold {MAX_OPERATIONS} operations, not {len(listed)}. Send it in parts."
        )
    operations = [_operation(item) for item in listed]
    bulk_ids = [each.bulk_id for each in operations if each.bulk_id is not None]
    if len(set(bulk_ids)) < len(bulk_ids):
        raise InvalidValue("Two operations have the same `bulkId`.")
    return operations


def _operation(item: object) -> Operation:
    if not isinstance(item, dict):
        raise InvalidSyntax("Each of the `Operations` is a JSON object.")
    given = {key.lower(): value for key, value in item.items()}
    method, path, bulk_id = str(given.get("method", "")).upper(), given.get("path"), given.get("bulkid")
    if method not in _METHODS:
        raise InvalidSyntax(f"`method` is one of {', '.join(_METHODS)}, not {method[:20]!r}.")
    if not isinstance(path, str) or not path.startswith("/"):
        raise InvalidSyntax("`path` begins with a slash, as in `/Users`.")
    if method == "POST" and not bulk_id:
        raise InvalidSyntax("An operation with POST needs a `bulkId` (RFC 7644 §3.7).")
    version = given.get("version")
    return Operation(
        method,
        path,
        None if bulk_id is None else str(bulk_id),
        version if isinstance(version, str) else None,
        given.get("data"),
    )


def _fail_on_errors(given: Document) -> int | None:
    limit = given.get("failonerrors")
    if limit is None:
        return None
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise InvalidValue("`failOnErrors` is a whole number above zero.")
    return limit
