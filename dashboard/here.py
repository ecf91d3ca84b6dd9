"""Where somebody is among the pages: the navigation beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .visits import Visit


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the navigation; `key` goes there after `g`."""

    name: str
    path: str
    icon: str
    key: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Here:
    """The navigation of an organization, or of whoever runs the installation."""

    name: str
    now: str
    links: Sequence[Link]
    elsewhere: bool
    help: str


_PAGES = (
    ("Overview", "", "overview", "o", "organization.read"),
    ("People", "/people", "people", "p", "organization.read"),
    ("Groups", "/groups", "groups", "u", "organization.read"),
    ("Roles", "/roles", "roles", "r", "organization.read"),
    ("Seats", "/seats", "seats", "s", "organization.read"),
    ("Provisioning", "/provisioning", "provisioning", "v", "organization.manage"),
    ("Activity", "/activity", "activity", "a", "organization.read"),
    ("Domains", "/domains", "domains", "d", "organization.manage"),
    ("Security", "/security", "security", "y", "organization.manage"),
    ("Developers", "/developers", "developers", "e", "developers.manage"),
    ("Audit", "/audit", "audit", "t", "audit.read"),
)
_OPERATORS = (
    ("Organizations", "/orgs", "organizations", "o"),
    ("Events", "/events", "activity", "e"),
    ("Jobs", "/jobs", "jobs", "j"),
    ("Settings", "/settings", "settings", "s"),
    ("Audit", "/platform-audit", "audit", "t"),
)


def organization(visit: Visit, now: str, name: str, attention: int = 0) -> Here:
    """Inside an organization; `now` is the icon of the page, `attention` how many things wait for somebody."""
    links = [
        Link(title, f"{visit.base}{path}", icon, key, attention if icon == "overview" else 0)
        for title, path, icon, key, needs in _PAGES
        if visit.may(needs) and visit.has(path)
    ]
    return Here(name, now, links, elsewhere=True, help="https://www.rfc-editor.org/rfc/rfc7644")


def platform(now: str) -> Here:
    """Above all organizations."""
    links = [Link(title, path, icon, key) for title, path, icon, key in _OPERATORS]
    return Here("All organizations", now, links, elsewhere=False, help="https://www.rfc-editor.org/rfc/rfc7644")


def of(visit: Visit, now: str, data: dict[str, Any]) -> Here:
    """Inside the organization that a document was about."""
    return organization(visit, now, data["organization"]["name"])
