"""The mailbox of a demo: mails that no mail server takes, codes and all, for whoever sits at this machine."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException

from api.mail import reading
from api.provisioning import mails
from api.provisioning.caller import the_operator
from db.pages import Span

from .. import visits

_SHOWN = 30


@get("/mailbox")
async def mailbox(request: Request[Any, Any, Any]) -> Response[Any]:
    """The newest mails; there is no such page but where it was asked for, and never for another machine."""
    visit = visits.anybody(request)
    if not visit.settings.mailbox or visit.settings.smtp is not None or not _is_here(request):
        raise NotFoundException
    page = await mails.page(the_operator(), None, None, None, Span(_SHOWN))
    found = [(row, reading.words(row, visit.settings)) for row in page.rows]
    return visit.page("mailbox.html", mails=[(row, words) for row, words in found if words])


def _is_here(request: Request[Any, Any, Any]) -> bool:
    """Whoever comes through a proxy is somewhere else, and it may be on this machine."""
    if request.client is None or any(name in request.headers for name in ("x-forwarded-for", "forwarded")):
        return False
    return ip_address(request.client.host).is_loopback


PAGES = [mailbox]
