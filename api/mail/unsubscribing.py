"""Where digests are ended: a page with a button, since programs that look through mails follow links (RFC 8058)."""

from __future__ import annotations

from litestar import MediaType, Response, get, post
from litestar.params import FromPath

from api.provisioning import contacts
from api.provisioning.errors import NotFound

from . import rendering
from .digests import UNSUBSCRIBE

_PATH = UNSUBSCRIBE + "{token:str}"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@get(_PATH, media_type=MediaType.HTML)
async def ask(token: FromPath[str]) -> Response[str]:
    """A page that asks whether digests are to end; nothing is done yet."""
    try:
        name = await contacts.subscription(token)
    except NotFound as problem:
        return _page(404, str(problem))
    return _page(200, f"End the weekly digests of {name}?", button="End them")


@post(_PATH, status_code=200, media_type=MediaType.HTML)
async def end(token: FromPath[str]) -> Response[str]:
    """End the digests of whoever has the token, also by one click in a mail program."""
    try:
        name = await contacts.unsubscribe(token)
    except NotFound as problem:
        return _page(404, str(problem))
    return _page(200, f"You get no more weekly digests of {name}.")


def _page(status: int, text: str, *, button: str = "") -> Response[str]:
    page = rendering.page(text, button)
    return Response(page, status_code=status, media_type=MediaType.HTML, headers=_HEADERS)
