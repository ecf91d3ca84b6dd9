"""Signing in: an address first, then whichever way its organization has (REQUIREMENTS R065 to R068)."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.params import FromPath

from api.identity import codes, passwords, sessions, ways
from api.identity.problems import BadPassword, CodeOver, LinkOver, WrongCode, WrongPassword
from api.identity.sessions import Proof
from api.provisioning import invitations
from api.provisioning.errors import BadAddress, ProvisioningError
from api.sign_in import cookies, places
from api.sign_in.cookies import Cookies
from db.enums import Way

from .. import forms, visits
from ..visits import SignInFirst, Visit


@get("/sign-in")
async def sign_in(request: Request[Any, Any, Any]) -> Response[Any]:
    """Asks for an address."""
    place = places.local(request.query_params.get("next"))
    try:
        visit = await visits.signed_in(request)
        return visit.go(place)
    except SignInFirst:
        pass
    return _first(visits.stranger(request), place, email=request.query_params.get("email", ""))


@post("/sign-in")
async def choose_way(request: Request[Any, Any, Any]) -> Response[Any]:
    """Which ways there are for an address; a code is sent at once where that is the first."""
    visit = visits.anybody(request)
    form = await forms.read(visit)
    email, place = form.text("email"), places.local(form.text("next"))
    try:
        found = await ways.of_address(email)
    except BadAddress as problem:
        return _first(visit, place, email=email, wrong=str(problem), status=422)
    if found.connections and form.text("way") != "code":
        return visit.page("sign_in/ways.html", email=email, place=place, ways=found, wrong="")
    return await _send_code(visit, email, place)


async def _send_code(visit: Visit, email: str, place: str) -> Response[Any]:
    assert visit.browser_secret is not None
    asked = await codes.ask(email, visit.browser_secret, _ip(visit))
    return visit.go(f"/sign-in/code/{asked.id}?email={quote(asked.email)}&next={quote(place)}")


@get("/sign-in/code/{id:uuid}")
async def ask_code(request: Request[Any, Any, Any], id: FromPath[uuid.UUID]) -> Response[Any]:
    """Asks for the code that was sent."""
    return _code(visits.stranger(request), id, request.query_params.get("email", ""), request.query_params.get("next"))


@post("/sign-in/code/{id:uuid}")
async def by_code(request: Request[Any, Any, Any], id: FromPath[uuid.UUID]) -> Response[Any]:
    """Signs in whoever has the code."""
    visit = visits.anybody(request)
    form = await forms.read(visit)
    try:
        account, proof = await codes.prove(id, visit.browser_secret or "", form.text("code"), _ip(visit))
    except (WrongCode, CodeOver) as problem:
        is_over = isinstance(problem, CodeOver)
        return _code(visit, id, form.text("email"), form.text("next"), str(problem), is_over=is_over, status=422)
    return await begin(visit, account, proof, places.local(form.text("next")))


@post("/sign-in/password")
async def by_password(request: Request[Any, Any, Any]) -> Response[Any]:
    """Signs in whoever has the password."""
    visit = visits.anybody(request)
    form = await forms.read(visit)
    place = places.local(form.text("next"))
    try:
        account, proof = await passwords.prove(form.text("email"), form.values.get("password", [""])[-1], _ip(visit))
    except (WrongPassword, BadAddress) as problem:
        return _first(
            visit, place, email=form.text("email"), wrong_password=str(problem), with_password=True, status=422
        )
    return await begin(visit, account, proof, place)


@get("/o/{organization:uuid}/sso")
async def by_sso(request: Request[Any, Any, Any], organization: FromPath[uuid.UUID]) -> Response[Any]:
    """To the single sign-on of an organization in which somebody is a member."""
    visit = await visits.signed_in(request)
    assert visit.session is not None
    found, place = await ways.into(visit.session, organization), f"/o/{organization}"
    if len(found) == 1:
        return visit.go(f"/sso/{found[0].id}/start?return_to={quote(place)}")
    given = ways.Ways(found, is_enforced=True)
    return visit.page("sign_in/ways.html", email=visit.session.email, place=place, ways=given, wrong="")


@post("/sign-out")
async def sign_out(request: Request[Any, Any, Any]) -> Response[Any]:
    """Ends the session."""
    visit = await visits.signed_in(request)
    await forms.read(visit)
    assert visit.session is not None
    await sessions.end(visit.session, visit.session.id)
    return visit.go("/sign-in", "You have signed out.", cookies=[Cookies.of(visit.settings).no_session()])


@get("/password")
async def forgotten(request: Request[Any, Any, Any]) -> Response[Any]:
    """Asks to whom a link to choose a password is to be sent."""
    visit = visits.stranger(request)
    return visit.page("sign_in/forgotten.html", email=request.query_params.get("email", ""), wrong="", is_sent=False)


@post("/password")
async def send_link(request: Request[Any, Any, Any]) -> Response[Any]:
    """Sends such a link, if there is somebody with the address; what is said is the same."""
    visit = visits.anybody(request)
    form = await forms.read(visit)
    email = form.text("email")
    try:
        await passwords.ask_link(email, _ip(visit))
    except BadAddress as problem:
        return visit.page("sign_in/forgotten.html", email=email, wrong=str(problem), is_sent=False, status=422)
    return visit.page("sign_in/forgotten.html", email=email, wrong="", is_sent=True)


@get("/password/{token:str}")
async def ask_password(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """Asks for a new password; programs that look through mails may look as well."""
    visit = visits.stranger(request)
    if not await passwords.is_link(token):
        return _over(visit, "This link has expired or was used. Ask for a new one.")
    return visit.page("sign_in/password.html", wrong="", least=passwords.SHORTEST)


@post("/password/{token:str}")
async def set_password(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """Sets the password, and signs in by it."""
    visit = visits.anybody(request)
    form = await forms.read(visit)
    try:
        account = await passwords.choose(token, form.values.get("password", [""])[-1])
    except BadPassword as problem:
        return visit.page("sign_in/password.html", wrong=str(problem), least=passwords.SHORTEST, status=422)
    except LinkOver as problem:
        return _over(visit, str(problem))
    return await begin(visit, account, Proof(Way.PASSWORD, proves_address=True), places.HOME)


@get("/invitation/{token:str}")
async def invitation(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """Shows who invites to what; accepting takes a button, since programs look through mails."""
    visit = visits.stranger(request)
    try:
        found = await invitations.look(token)
    except ProvisioningError as problem:
        return _over(visit, str(problem), again=False)
    return visit.page("sign_in/invitation.html", invitation=found, wrong="")


@post("/invitation/{token:str}")
async def accept(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """Accepts the invitation; then one signs in."""
    visit = visits.anybody(request)
    await forms.read(visit)
    try:
        email = (await invitations.look(token)).email
        await invitations.accept(token)
    except ProvisioningError as problem:
        return _over(visit, str(problem), again=False)
    # Whoever invites may pass the link on themselves, so having it does not show whose the address is.
    said = "You have accepted the invitation. Sign in to go on."
    return visit.go(f"/sign-in?email={quote(email)}", said)


async def begin(visit: Visit, account: uuid.UUID, proof: Proof, place: str) -> Response[Any]:
    """A session for whoever has shown who they are, and to the page that they wanted."""
    made = Cookies.of(visit.settings)
    before = made.session_token(visit.request)
    begun = await sessions.begin(account, proof, cookies.browser_of(visit.request), instead_of=before)
    return visit.go(place, cookies=[made.session(begun.token)])


def _first(visit: Visit, place: str, *, status: int = 200, **more: Any) -> Response[Any]:
    given = {"email": "", "wrong": "", "wrong_password": "", "with_password": False, **more}
    return visit.page("sign_in/first.html", status=status, place=place, **given)


def _code(
    visit: Visit,
    id: uuid.UUID,
    email: str,
    place: str | None,
    wrong: str = "",
    *,
    is_over: bool = False,
    status: int = 200,
) -> Response[Any]:
    return visit.page(
        "sign_in/code.html",
        status=status,
        id=id,
        email=email,
        place=places.local(place),
        wrong=wrong,
        is_over=is_over,
        mailbox=visit.settings.smtp is None,
    )


def _over(visit: Visit, text: str, *, again: bool = True) -> Response[Any]:
    actions = [("Ask for a new link", "/password")] if again else [("Sign in", "/sign-in")]
    title = "This link is over"
    return visit.page("problem.html", status=410, title=title, text=text, trace=None, actions=actions)


def _ip(visit: Visit) -> str | None:
    return cookies.browser_of(visit.request).ip


PAGES = [
    sign_in,
    choose_way,
    ask_code,
    by_code,
    by_password,
    by_sso,
    sign_out,
    forgotten,
    send_link,
    ask_password,
    set_password,
    invitation,
    accept,
]
