"""Secrets that a page shows once, after the redirect that follows a form: a key is not made again by loading anew.

The secret goes back to the browser that asked for it in a cookie that no script reads, that is sent to one page only,
and that this page takes away when it shows it.
"""

from __future__ import annotations

from litestar.datastructures import Cookie

from .visits import Visit

_NAME = "rollcall-shown-once"
_SECONDS = 120


def put(visit: Visit, path: str, secret: str) -> Cookie:
    """The cookie that takes a secret to a page."""
    return _cookie(visit, path, secret, _SECONDS)


def take(visit: Visit, path: str) -> tuple[str | None, list[Cookie]]:
    """The secret that a page has to show, if there is one, and the cookies that take it away."""
    found = visit.request.cookies.get(_NAME)
    return found, [_cookie(visit, path, "", 0)] if found else []


def _cookie(visit: Visit, path: str, value: str, seconds: int) -> Cookie:
    return Cookie(
        _NAME,
        value=value,
        max_age=seconds,
        path=path,
        secure=visit.settings.public_url.startswith("https:"),
        httponly=True,
        samesite="strict",
    )
