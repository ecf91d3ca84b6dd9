"""Who looks at a page: the session behind a request, the organization they are in, and what they may do there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, unquote

from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from api.graphql import ids
from api.identity import entering, portal, sessions
from api.provisioning import plans
from api.provisioning.actor import Right
from api.provisioning.caller import Caller
from api.provisioning.errors import NotFound
from api.settings import Settings
from api.sign_in.cookies import Cookies, new_secret
from db.account_rows import MembershipOfAccount, SessionRow
from db.portal_rows import PortalLinkRow

from . import rendering
from .graph import Failed, Graph

SAID, THEME, KEYS = "rollcall-said", "rollcall-theme", "rollcall-keys"
CONTACT = "contact"
"""Whom to ask, in the state of a request of somebody inside an organization."""
_THEMES = ("light", "dark")

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": CONTENT_POLICY,
    # With no-referrer, Chromium says `Origin: null` of plain forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Vary": "HX-Request, Cookie, Accept-Encoding",
}


class SignInFirst(Exception):
    """Nobody has signed in, or not lately."""


class NotForGuests(NotFoundException):
    """Whoever came by a portal link has its pages, and no account to sign in with."""

    def __init__(self, link: PortalLinkRow) -> None:
        super().__init__()
        self.link = link


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at a page. `organization` is the UUID in the path; None where pages belong to none.

    `new_browser` is a secret that the browser is given with the page, to be known by before there is a session.
    `guest` is the portal link by which somebody without an account came; they may run `documents` and no others.
    """

    request: Request[Any, Any, Any]
    settings: Settings
    graph: Graph
    session: SessionRow | None = None
    token: str | None = None
    caller: Caller | None = None
    membership: MembershipOfAccount | None = None
    organization: uuid.UUID | None = None
    new_browser: str | None = None
    guest: PortalLinkRow | None = None
    documents: frozenset[str] | None = None

    @property
    def is_htmx(self) -> bool:
        """Whether htmx asks, and not the browser itself, which needs whole pages, also when it goes back."""
        headers = self.request.headers
        return headers.get("hx-request") == "true" and headers.get("hx-history-restore-request") != "true"

    @property
    def is_guest(self) -> bool:
        """Whether somebody is here by a portal link."""
        return self.guest is not None

    @property
    def base(self) -> str:
        """Where the organization's pages begin."""
        return f"/o/{self.organization}"

    @property
    def organization_id(self) -> str:
        """The global id of the organization."""
        assert self.organization is not None
        return ids.write("Organization", self.organization, self.organization)

    def id(self, type: str, uuid_text: str) -> str:
        """The global id of something in the organization, whose UUID stands in an address; no page for nonsense."""
        assert self.organization is not None
        try:
            return ids.write(type, self.organization, uuid.UUID(uuid_text))
        except ValueError:
            raise NotFoundException from None

    def has(self, path: str) -> bool:
        """Whether there is such a page of an organization, by its path with parameters as Litestar has it."""
        return f"/o/{{organization:str}}{path}" in self.request.app.state["paths"]

    def may(self, right: str) -> bool:
        """Whether whoever looks has a permission, by its name."""
        return self.caller is not None and Right(right) in self.caller.rights

    async def ask(self, document: str, /, **variables: Any) -> Any:
        """What a document answers for whoever looks; raises Failed. Looking at a page changes nothing."""
        assert self.caller is not None
        assert self.request.method == "POST" or not self.graph.changes(document), document
        if self.documents is not None and document not in self.documents:
            raise NotFoundException
        return await self.graph.ask(document, self.caller, **variables)

    def page(
        self,
        template: str,
        /,
        block: str | None = None,
        *,
        status: int = 200,
        cookies: Sequence[Cookie] = (),
        **values: Any,
    ) -> Response[bytes]:
        """A page of a template; for htmx only the block, where one is named."""
        given = {"visit": self, "theme": self._theme, "has_keys": self._has_keys, "said": self._said, **values}
        if self.is_htmx and block is not None:
            text = rendering.block(template, block, given)
        else:
            text = rendering.page(template, given)
        set_ = [*cookies, *([_gone(SAID)] if self._said and not self.is_htmx else [])]
        if self.new_browser is not None:
            set_.append(Cookies.of(self.settings).browser(self.new_browser))
        headers, body = dict(HEADERS), text.encode()
        if "gzip" in self.request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"], body = "gzip", rendering.packed(text)
        return Response(body, status_code=status, media_type=MediaType.HTML, headers=headers, cookies=set_)

    def go(self, path: str, said: str | None = None, *, cookies: Sequence[Cookie] = ()) -> Response[Any]:
        """To another page after something was done; `said` is told there once."""
        set_ = [*cookies, *([cookie(SAID, quote(said), 60)] if said else [])]
        if self.is_htmx:
            return Response("", status_code=204, headers={**HEADERS, "HX-Redirect": path}, cookies=set_)
        return Redirect(path, status_code=303, headers=dict(HEADERS), cookies=set_)

    @property
    def form_token(self) -> str:
        """What every form of a page has to send back: one for all of them, which packs better than many."""
        secret = self.token or self.browser_secret or ""
        made: dict[str, str] = self.request.state.setdefault("form_tokens", {})
        if secret not in made:
            made[secret] = sessions.form_token(secret)
        return made[secret]

    @property
    def browser_secret(self) -> str | None:
        """What this browser has that no other one has."""
        return self.new_browser or Cookies.of(self.settings).browser_secret(self.request)

    @property
    def may_extend(self) -> bool:
        """Whether somebody who came by a portal link can have more time."""
        return self.guest is not None and portal.may_extend(self.guest)

    @property
    def _theme(self) -> str | None:
        chosen = self.request.cookies.get(THEME)
        return chosen if chosen in _THEMES else None

    @property
    def _has_keys(self) -> bool:
        return self.request.cookies.get(KEYS) != "off"

    @property
    def _said(self) -> str | None:
        found = self.request.cookies.get(SAID)
        return unquote(found)[:500] if found else None


