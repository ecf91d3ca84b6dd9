"""The attributes of a directory: what is noted beside them, and which are not kept (R085, R089)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, post
from litestar.params import FromPath

from .. import attributes, forms, visits
from ..forms import Form
from ..graph import errors_of
from ..visits import Visit
from .directories import shown

_NOTE = "note "
"""Fields of notes begin so, followed by the attribute's name."""


@post("/o/{organization:str}/provisioning/{directory:uuid}/attributes")
async def save(request: Request[Any, Any, Any], organization: FromPath[str], directory: FromPath[Any]) -> Response[Any]:
    """Saves notes, and what is kept."""
    visit = await visits.managing(request, organization)
    form = await forms.read(visit)
    id, path = visit.id("Directory", str(directory)), f"{visit.base}/provisioning/{directory}"
    found = (await visit.ask("directory", organization=visit.organization_id, id=id))["node"]
    if not found or found["deletedAt"]:
        return await shown(visit, str(directory))
    table = await attributes.of_directory(visit, id)
    if errors := await _save(visit, id, table, form):
        typed = {**table, "notes": _notes(form), "kept": form.all("kept")}
        return await shown(visit, str(directory), errors, tab="attributes", table=typed)
    return visit.go(f"{path}?tab=attributes", "The attributes are saved.")


async def _save(visit: Visit, id: str, table: Mapping[str, Any], form: Form) -> list[str]:
    """What is in the way; what may be left out is looked at first, since that can be refused."""
    can = [each["name"] for each in table["received"]["attributes"] if not each["isNeeded"]]
    left_out = [name for name in can if name not in form.all("kept")]
    if left_out != [name for name in can if name not in table["kept"]]:
        data = await visit.ask("directory_update", id=id, input={"leftOut": left_out}, previewToken=None)
        if errors := errors_of(data["directoryUpdate"]):
            return errors
    given = [{"attribute": name, "note": note} for name, note in _notes(form).items()]
    data = await visit.ask("attribute_notes_set", organization=visit.organization_id, notes=given)
    return errors_of(data["attributeNotesSet"])


def _notes(form: Form) -> dict[str, str]:
    return {name.removeprefix(_NOTE): form.text(name) for name in form.values if name.startswith(_NOTE)}


PAGES = [save]
