"""Signing in as a browser does, with the mails that come of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from api.identity import codes, passwords
from api.mail import rendering
from api.provisioning import mails
from api.provisioning.caller import the_operator
from db import queue, sql
from db.pages import Span
from tests.conftest import BASE_URL, NewDirectory
from tests.dashboard.conftest import Page, Person, new_browser, new_person, stranger
from tests.scim.conversation import Scim

__all__ = ["new_browser", "new_person", "stranger"]

_CODE = re.compile(r"^\s*(\d{4}) ?(\d{4})\s*$", re.MULTILINE)
_LINK = re.compile(r"(/(?:password|invitation)/\S+)")


@dataclass(frozen=True, slots=True)
class Post:
    """What the worker does about signing in, and the mails of it."""

    async def deliver(self) -> None:
        """Make what was asked for, as the worker does."""
        for entrypoint, run in ((codes.MAKE, codes.make), (passwords.SEND_LINK, passwords.send_link)):
            for row in await sql.rows(f"DELETE FROM {queue.TASK} WHERE entrypoint = $1 RETURNING payload", entrypoint):
                await run(bytes(row[0]).decode().strip('"'))

    async def texts(self, email: str) -> list[str]:
        """The mails to an address, newest first, codes and all."""
        page = await mails.page(the_operator(), None, None, None, Span(50))
        found = [(row, mails.secret_of(row)) for row in page.rows if row.recipient == email]
        words = [rendering.words(row, BASE_URL, secret) for row, secret in found]
        return [each.text for each in words if each]

    async def code(self, email: str) -> str:
        """The code of the newest mail to an address."""
        await self.deliver()
        found = _CODE.search((await self.texts(email))[0])
        assert found
        return found[1] + found[2]

    async def link(self, email: str) -> str:
        """The path of the link in the newest mail to an address."""
        await self.deliver()
        found = _LINK.search((await self.texts(email))[0])
        assert found
        return found[1]


@pytest.fixture
def post(secret_keys: object) -> Post:
    """The mails."""
    return Post()


@pytest.fixture
async def scim(client: object, new_directory: NewDirectory) -> Scim:
    """A directory of an organization, over HTTP."""
    return Scim(client, await new_directory())  # type: ignore[arg-type]  # the client fixture is one of httpx


@pytest.fixture
async def ann(scim: Scim) -> str:
    """The address of somebody who arrived by SCIM."""
    await scim.make_user("ann@example.com", displayName="Ann", emails=[{"value": "ann@example.com", "primary": True}])
    return "ann@example.com"


async def asked_for_code(person: Person, email: str, place: str = "/") -> Page:
    """The page that asks for the code that was sent to an address."""
    return await person.submit(await person.page(f"/sign-in?next={place}"), "/sign-in", email=email)