def anybody(request: Request[Any, Any, Any]) -> Visit:
    """Somebody of whom nothing is known yet."""
    return Visit(request, request.app.state["settings"], request.app.state["graph"])


def stranger(request: Request[Any, Any, Any]) -> Visit:
    """Somebody who is about to sign in: known by their browser, from this page on."""
    visit = anybody(request)
    return visit if visit.browser_secret else replace(visit, new_browser=new_secret())


async def signed_in(request: Request[Any, Any, Any]) -> Visit:
    """Somebody who has signed in, in no organization; raises SignInFirst."""
    visit = anybody(request)
    token = Cookies.of(visit.settings).session_token(request)
    session = await sessions.resume(token) if token else None
    if session is None:
        link = await guest_link(visit)
        raise SignInFirst if link is None else NotForGuests(link)
    return replace(visit, session=session, token=token, caller=entering.alone(session))


async def entered(request: Request[Any, Any, Any], organization: str, needs: Right | None = None) -> Visit:
    """Somebody inside an organization.

    Raises SignInFirst, ShutOut, the same as for a page that there is not, and Failed for whoever has not the
    permission that all of a page `needs`.
    """
    visit = await _inside(request, organization)
    if needs is not None and not visit.may(needs):
        raise Failed(f"This needs the permission {needs.value}.", "FORBIDDEN", "")
    return visit


async def _inside(request: Request[Any, Any, Any], organization: str) -> Visit:
    visit = await signed_in(request)
    assert visit.session is not None
    try:
        id = uuid.UUID(organization)
        operator = entering.operator(visit.session)
        if operator is not None:
            return replace(visit, caller=operator, organization=id)
        caller, membership = await entering.enter(visit.session, id)
    except (ValueError, NotFound):
        raise NotFoundException from None
    # Where a page fails nothing more can be asked, and whom to ask about it has to be known.
    request.state[CONTACT] = plans.contact_of(membership.plan, membership.support_contact)
    return replace(visit, caller=caller, membership=membership, organization=id)


async def managing(request: Request[Any, Any, Any], organization: str) -> Visit:
    """Somebody who manages an organization (R024); raises what `entered` does."""
    return await entered(request, organization, Right.ORGANIZATION_MANAGE)


async def guest_link(visit: Visit) -> PortalLinkRow | None:
    """The portal link by which somebody came; None for whoever did not, or whose time is over."""
    token = Cookies.of(visit.settings).portal_token(visit.request)
    return await portal.resume(token) if token else None


async def operating(request: Request[Any, Any, Any]) -> Visit:
    """Somebody who runs this installation; for all others there is no such page."""
    visit = await signed_in(request)
    assert visit.session is not None
    caller = entering.operator(visit.session)
    if caller is None:
        raise NotFoundException
    return replace(visit, caller=caller)


def cookie(name: str, value: str, seconds: int) -> Cookie:
    """A cookie of something small that is no secret."""
    return Cookie(name, value=value, max_age=seconds, path="/", httponly=True, samesite="lax")


def _gone(name: str) -> Cookie:
    return cookie(name, "", 0)
