"""How each identity provider is connected: files of steps with the names that its own console has (R034, R038).

    guide = guides.of("OKTA")
    guide.filled({"scim_url": "https://…/scim/v2", "key": "rc_scim_…"})

A provider without a file has that of any SCIM 2.0 client. Each file names where its facts come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import msgspec

from db.enums import Provider

_FOLDER = Path(__file__).parent
KEY = "{key}"


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something to read elsewhere."""

    name: str
    url: str


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field of the provider's console, and what goes into it; `copies` says whether that is text to paste."""

    name: str
    value: str
    copies: bool = True

    @property
    def is_key(self) -> bool:
        """Whether the key goes into it."""
        return self.value == KEY

    @property
    def is_long(self) -> bool:
        """Whether it has several lines."""
        return "\n" in self.value


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step: on which side (`provider` or `rollcall`), where in the console, what to do.

    `app` is `new` or `existing` for steps that hold only for somebody who has no app there, or who has one.
    """

    side: str
    title: str
    text: str
    where: Sequence[str] = ()
    app: str | None = None
    fields: Sequence[Field] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    provider: Provider
    title: str
    tested: bool
    links: Sequence[Link]
    steps: Sequence[Step]
    groups: str
    warning: str = ""
    note: str = ""
    pull: bool = False


@dataclass(frozen=True, slots=True)
class Guide:
    """How one identity provider is connected; `groups` is what to do there when none have come."""

    provider: Provider
    title: str
    is_tested: bool
    is_pull: bool
    warning: str
    note: str
    groups: str
    links: Sequence[Link]
    steps: Sequence[Step] = field(default_factory=tuple)

    @property
    def has_variants(self) -> bool:
        """Whether it differs for whoever has an app there already; pages show one of both."""
        return any(each.app for each in self.steps)

    def filled(self, values: Mapping[str, str]) -> Guide:
        """The guide for one organization."""
        filled = [
            msgspec.structs.replace(step, fields=[_filled(each, values) for each in step.fields]) for step in self.steps
        ]
        return replace(self, steps=filled)


def _filled(found: Field, values: Mapping[str, str]) -> Field:
    # Not str.format: templates to paste are full of braces.
    text = found.value
    for name, value in values.items():
        text = text if found.is_key else text.replace(f"{{{name}}}", value)
    return msgspec.structs.replace(found, value=text)


@cache
def every() -> Mapping[Provider, Guide]:
    """All guides; raises ValidationError that names what is wrong with a file."""
    return {guide.provider: guide for file in sorted(_FOLDER.glob("*.toml")) for guide in [_read(file)]}


def of(provider: str) -> Guide:
    """The guide of a provider, that of any SCIM 2.0 client where it has none of its own."""
    found = every()
    return found.get(Provider(provider)) or found[Provider.GENERIC]


def _read(file: Path) -> Guide:
    raw = msgspec.toml.decode(file.read_bytes(), type=_File)
    return Guide(raw.provider, raw.title, raw.tested, raw.pull, raw.warning, raw.note, raw.groups, raw.links, raw.steps)


ORDER = (
    Provider.ENTRA_ID,
    Provider.OKTA,
    Provider.JUMPCLOUD,
    Provider.GOOGLE_WORKSPACE,
    Provider.ONELOGIN,
    Provider.PING,
    Provider.RIPPLING,
    Provider.CYBERARK,
    Provider.AUTHENTIK,
    Provider.KEYCLOAK,
    Provider.RAUTHY,
    Provider.GENERIC,
)
"""As they are offered; the one for all others is the last (R030)."""
