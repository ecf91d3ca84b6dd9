"""Pages as a browser has them: cookies, forms with their hidden fields, and no scripts."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import lxml.html
import pytest

from api.identity import sessions
from api.identity.sessions import Browser, Proof
from api.provisioning import members
from api.provisioning.actor import operator
from db import sql
from db.enums import Way
from tests.conftest import BASE_URL, NewDirectory
from tests.scim.conversation import Scim

HTML = {"accept": "text/html"}
MAIL_PROOF = Proof(Way.CODE, proves_address=True)


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was answered."""

    status: int
    url: str
    html: lxml.html.HtmlElement
    text: str
    headers: httpx.Headers

    def __contains__(self, words: str) -> bool:
        """Whether somebody who reads the page reads these words."""
        return words in self.text

    def form(self, action: str) -> lxml.html.FormElement:
        """The form with that action; the first of those that end so."""
        here = httpx.URL(self.url).path
        found = [each for each in self.html.forms if (each.get("action") or here).endswith(action)]
        assert found, f"no form {action} among {[each.get('action') for each in self.html.forms]}"
        return found[0]


@dataclass(frozen=True, slots=True)
class Person:
    """A browser, perhaps of somebody who has signed in; `base` is where pages of the organization begin."""

    http: httpx.AsyncClient
    base: str = ""
    member: uuid.UUID | None = None

    async def page(self, path: str = "", **headers: str) -> Page:
        """A page, after all redirects; a path without / at its beginning is below `base`."""
        url = path if path.startswith(("/", BASE_URL)) else f"{self.base}/{path}".rstrip("/")
        return page_of(await self.http.get(url, headers={**HTML, **headers}))

    async def submit(self, page: Page, action: str, /, **fields: Any) -> Page:
        """What follows a form of a page, with these fields instead of what it has; None leaves one out."""
        form = page.form(action)
        sent: list[tuple[str, str]] = [(name, value) for name, value in form.form_values() if name not in fields]
        for name, value in fields.items():
            sent += [(name, each) for each in (value if isinstance(value, list) else [value]) if each is not None]
        url = form.get("action") or page.url
        data: dict[str, list[str]] = {}
        for name, value in sent:
            data.setdefault(name, []).append(value)
        return page_of(await self.http.post(url, data=data, headers={**HTML, "origin": BASE_URL}))


def page_of(answer: httpx.Response) -> Page:
    """A page as it was answered."""
    html = lxml.html.document_fromstring(answer.text or "<html></html>")
    main = html.find(".//main")
    text = " ".join("".join(map(str, (main if main is not None else html).itertext())).split())
    return Page(answer.status_code, str(answer.url), html, text, answer.headers)


NewPerson = Callable[..., Awaitable[Person]]


@pytest.fixture
async def new_browser(client: httpx.AsyncClient) -> AsyncIterator[Callable[[], httpx.AsyncClient]]:
    """Makes browsers, each with cookies of its own."""
    made: list[httpx.AsyncClient] = []

    def make() -> httpx.AsyncClient:
        made.append(httpx.AsyncClient(transport=client._transport, base_url=BASE_URL, follow_redirects=True))
        return made[-1]

    yield make
    for each in made:
        each.cookies.clear()


@pytest.fixture
def stranger(new_browser: Callable[[], httpx.AsyncClient]) -> Person:
    """A browser of nobody in particular."""
    return Person(new_browser())


@pytest.fixture
def new_person(new_browser: Callable[[], httpx.AsyncClient]) -> NewPerson:
    """Makes somebody who arrived by SCIM, with a role by its key, and has signed in."""

    async def make(scim: Scim, name: str, role: str | None = None, *, proof: Proof = MAIL_PROOF) -> Person:
        email = f"{name}@example.com"
        await scim.make_user(email, displayName=name.title(), emails=[{"value": email, "primary": True}])
        organization = scim.access.organization_id
        found = await sql.row(
            "SELECT id, account_id FROM member WHERE organization_id = $1 AND email = $2", organization, email
        )
        assert found is not None
        if role is not None:
            await members.override_role(operator(organization), found[0], role, reason="for a test", by="the test")
        begun = await sessions.begin(found[1], proof, Browser("a test"))
        browser = new_browser()
        browser.cookies.set("rollcall-session", begun.token)
        return Person(browser, f"/o/{organization}", found[0])

    return make


@pytest.fixture
async def scim(client: httpx.AsyncClient, new_directory: NewDirectory) -> Scim:
    """A directory of an organization, over HTTP."""
    return Scim(client, await new_directory())


@pytest.fixture
async def admin(scim: Scim, new_person: NewPerson) -> Person:
    """An admin of the organization of `scim`."""
    return await new_person(scim, "ada", "admin")


@pytest.fixture
async def viewer(scim: Scim, admin: Person, new_person: NewPerson) -> Person:
    """Somebody in the organization of `scim` whose role permits nothing."""
    return await new_person(scim, "vic")
