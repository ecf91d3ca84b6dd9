"""The addresses of all pages, out of what the application serves, so that no page can be forgotten.

What stands between braces in a path is filled from a world. A new parameter must be put into `World.ids`, a page that
looks different with something in its address into MORE, and what is no page into NO_PAGES with its reason.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dashboard.pages import PAGES

from .looking import signed_in
from .world import World

ORGANIZATION = "/o/{organization:str}"
"""Where the pages of an organization begin."""

NO_PAGES = {
    "/o/{organization:uuid}/sso": "goes on to where an organization signs in",
    "/o/{organization:str}/activity/news": "a part of a page",
    "/o/{organization:str}/developers/tokens/{token:uuid}": "shows a secret once, after a form",
    "/o/{organization:str}/developers/webhooks/{endpoint:uuid}/secret": "shows a secret once, after a form",
    "/o/{organization:str}/groups/news": "a part of a page",
    "/o/{organization:str}/provisioning/{directory:uuid}/arriving": "a part of a page",
    "/o/{organization:str}/people/news": "a part of a page",
    "/o/{organization:str}/people/{member:uuid}/news": "a part of a page",
    "/o/{organization:str}/provisioning/{directory:uuid}/waiting": "a part of a page",
    "/o/{organization:str}/audit/export.jsonl": "a file",
    "/o/{organization:str}/people/export.csv": "a file",
    "/o/{organization:str}/people/jobs/{job:uuid}/results.csv": "a file",
    "/o/{organization:str}/seats/history.csv": "a file",
    "/o/{organization:str}/seats/ledger.csv": "a file",
    "/o/{organization:str}/seats/purchases.csv": "a file",
}

MORE = {
    "/o/{organization:str}/people": ["?query=nobody&status=SUSPENDED", "?sort=name&status=HELD"],
    "/o/{organization:str}/people/{member:uuid}": [
        f"?tab={each}" for each in ("profile", "groups", "activity", "memberships", "raw")
    ],
    "/o/{organization:str}/activity": ["?outcome=REFUSED", "?query=nothing-like-this"],
    "/o/{organization:str}/activity/person": ["?name=bo", "?name=nobody@example.com"],
    "/events": ["?outcome=REFUSED"],
    "/o/{organization:str}/developers": ["?ended=yes"],
    "/o/{organization:str}/seats": ["?days=30"],
    "/o/{organization:str}/developers/events": ["?type=member.created"],
    "/o/{organization:str}/people/jobs/{job:uuid}": ["/o/{organization:str}/people/jobs/{done:uuid}?outcome=REFUSED"],
    "/o/{organization:str}/provisioning/{directory:uuid}": ["?tab=attributes", "?tab=keys", "?tab=settings"],
    "/o/{organization:str}/provisioning/new": [
        f"?step=details&provider={each}" for each in ("OKTA", "ENTRA_ID", "GOOGLE_WORKSPACE", "RIPPLING", "GENERIC")
    ],
    "/o/{organization:str}/provisioning/{directory:uuid}/setup": [
        f"?step={each}" for each in ("attributes", "seats", "groups", "pilot", "live")
    ],
}
"""What may stand behind the path of a page, or instead of it."""

HEAVY = {"/o/{organization:str}/developers/graphiql": "an application of others, for programmers"}
"""What weighs more than a page may, and why."""

NEEDED = {
    "/o/{organization:str}/provisioning/{directory:uuid}/keys/revoke": "?key={key:str}",
}
"""What has to stand behind the path of a page."""

_OPERATORS = ("/orgs", "/jobs", "/platform-audit", "/events", "/settings")
_NOBODYS = ("/sign-in", "/password", "/invitation", "/portal", "/mailbox")
_GUESTS = (
    "/o/{organization:str}/domains",
    "/o/{organization:str}/provisioning/new",
    "/o/{organization:str}/provisioning/{directory:uuid}/setup",
)
_PARAMETER = re.compile(r"\{(\w+):\w+\}")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page is, and the cookies of whoever looks at it."""

    path: str
    cookies: Mapping[str, str]


def paths() -> list[str]:
    """The paths of all pages, as the application names them."""
    found = {path for handler in PAGES if "GET" in handler.http_methods for path in handler.paths}
    return sorted(found - NO_PAGES.keys())


def of(path: str, world: World, operator: str) -> Iterator[Address]:
    """The addresses at which a page is looked at."""
    session = operator if path.startswith(_OPERATORS) else None if path.startswith(_NOBODYS) else world.admin
    cookies = signed_in(session) if session else {}
    for more in (NEEDED.get(path, ""), *MORE.get(path, ())):
        whole = more if more.startswith("/") else path + more
        yield Address(_filled(whole, world), cookies)
    if path in _GUESTS:
        theirs = path.replace("{directory:uuid}", "{theirs:uuid}")
        yield Address(_filled(theirs, world), {"rollcall-portal": world.guest})


def is_plain(path: str) -> bool:
    """Whether a page of an organization is about nothing but that."""
    return _PARAMETER.findall(path) == ["organization"] and path not in NEEDED


def _filled(path: str, world: World) -> str:
    return _PARAMETER.sub(lambda found: _value(path, found[1], world), path)


def _value(path: str, parameter: str, world: World) -> str:
    page = path.split("/")[1]
    if page in world.links:
        return world.links[page]
    if parameter == "id":
        return str(uuid.uuid4())
    assert parameter in world.ids, f"World.ids has no {parameter}, which {path} needs"
    return world.ids[parameter]
