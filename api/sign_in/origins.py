"""Whether a request comes from a page of ours: what browsers say of it, which no page of another site can change."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from litestar import Request

from api.settings import Settings

_SAME = frozenset({"same-origin", "none"})


def is_ours(request: Request[Any, Any, Any], settings: Settings) -> bool:
    """Whether no other site made the browser send this (CSRF); also for clients that say nothing of it."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site not in _SAME:
        return False
    own = urlsplit(settings.public_url)
    return origin is None or urlsplit(origin)[:2] == own[:2] or urlsplit(origin).netloc == request.headers.get("host")
