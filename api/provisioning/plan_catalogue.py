"""The plans that an operator offers, and what is part of each (REQUIREMENTS C16). Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import msgspec

from .errors import BadSetting


class Feature(StrEnum):
    """What may be part of a plan, or be granted in addition."""

    SCIM = "scim"
    AUTO_PURCHASE = "auto_purchase"


class Access(StrEnum):
    """How a plan has a feature."""

    INCLUDED = "included"
    ADD_ON = "add_on"
    NONE = "none"


_TITLES = {Feature.SCIM: "SCIM", Feature.AUTO_PURCHASE: "Automatic purchase of seats"}
_KEY = re.compile(r"[A-Z][A-Z0-9_]*")

_FILE_HAS = "A catalogue has `plans` by their keys, the key of one as `default`, and perhaps a `contact`."
_PLAN_HAS = (
    "A plan has a `name`, `scim` and `auto_purchase`, each included, add_on or none,"
    " and perhaps a `contact` with a name, a mail address and an http link."
)

_Name = Annotated[str, msgspec.Meta(pattern=r"\S")]
_Mail = Annotated[str, msgspec.Meta(pattern=r"^[^@\s]+@[^@\s]+$")]
_Link = Annotated[str, msgspec.Meta(pattern=r"^https?://\S+$")]


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is asked about a plan (R020)."""

    name: _Name
    mail: _Mail | None = None
    link: _Link | None = None

    @property
    def text(self) -> str:
        """Who it is and how they are reached."""
        ways = ", ".join(way for way in (self.mail, self.link) if way)
        return f"{self.name} ({ways})" if ways else self.name


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One plan; what it does not name is not part of it."""

    name: _Name
    scim: Access = Access.NONE
    auto_purchase: Access = Access.NONE
    contact: Contact | None = None

    def access(self, feature: Feature) -> Access:
        """How the plan has a feature."""
        found: Access = getattr(self, feature.value)
        return found


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The plans by their keys, the one that new organizations have, and who is asked where a plan names nobody."""

    plans: Mapping[str, Plan]
    default: str
    contact: Contact | None = None

    def has(self, plan: str, add_ons: Collection[str], feature: Feature) -> bool:
        """Whether an organization with this plan and these add-ons has a feature; a plan unknown here has nothing."""
        found = self.plans.get(plan)
        access = found.access(feature) if found else Access.NONE
        return access is Access.INCLUDED or (access is Access.ADD_ON and feature in add_ons)

    def named(self, key: str) -> Plan:
        """The plan with that key; raises BadSetting that lists what there is."""
        found = self.plans.get(key)
        if found is None:
            raise BadSetting(f"There is no plan {key!r}. There are: {', '.join(self.plans)}.")
        return found

    def contact_of(self, plan: str) -> Contact | None:
        """Who is asked about a plan, also about one unknown here."""
        found = self.plans.get(plan)
        return (found.contact if found else None) or self.contact

    def why_not(self, plan: str, feature: Feature) -> str:
        """What an organization without the feature is told: who has it, and whom to ask."""
        contact = self.contact_of(plan)
        asked = contact.text if contact else "whoever runs Rollcall for you"
        found = self.plans.get(plan)
        if found is None:
            return (
                f"This organization has the plan {plan}, which is not offered here, and so has nothing of any plan."
                f" There are {_listed(list(self.plans))}. Ask {asked} to choose one."
            )
        return f"{self._who_has(feature)}; this organization has {found.name} without it. Ask {asked}."

    def _who_has(self, feature: Feature) -> str:
        included = [plan.name for plan in self.plans.values() if plan.access(feature) is Access.INCLUDED]
        possible = [plan.name for plan in self.plans.values() if plan.access(feature) is Access.ADD_ON]
        ways = []
        if included:
            ways.append(f"part of the plan{'s' if len(included) > 1 else ''} {_listed(included)}")
        if possible:
            ways.append(f"an add-on to {_listed(possible)}")
        return f"{_TITLES[feature]} is {', or '.join(ways) or 'part of no plan'}"


UNLIMITED = Catalogue({"UNLIMITED": Plan("Unlimited", Access.INCLUDED, Access.INCLUDED)}, "UNLIMITED")
"""What holds for an operator who sells nothing: one plan, with everything."""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """A catalogue as JSON has it; plans stay unread so that each can be named when it is wrong."""

    default: str
    plans: dict[str, msgspec.Raw]
    contact: Contact | None = None


def feature(name: str) -> Feature:
    """The feature of that name; raises BadSetting that lists what there is."""
    if name not in tuple(Feature):
        raise BadSetting(f"There is no add-on {name!r}. There are: {', '.join(Feature)}.")
    return Feature(name)


def checked(contact: Contact) -> Contact:
    """The contact, whose fields nobody has looked at; raises BadSetting."""
    try:
        found = msgspec.convert(msgspec.to_builtins(contact), Contact)
    except msgspec.ValidationError as error:
        raise BadSetting(f"A contact has a name, and perhaps a mail address and an http link: {error}.") from error
    if not found.text.isprintable():
        raise BadSetting("A contact has no line breaks and such.")
    return found


def parse(text: bytes) -> Catalogue:
    """The catalogue that a JSON text spells; raises BadSetting naming what is wrong with it."""
    try:
        read = msgspec.json.decode(text, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{error}. {_FILE_HAS}") from error
    plans = {key: _plan(key, raw) for key, raw in read.plans.items()}
    if read.default not in plans:
        raise BadSetting(f"`default` is {read.default!r}, which is none of the plans: {', '.join(plans) or 'none'}.")
    names = [plan.name for plan in plans.values()]
    if len(set(names)) < len(names):
        raise BadSetting("Two plans have the same name, and people could not tell them apart.")
    return Catalogue(plans, read.default, read.contact)


def _plan(key: str, raw: msgspec.Raw) -> Plan:
    if not _KEY.fullmatch(key):
        raise BadSetting(f"{key!r} is no key of a plan; keys are made of capital letters, digits and _.")
    try:
        return msgspec.json.decode(raw, type=Plan)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"Plan {key}: {error}. {_PLAN_HAS}") from error


def _listed(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
