"""What is kept of requests without what must not be kept: passwords."""

from __future__ import annotations

import msgspec

KEPT = 65_536
HIDDEN = "***"


def redacted_body(body: bytes) -> str | None:
    """The body as text, with passwords replaced; a note instead of what is too large or unreadable."""
    if not body:
        return None
    if len(body) > KEPT:
        return f"(a body of {len(body)} bytes, not kept)"
    try:
        text = body.decode()
        if "password" in text.lower():
            text = msgspec.json.encode(_without_passwords(msgspec.json.decode(body))).decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return f"(an unreadable body of {len(body)} bytes, not kept)"
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def redacted_query(query: str) -> str | None:
    """The query as it was sent, unless it mentions a password."""
    if "password" in query.lower():
        return "(a query that mentions a password, not kept)"
    return query or None


def _without_passwords(value: object) -> object:
    match value:
        case dict():
            is_about_one = "password" in str(value.get("path", "")).lower()
            return {
                key: HIDDEN
                if "password" in key.lower() or (is_about_one and key == "value")
                else _without_passwords(item)
                for key, item in value.items()
            }
        case list():
            return [_without_passwords(item) for item in value]
        case _:
            return value
