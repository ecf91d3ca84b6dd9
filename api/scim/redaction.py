"""What is kept of requests without what must not be kept: passwords and keys."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

import msgspec

KEPT = 65_536
HIDDEN = "***"

_KEY = re.compile(r"rc_(?:scim|api|at|secret)_[0-9A-Za-z]+")
_SECRET = "password"


def redacted_body(body: bytes) -> str | None:
    """The body as text, with passwords and keys replaced; a note instead of what is too large or unreadable."""
    if not body:
        return None
    if len(body) > KEPT:
        return f"(a body of {len(body)} bytes, not kept)"
    try:
        text = body.decode()
        # An escaped letter can hide the word from a search of the text, but not from the decoder.
        if _SECRET in text.lower() or "\\u" in text:
            text = msgspec.json.encode(_without_secrets(msgspec.json.decode(body))).decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return f"(an unreadable body of {len(body)} bytes, not kept)"
    return redacted_text(text).replace("\x00", "\N{REPLACEMENT CHARACTER}")


def redacted_query(query: str) -> str | None:
    """The query as it was sent, unless it mentions a password; keys in it are replaced."""
    if _SECRET in unquote_plus(query).lower():
        return "(a query that mentions a password, not kept)"
    return redacted_text(query) or None


def redacted_text(text: str) -> str:
    """The text with keys replaced."""
    return _KEY.sub("rc_…", text)


def _without_secrets(value: object) -> object:
    match value:
        case str():
            return HIDDEN if _SECRET in value.lower() else value
        case dict():
            about_one = _SECRET in str(value.get("path", "")).lower()
            return {key: _kept(key, item, hides_value=about_one) for key, item in value.items()}
        case list():
            return [_without_secrets(item) for item in value]
    return value


def _kept(key: str, item: object, *, hides_value: bool) -> object:
    if key == "path":
        return item
    is_secret = _SECRET in key.lower() or (hides_value and key == "value")
    return HIDDEN if is_secret else _without_secrets(item)
