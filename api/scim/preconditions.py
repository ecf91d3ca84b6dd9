"""Entity tags in requests: If-Match for writes, If-None-Match for reads (RFC 7644 §3.14, RFC 9110 §13)."""

from __future__ import annotations

import re

from .exchange import Exchange

_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def if_match(exchange: Exchange) -> frozenset[int] | None:
    """The versions that a write may start from; None when any will do."""
    header = exchange.headers.get("if-match")
    return None if header is None or header.strip() == "*" else _versions(header)


def is_unchanged(exchange: Exchange, tag: str) -> bool:
    """Whether the client says that it has what this entity tag stands for."""
    header = exchange.headers.get("if-none-match")
    if header is None:
        return False
    return header.strip() == "*" or _opaque(tag) in _TAG.findall(header)


def _opaque(tag: str) -> str:
    """The text between the quotes, which is what a weak comparison compares (RFC 9110 §8.8.3.2)."""
    return tag.removeprefix("W/").strip('"')


def _versions(header: str) -> frozenset[int]:
    """Versions among the tags, without what stands for a user's groups; tags that are none of ours match nothing."""
    versions = (tag.partition(".")[0] for tag in _TAG.findall(header))
    return frozenset(
        int(version) for version in versions if version.isascii() and version.isdigit() and len(version) < 19
    )
