"""What a list request asks for: filter, order, page and projection, from a URL or a SearchRequest (RFC 7644 §3.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .exchange import Exchange
from .language.errors import InvalidSyntax, InvalidValue, ScimError
from .language.schemas import MESSAGES

SEARCH_URN = MESSAGES + "SearchRequest"
PAGE = 100
LARGEST_PAGE = 1000


class InvalidCount(ScimError):
    """`count` is no number (RFC 9865 §2.1)."""

    scim_type = "invalidCount"


@dataclass(frozen=True, slots=True)
class ListRequest:
    """One list request; `cursor` is None for pages by index, and empty for the first page by cursor."""

    filter: str | None
    sort_by: str | None
    is_descending: bool
    start_index: int
    count: int
    cursor: str | None
    attributes: str | None
    excluded: str | None


def from_url(exchange: Exchange) -> ListRequest:
    """The list request in the query of a GET."""
    return _parse(exchange.parameters)


def from_body(exchange: Exchange) -> ListRequest:
    """The list request in the body of a POST to `.search` (RFC 7644 §3.4.3)."""
    body = exchange.json()
    if not isinstance(body, dict):
        raise InvalidSyntax("A search is a JSON object.")
    given = {key.lower(): value for key, value in body.items()}
    schemas = given.get("schemas")
    if isinstance(schemas, list) and schemas and SEARCH_URN not in schemas:
        raise InvalidSyntax(f"A search carries the schema {SEARCH_URN}.")
    return _parse({key: _as_text(key, value) for key, value in given.items() if key != "schemas" and value is not None})


def _parse(given: Mapping[str, str]) -> ListRequest:
    cursor = given.get("cursor")
    if cursor is not None and "startindex" in given:
        raise InvalidValue("`cursor` and `startIndex` exclude each other; send one of them.")
    order = given.get("sortorder", "ascending").lower()
    if order not in ("ascending", "descending"):
        raise InvalidValue("`sortOrder` is `ascending` or `descending`.")
    return ListRequest(
        filter=given.get("filter") or None,
        sort_by=given.get("sortby") or None,
        is_descending=order == "descending",
        start_index=max(1, _number(given, "startIndex", 1, InvalidValue)),
        count=min(
            LARGEST_PAGE, max(0, _number(given, "count", PAGE, InvalidValue if cursor is None else InvalidCount))
        ),
        cursor=cursor,
        attributes=given.get("attributes"),
        excluded=given.get("excludedattributes"),
    )


def _number(given: Mapping[str, str], name: str, default: int, problem: type[ScimError]) -> int:
    text = given.get(name.lower(), "").strip()
    if not text:
        return default
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        raise problem(f"`{name}` must be a whole number, not {text[:50]!r}.")
    return int(text)


def _as_text(key: str, value: object) -> str:
    """A value of a SearchRequest as the URL would have it; attributes come as a list there."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ",".join(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InvalidSyntax(f"`{key}` has a value of the wrong type.")
    return str(value)
