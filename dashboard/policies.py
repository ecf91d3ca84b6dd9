"""Policies as forms: in sections, each of which is looked at and saved alone; `policy_words` has what there is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.exceptions import NotFoundException

from . import forms, impact
from .forms import Form
from .visits import Visit


@dataclass(frozen=True, slots=True)
class Option:
    """A value that a policy may have."""

    value: str
    name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy: a choice of `options`, a number of `unit`, or, with neither, a switch."""

    name: str
    title: str
    text: str = ""
    options: Sequence[Option] = ()
    unit: str = ""

    def typed(self, form: Form) -> Any:
        """The value that a form has, None for a text that is none of those that may be."""
        text = form.text(self.name)
        if self.options:
            return text if text in {each.value for each in self.options} else None
        if self.unit:
            return int(text) if text.isdecimal() and len(text) < 8 else None
        return form.is_on(self.name)


@dataclass(frozen=True, slots=True)
class Section:
    """Policies that are saved together."""

    key: str
    title: str
    text: str
    policies: Sequence[Policy]


Shown = Callable[[Visit, list[str], Mapping[str, Any]], Awaitable[Response[Any]]]
"""The page of the form again, with what is in the way and what was typed."""


async def saved(
    visit: Visit, sections: Sequence[Section], key: str, *, page: str, now: str, shown: Shown
) -> Response[Any]:
    """Saves one of a page's sections by its form, after a look at whom it concerns; no page for a key of none.

    `page` is the path to which one goes back. Nothing is saved when somebody else has changed policies since the form
    was shown (its field `version`).
    """
    form = await forms.read(visit)
    section = next((each for each in sections if each.key == key), None)
    if section is None:
        raise NotFoundException

    async def refused(errors: list[str]) -> Response[Any]:
        return await shown(visit, errors, _chosen(section, form))

    typed = {each.name: each.typed(form) for each in section.policies}
    if wrong := [each.title for each in section.policies if typed[each.name] is None]:
        return await refused([f"“{each}” needs a value that it may have." for each in wrong])
    act = impact.Act(
        title=section.title,
        now=now,
        preview={"policy": {"organizationId": visit.organization_id, "policy": typed}},
        document="policy_update",
        field="policyUpdate",
        variables={"organization": visit.organization_id, "policy": typed, "version": form.number("version")},
        path=str(visit.request.url.path),
        kept=[(name, values[-1]) for name, values in form.values.items() if name in typed or name == "version"],
        back=f"{visit.base}{page}",
        done=f"{section.title}: saved.",
        is_small=True,
    )
    return await impact.carried_out(visit, form, act, refused)


def _chosen(section: Section, form: Form) -> Mapping[str, Any]:
    """What was typed, to be shown again."""
    return {each.name: form.text(each.name) if each.unit else each.typed(form) for each in section.policies}
