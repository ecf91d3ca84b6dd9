"""Connections to identity providers: making, changing and switching them (REQUIREMENTS R016, R021)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

from api.provisioning import clock, rulebook, sealed
from api.provisioning.actor import Actor, Right
from api.provisioning.errors import BadSetting, InTheWay, NotFound
from api.provisioning.history import differences, remember
from api.secrets.sealing import Place
from db.enums import ConnectionState, SsoKind
from db.ids import OrganizationId, new_id
from db.queries import platform, sessions, sso_tickets
from db.queries import roles as role_rows
from db.queries import sso as rows
from db.sso_rows import ConnectionRow
from db.transaction import transaction

from . import choices
from .choices import Choice
from .problems import NoConnection

MOST = 20
"""So many connections has an organization at most."""


async def all_of_them(actor: Actor) -> list[ConnectionRow]:
    """The organization's connections, oldest first."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.all_of_them(actor.organization)


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, ConnectionRow]:
    """Connections by id."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await rows.many(actor.organization, ids)}


async def find(actor: Actor, connection: uuid.UUID) -> ConnectionRow:
    """One connection, for whoever manages the organization; raises NotFound."""
    actor.must(Right.ORGANIZATION_MANAGE)
    return await _found(actor, connection)


async def known(connection: uuid.UUID, kind: SsoKind | None = None) -> ConnectionRow:
    """A connection, in use or not, for whoever comes for it and says nothing else; raises NoConnection."""
    found = await platform.sso_connection(connection)
    if found is None or (kind is not None and found.kind != kind):
        raise NoConnection("There is no such way to sign in. Begin anew on the page of your organization.")
    return found


async def in_use(connection: uuid.UUID, kind: SsoKind | None = None) -> ConnectionRow:
    """A connection by which people sign in now, for a browser that comes for it; raises NoConnection."""
    found = await known(connection, kind)
    if found.state != ConnectionState.ACTIVE:
        raise NoConnection(
            f"Nobody signs in by {found.name} now: it is switched off. Ask an admin of your organization."
        )
    return found


async def create(actor: Actor, choice: Choice) -> ConnectionRow:
    """A new connection, by which nobody signs in yet; raises BadSetting, and InTheWay when there are too many."""
    actor.must(Right.ORGANIZATION_MANAGE)
    wanted, at = choices.checked(choice), clock.now()
    row = _written(_empty(actor.organization, wanted.kind, at), wanted, at)

    async def work() -> ConnectionRow:
        await role_rows.lock_organization(actor.organization)
        if len(await rows.all_of_them(actor.organization)) >= MOST:
            raise InTheWay(f"The organization has {MOST} connections. Remove one that is not used.")
        await rows.add(actor.organization, row)
        await _remember(actor, "sso_connection_created", row, after=_shown(row))
        return row

    return await transaction(work)


async def change(actor: Actor, connection: uuid.UUID, edit: Callable[[Choice], Choice]) -> ConnectionRow:
    """Choose something else about a connection, given what is chosen; the kind stays.

    Another issuer, client or attribute makes the ids mean other people, so whom the connection knew is forgotten, and
    whom it let in has to sign in again. Who is just signing in by what was chosen before begins anew.
    Raises NotFound, BadSetting, and InTheWay for one that people sign in by and that would lack something.
    """
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> ConnectionRow:
        before, at = await _found(actor, connection, lock=True), clock.now()
        old = choice_of(before)
        wanted = choices.checked(edit(old))
        if wanted.kind != before.kind:
            raise BadSetting(f"{before.name} speaks {before.kind}. Make another connection for {wanted.kind}.")
        if before.state == ConnectionState.ACTIVE:
            _must_be_complete(before, wanted)
        if wanted == old:
            return before
        after = _written(before, wanted, at)
        await rows.change(actor.organization, after)
        if replace(wanted, name=old.name) != old:
            await sso_tickets.forget_of(actor.organization, connection)
        was, now = differences(_shown(before), _shown(after))
        if wanted.client_secret != old.client_secret:
            now["client_secret"] = "replaced"
        if _knows_others(old, wanted):
            now["forgotten_identities"] = await rows.forget_identities(actor.organization, connection)
            now["ended_sessions"] = await sessions.end_vouched(actor.organization, connection)
        await _remember(actor, "sso_connection_changed", after, was, now)
        return after

    return await transaction(work)


async def activate(actor: Actor, connection: uuid.UUID) -> ConnectionRow:
    """Let people sign in by a connection; raises NotFound, and InTheWay for one that lacks something."""
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> ConnectionRow:
        found = await _found(actor, connection, lock=True)
        _must_be_complete(found, choice_of(found))
        return await _switch(actor, found, ConnectionState.ACTIVE, "sso_connection_activated")

    return await transaction(work)


async def switch_off(actor: Actor, connection: uuid.UUID) -> ConnectionRow:
    """Let nobody sign in by a connection any more, and end the sessions of those who did; raises NotFound.

    Raises InTheWay where single sign-on is enforced and this is the last one.
    """
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> ConnectionRow:
        found = await _dispensable(actor, connection)
        return await _switch(actor, found, ConnectionState.OFF, "sso_connection_switched_off")

    return await transaction(work)


async def remove(actor: Actor, connection: uuid.UUID) -> ConnectionRow:
    """Forget a connection and whom it knows, and end their sessions; their memberships stay.

    The connection as it was; raises what `switch_off` does.
    """
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> ConnectionRow:
        found = await _dispensable(actor, connection)
        await rows.remove(actor.organization, connection)
        ended = await sessions.end_vouched(actor.organization, connection)
        await _remember(actor, "sso_connection_removed", found, before=_shown(found), after={"ended_sessions": ended})
        return found

    return await transaction(work)


def choice_of(row: ConnectionRow) -> Choice:
    """What is chosen about a connection, with its secret in the clear; raises CannotSeal."""
    secret = None if row.client_secret is None else sealed.unseal(row.client_secret, _place(row))
    return Choice(row.name, choices.settings(row), row.issuer, secret)


def _empty(organization: OrganizationId, kind: SsoKind, at: datetime) -> ConnectionRow:
    return ConnectionRow(organization, new_id(), kind, "", ConnectionState.DRAFT, None, "{}", None, None, at, at)


def _written(row: ConnectionRow, choice: Choice, at: datetime) -> ConnectionRow:
    secret = None if choice.client_secret is None else sealed.seal(choice.client_secret, _place(row))
    return replace(
        row,
        name=choice.name,
        issuer=choice.issuer,
        settings=choices.to_json(choice.settings),
        client_secret=secret,
        updated_at=at,
    )


async def _switch(actor: Actor, found: ConnectionRow, state: ConnectionState, action: str) -> ConnectionRow:
    if found.state == state:
        return found
    switched = replace(found, state=state, updated_at=clock.now())
    await rows.change(actor.organization, switched)
    await sso_tickets.forget_of(actor.organization, found.id)
    now: dict[str, object] = {"state": state}
    if state != ConnectionState.ACTIVE:
        now["ended_sessions"] = await sessions.end_vouched(actor.organization, found.id)
    await _remember(actor, action, switched, {"state": found.state}, now)
    return switched


async def _dispensable(actor: Actor, connection: uuid.UUID) -> ConnectionRow:
    """A connection, locked, without which people can still sign in; the policy cannot change meanwhile."""
    await role_rows.lock_organization(actor.organization)
    found = await _found(actor, connection, lock=True)
    policies = (await rulebook.load(actor.organization)).policies
    if (
        policies.sso_enforced
        and found.state == ConnectionState.ACTIVE
        and not await rows.is_active(actor.organization, besides=connection)
    ):
        raise InTheWay(
            f"Single sign-on is enforced (sso_enforced), and {found.name} is the only way: nobody could sign in."
            " Activate another connection first, or choose sso_enforced=false."
        )
    return found


def _must_be_complete(row: ConnectionRow, choice: Choice) -> None:
    if lacking := choices.missing(choice):
        raise InTheWay(f"{row.name} still lacks {', '.join(lacking)}. Fill that in first.")


def _knows_others(old: Choice, new: Choice) -> bool:
    def meaning(choice: Choice) -> object:
        """What a provider's ids depend on."""
        if isinstance(choice.settings, choices.OidcSettings):
            return choice.settings.client_id
        return (choice.settings.subject_attribute or "").lower()

    return (old.issuer, meaning(old)) != (new.issuer, meaning(new))


async def _found(actor: Actor, connection: uuid.UUID, *, lock: bool = False) -> ConnectionRow:
    found = await rows.find(actor.organization, connection, lock=lock)
    if found is None:
        raise NotFound("There is no such connection.")
    return found


def _shown(row: ConnectionRow) -> dict[str, object]:
    return {"kind": row.kind, "name": row.name, "issuer": row.issuer, **msgspec.json.decode(row.settings)}


def _place(row: ConnectionRow) -> Place:
    return Place(row.organization_id, "sso_connection", row.id, "client_secret")


async def _remember(
    actor: Actor,
    action: str,
    row: ConnectionRow,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    await remember(actor, row.updated_at, action, "sso_connection", row.id, before=before, after=after)
