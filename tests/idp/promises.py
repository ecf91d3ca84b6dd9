"""What holds for every answer, whoever asked; checked at each step of each recording."""

from collections.abc import Iterator
from typing import Final

import msgspec

from tests.idp.wire import Answer

ERROR: Final = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def broken(answer: Answer) -> list[str]:
    """One line for each promise an answer breaks."""
    if answer.status >= 500 and answer.status != 501:
        return ["a server error"]
    if answer.status in (204, 304):
        return ["a body where the status allows none"] if answer.content else []
    return list(_complaints(answer))


def _complaints(answer: Answer) -> Iterator[str]:
    try:
        document = answer.document
    except msgspec.DecodeError as error:
        yield f"the body is not JSON: {error}"
        return
    if not isinstance(document, dict):
        # RFC 7644 section 3.5.2: 200 to a PATCH carries the resource; Okta fails on an empty 201
        yield "no JSON object in the body"
        return
    if answer.headers.get("content-type") != "application/scim+json":
        yield f"Content-Type is {answer.headers.get('content-type')!r}"
    if answer.status >= 400:
        yield from _about_an_error(answer, document)
        return
    if "password" in _names(document):
        yield "a password is shown"
    if answer.status == 201:
        yield from _about_a_creation(answer, document)
    schemas = document.get("schemas")
    if isinstance(schemas, list) and LIST in schemas:
        yield from _about_a_list(document)


def _about_an_error(answer: Answer, document: dict[str, object]) -> Iterator[str]:
    if document.get("schemas") != [ERROR]:
        yield "the error does not carry the Error schema alone"
    if document.get("status") != str(answer.status):
        yield f"status in the error is {document.get('status')!r}, not the text of {answer.status}"
    if not document.get("detail"):
        yield "the error has no detail"
    if answer.status == 401 and "www-authenticate" not in answer.headers:
        yield "401 without WWW-Authenticate"
    if answer.status == 405 and "allow" not in answer.headers:
        yield "405 without Allow"


def _about_a_creation(answer: Answer, document: dict[str, object]) -> Iterator[str]:
    meta, made = document.get("meta"), document.get("id")
    location = meta.get("location") if isinstance(meta, dict) else None
    if not isinstance(made, str) or not made or "bulkId" in made:
        yield f"the id is {made!r}"
    elif answer.headers.get("location") != location or not str(location).endswith(f"/{made}"):
        yield f"Location is {answer.headers.get('location')!r}, meta.location {location!r}, id {made!r}"


def _about_a_list(document: dict[str, object]) -> Iterator[str]:
    rows, total = document.get("Resources", []), document.get("totalResults")
    # RFC 9865 section 2: a page reached by cursor has no startIndex
    for name in ("totalResults", "itemsPerPage", "startIndex"):
        if type(document.get(name, 0)) is not int:
            yield f"{name} is {document[name]!r}, not an integer"
    if not isinstance(rows, list):
        yield "Resources is not a list"
    elif len(rows) != document.get("itemsPerPage", len(rows)) or (isinstance(total, int) and len(rows) > total):
        yield f"{len(rows)} rows, itemsPerPage {document.get('itemsPerPage')}, totalResults {total}"


def _names(value: object) -> set[str]:
    """Every attribute name at any depth, in lower case."""
    if isinstance(value, dict):
        return {name.lower() for name in value}.union(*map(_names, value.values()))
    if isinstance(value, list):
        return set().union(*map(_names, value))
    return set()
