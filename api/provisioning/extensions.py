"""SCIM extensions of an organization's own: proposed by its admins, decided about by the operator (C10, R086)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from db.enums import ExtensionState
from db.ids import OrganizationId, new_id
from db.queries import extensions as rows
from db.queries import roles as role_rows
from db.rule_rows import ExtensionRow
from db.transaction import transaction

from . import clock, rulebook
from .actor import Actor, Right
from .errors import BadSetting, InTheWay, NotFound, Refused
from .history import differences, remember
from .policy_values import CustomAttributes, Policies


@dataclass(frozen=True, slots=True)
class Definition:
    """What defines an extension, once it was found to be sound: its URN, and all of it as RFC 7643 §7 JSON."""

    urn: str
    text: str


_Wanted = Callable[[Policies, ExtensionRow | None], ExtensionRow]

_readers: list[Callable[[bytes], Definition]] = []


def read_with(reader: Callable[[bytes], Definition]) -> None:
    """Name what reads definitions in this process, at its start: SCIM's language is not known down here."""
    _readers[:] = [reader]


async def definitions(organization: OrganizationId) -> list[str]:
    """The extensions that are in force, as RFC 7643 §7 JSON texts."""
    return list(await rows.definitions(organization))


async def all_of_them(actor: Actor) -> list[ExtensionRow]:
    """Every extension that was registered or proposed, oldest first."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.all_of_them(actor.organization)


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, ExtensionRow]:
    """Extensions by id."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await rows.many(actor.organization, ids)}


async def urn_of(actor: Actor, extension: uuid.UUID) -> str:
    """The URN of an extension, for whoever is to decide about it; raises NotFound."""
    actor.must(Right.PLATFORM_MANAGE)
    found = await rows.many(actor.organization, [extension])
    if not found:
        raise NotFound("There is no such extension.")
    return found[0].urn


async def register(actor: Actor, *, urn: str, definition: str) -> ExtensionRow:
    """Put an extension into force, given as RFC 7643 §7 JSON that the caller has validated; raises NotFound."""
    actor.must(Right.PLATFORM_MANAGE)

    def registered(_: Policies, known: ExtensionRow | None) -> ExtensionRow:
        return _made(known, urn, definition, ExtensionState.APPROVED, known.proposed_by if known else None)

    return await _write(actor, "extension_registered", urn, registered)


async def propose(actor: Actor, *, urn: str, definition: str, by: str) -> ExtensionRow:
    """Ask for an extension, given likewise; where the organization decides for itself it is in force at once.

    `by` is who asks, in words for people. Raises NotFound, Refused where custom attributes are switched off, and
    InTheWay for one that is in force, if others have to review its change.
    """
    actor.must(Right.ORGANIZATION_MANAGE)

    def proposed(policies: Policies, known: ExtensionRow | None) -> ExtensionRow:
        if policies.custom_attributes is CustomAttributes.OFF:
            raise Refused(
                "This organization does not have attributes of its own (policy custom_attributes). Ask the operator."
            )
        if policies.custom_attributes is CustomAttributes.SELF_SERVICE:
            return _made(known, urn, definition, ExtensionState.APPROVED, by)
        if known is not None and known.state == ExtensionState.APPROVED:
            raise InTheWay(f"{known.urn} is in force already. Ask the operator to register its change.")
        return _made(known, urn, definition, ExtensionState.PENDING, by)

    return await _write(actor, "extension_proposed", urn, proposed)


async def propose_json(actor: Actor, definition: object) -> ExtensionRow:
    """Propose what somebody sent as JSON; raises BadSetting for what could never work, and what `propose` raises."""
    actor.must(Right.ORGANIZATION_MANAGE)
    [reader] = _readers
    try:
        found = reader(msgspec.json.encode(definition))
    except (OverflowError, UnicodeEncodeError, RecursionError) as error:
        raise BadSetting(f"This is no schema as RFC 7643 §7 has it: {error}.") from error
    return await propose(actor, urn=found.urn, definition=found.text, by=actor.who)


async def approve(actor: Actor, urn: str) -> ExtensionRow:
    """Put a proposed extension into force, also one that was refused before; raises NotFound and InTheWay."""
    actor.must(Right.PLATFORM_MANAGE)
    return await _decide(actor, "extension_approved", urn, ExtensionState.APPROVED)


async def refuse(actor: Actor, urn: str) -> ExtensionRow:
    """Refuse a proposed extension; it can be proposed again. Raises NotFound and InTheWay."""
    actor.must(Right.PLATFORM_MANAGE)
    return await _decide(actor, "extension_refused", urn, ExtensionState.REFUSED)


async def _decide(actor: Actor, action: str, urn: str, state: ExtensionState) -> ExtensionRow:
    def decided(_: Policies, known: ExtensionRow | None) -> ExtensionRow:
        if known is None:
            raise NotFound(f"Nobody has proposed {urn} in this organization. See `extensions list`.")
        if known.state == ExtensionState.APPROVED:
            raise InTheWay(f"{known.urn} is in force already; values of it may be kept. Nothing is left to decide.")
        return replace(known, state=state, decided_at=clock.now())

    return await _write(actor, action, urn, decided)


async def _write(actor: Actor, action: str, urn: str, wanted: _Wanted) -> ExtensionRow:
    """Write what follows from the policies and the extension of that URN, one after the other in an organization."""

    async def work() -> ExtensionRow:
        await role_rows.lock_organization(actor.organization)
        policies = (await rulebook.load(actor.organization)).policies
        known = await rows.find(actor.organization, urn)
        extension = wanted(policies, known)
        await rows.put(actor.organization, extension)
        if extension.state == ExtensionState.APPROVED:
            await rows.raise_version(actor.organization)
        old, new = differences(_shown(known) if known else {}, _shown(extension))
        await remember(actor, clock.now(), action, "extension", extension.id, before=old, after=new)
        return extension

    return await transaction(work)


def _made(known: ExtensionRow | None, urn: str, definition: str, state: ExtensionState, by: str | None) -> ExtensionRow:
    decided_at = clock.now() if state is ExtensionState.APPROVED else None
    return ExtensionRow(known.id if known else new_id(), urn, definition, state, by, decided_at)


def _shown(extension: ExtensionRow) -> dict[str, object]:
    shown = {"urn": extension.urn, "state": extension.state, "proposed_by": extension.proposed_by}
    return {**shown, "definition": msgspec.json.decode(extension.definition)}
