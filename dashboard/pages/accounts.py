"""One's own account: where one has signed in, how pages look, and keys."""

from __future__ import annotations

import uuid
from typing import Any

from litestar import Request, Response, get, post

from api.identity import sessions

from .. import forms, visits
from ..visits import KEYS, THEME, Visit


@get("/account")
async def account(request: Request[Any, Any, Any]) -> Response[Any]:
    """The sessions of whoever looks."""
    visit = await visits.signed_in(request)
    return await _shown(visit)


async def _shown(visit: Visit) -> Response[Any]:
    assert visit.session is not None
    found = await sessions.all_of(visit.session)
    return visit.page("account.html", sessions=found, own=visit.session)


@post("/account/sessions")
async def end_sessions(request: Request[Any, Any, Any]) -> Response[Any]:
    """Ends one session, or all but this."""
    visit = await visits.signed_in(request)
    form = await forms.read(visit)
    assert visit.session is not None
    if which := form.maybe("session"):
        try:
            await sessions.end(visit.session, uuid.UUID(which))
        except ValueError:
            return visit.go("/account")
        return visit.go("/account", "That session has ended.")
    await sessions.end_others(visit.session)
    return visit.go("/account", "All other sessions have ended.")


@post("/account/theme")
async def theme(request: Request[Any, Any, Any]) -> Response[Any]:
    """Remembers in this browser whether pages are light or dark."""
    visit = await visits.signed_in(request)
    form = await forms.read(visit)
    chosen = form.text("theme")
    return visit.go("/account", cookies=[visits.cookie(THEME, chosen, 365 * 86_400 if chosen else 0)])


@post("/account/keys")
async def keys(request: Request[Any, Any, Any]) -> Response[Any]:
    """Remembers in this browser whether single keys do something."""
    visit = await visits.signed_in(request)
    form = await forms.read(visit)
    is_off = form.text("keys") == "off"
    return visit.go("/account", cookies=[visits.cookie(KEYS, "off", 365 * 86_400 if is_off else 0)])


PAGES = [account, end_sessions, theme, keys]
