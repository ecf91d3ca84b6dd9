"""Which column is which attribute of a Group: the one place that knows."""

from __future__ import annotations

import msgspec

from api.provisioning import memberships
from api.provisioning.fields import GroupFields

from .filter_sql import compile_member_filter
from .language import membership
from .language.folding import fold_text
from .language.schemas import Document, ResourceType
from .user_map import search_text, within_limits

_FIRST = 3


def fields(document: Document, resource_type: ResourceType) -> GroupFields:
    """The columns that follow from a document that `resources.read` gave; raises InvalidValue for endless names."""
    display_name, given = str(document["displayName"]), document.get("externalId")
    # Empty text names nothing, so it must not collide with the empty text of another group.
    external_id = given if isinstance(given, str) and given else None
    within_limits("displayName", display_name)
    within_limits("externalId", external_id)
    return GroupFields(
        display_name=display_name,
        display_name_key=fold_text(display_name),
        external_id=external_id,
        document=msgspec.json.encode(document).decode(),
        search=search_text(document, resource_type),
    )


def steps(members: tuple[membership.Step, ...], base_url: str) -> tuple[memberships.Step, ...]:
    """What a PATCH does to members, in the words of provisioning: filters become conditions on rows."""
    return tuple(_step(step, base_url) for step in members)


def _step(step: membership.Step, base_url: str) -> memberships.Step:
    match step:
        case membership.Add(values):
            return memberships.Add(values)
        case membership.Remove(values):
            return memberships.Remove(values)
        case membership.RemoveWhere(filter):
            condition = compile_member_filter(filter, first=_FIRST, base_url=base_url)
            return memberships.RemoveWhere(condition.sql, condition.args)
        case membership.Expect(filter):
            condition = compile_member_filter(filter, first=_FIRST, base_url=base_url)
            return memberships.Expect(condition.sql, condition.args)
        case membership.Clear():
            return memberships.Clear()
