"""Where somebody is among the pages: the navigation beside them, and the help below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import help_words
from .help_words import Topic
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
    """The navigation of an organization, or of whoever runs the installation, and the help with the page.

    `contact` is whom to ask as GraphQL tells it, None where nobody is named; `all_help` the page with all of it.
    `connects` tells that whoever looks may connect a directory here.
    """

    name: str
    now: str
    links: Sequence[Link]
    elsewhere: bool
    topics: Sequence[Topic] = ()
    contact: Mapping[str, str | None] | None = None
    all_help: str | None = None
    connects: bool = False


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
_POLICIES = ("Policies", "/provisioning/policies", "provisioning", "v", "organization.manage")
"""In place of Provisioning, before there are directories: people may come in otherwise."""

_OPERATORS = (
    ("Organizations", "/orgs", "organizations", "o"),
    ("Events", "/events", "activity", "e"),
    ("Jobs", "/jobs", "jobs", "j"),
    ("Settings", "/settings", "settings", "s"),
    ("Audit", "/platform-audit", "audit", "t"),
)


def of(visit: Visit, now: str, data: Mapping[str, Any]) -> Here:
    """Inside the organization that a document was about, which spread the fragment Here; `now` is the page's icon."""
    found = data["organization"]
    if visit.is_guest:
        return Here(found["name"], now, (), elsewhere=False, contact=found["supportContact"])
    pages = _PAGES if is_entitled(found) else [_POLICIES if each[2] == "provisioning" else each for each in _PAGES]
    links = [
        Link(title, f"{visit.base}{path}", icon, key, len(found["concerns"]) if icon == "overview" else 0)
        for title, path, icon, key, needs in pages
        if visit.may(needs) and visit.has(path)
    ]
    return Here(
        found["name"],
        now,
        links,
        elsewhere=True,
        topics=help_words.of(now, found["policy"]),
        contact=found["supportContact"],
        all_help=f"{visit.base}/help",
        connects=has_plan(found) and visit.may("organization.manage"),
    )


def is_entitled(organization: Mapping[str, Any]) -> bool:
    """Whether there is anything about directories for an organization: its plan has them, or it has some (R026)."""
    return has_plan(organization) or bool(organization["alive"])


def has_plan(organization: Mapping[str, Any]) -> bool:
    """Whether the plan of an organization has directories."""
    return "SCIM" in organization["plan"]["features"]


def platform(now: str) -> Here:
    """Above all organizations."""
    links = [Link(title, path, icon, key) for title, path, icon, key in _OPERATORS]
    return Here("All organizations", now, links, elsewhere=False)
