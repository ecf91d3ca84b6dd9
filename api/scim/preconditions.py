"""Entity tags in requests: If-Match for writes, If-None-Match for reads (RFC 7644 §3.14, RFC 9110 §13)."""

from __future__ import annotations

import re

from .exchange import Exchange

_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def if_match(exchange: Exchange) -> frozenset[int] | None:
    """The versions that a write may start from; None when any will do."""
    header = exchange.headers.get("if-match")
    return None if header is None or header.strip() == "*" else _versions(header)


def is_unchanged(exchange: Exchange, version: int) -> bool:
    """Whether the client says that it has this version already."""
    header = exchange.headers.get("if-none-match")
    if header is None:
        return False
    return header.strip() == "*" or version in _versions(header)


def _versions(header: str) -> frozenset[int]:
    """Versions among the tags; tags that are none of ours match nothing."""
    return frozenset(int(tag) for tag in _TAG.findall(header) if tag.isdecimal() and len(tag) < 19)
