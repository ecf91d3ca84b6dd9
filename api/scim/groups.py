"""`/Groups`: parse, call one service, render. Members are rows and never part of the stored document."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import msgspec

from api.provisioning import groups as service
from api.provisioning import memberships
from api.provisioning.decisions import Decision
from api.provisioning.fields import GroupFields
from api.provisioning.outcome import GroupOutcome, GroupReceipt
from db.ids import DirectoryGroupId, parse_id
from db.rows import GroupRow, RequestRow, ShownMember

from . import bodies, group_map, render
from .exchange import Answer, Exchange
from .findings import decisions, refuse_unknown
from .language import membership, patch, resources
from .language.folding import fold_text
from .language.projection import Projection
from .missing import no_group
from .preconditions import if_match, is_unchanged

CHUNK = 2000
SHOWN_AFTER_PATCH = 1000
"""A PATCH of a larger group answers 204, unless `attributes` asks for something: nobody reads that many members."""


async def read(exchange: Exchange, id: str) -> Answer:
    """GET /Groups/{id}; members are streamed."""
    shape = _projection(exchange)
    found = await service.find(exchange.actor, _id(exchange, id))
    headers = {"ETag": render.etag(found.version)}
    if is_unchanged(exchange, headers["ETag"]):
        return Answer(304, None, headers)
    return Answer(200, await _shown_whole(exchange, shape, found), headers)


async def create(exchange: Exchange) -> Answer:
    """POST /Groups."""
    shape, settings = _projection(exchange), exchange.settings
    body, notes = _body(exchange)
    members = _members(body) or ()
    wanted, noted = _reader(exchange, body, notes)(None)
    return await _written(
        exchange,
        shape,
        201,
        lambda receipt: service.create(
            exchange.actor,
            wanted,
            members,
            noted,
            receipt,
            may_repeat_names=settings.repeated_group_names,
        ),
    )


async def replace(exchange: Exchange, id: str) -> Answer:
    """PUT /Groups/{id}; members change only when the body names them."""
    shape, group_id = _projection(exchange), _id(exchange, id)
    body, notes = _body(exchange)
    members = _members(body)
    steps = () if members is None else (memberships.Clear(), memberships.Add(members))
    return await _changed(exchange, shape, 200, group_id, _reader(exchange, body, notes), steps)


async def modify(exchange: Exchange, id: str) -> Answer:
    """PATCH /Groups/{id}: all operations or none; only rows of members who come or go are touched."""
    shape, group_id = _projection(exchange), _id(exchange, id)
    type, tolerant = exchange.known_types().group, exchange.settings.is_tolerant
    operations, notes = bodies.modification(exchange, type)
    steps, others = membership.split(operations, tolerant=tolerant)

    def edit(stored: GroupRow) -> tuple[GroupFields, Sequence[Decision]]:
        document = msgspec.json.decode(stored.document, type=dict[str, object])
        patched = patch.apply(document, others, type, tolerant=tolerant)
        refuse_unknown(exchange.settings, patched.ignored)
        return group_map.fields(patched.document, type), decisions(patched.ignored, (*notes, *patched.repaired))

    return await _changed(exchange, shape, None, group_id, edit, group_map.steps(steps, exchange.base_url))


async def delete(exchange: Exchange, id: str) -> Answer:
    """DELETE /Groups/{id}."""
    group_id, versions = _id(exchange, id), if_match(exchange)
    answer = Answer(204, is_recorded=True)

    def record(outcome: GroupOutcome) -> RequestRow:
        _about(exchange, outcome.group)
        return exchange.record(answer, outcome.decisions)

    await service.remove(exchange.actor, group_id, GroupReceipt(exchange.id, record), if_version=versions)
    return answer


async def _changed(
    exchange: Exchange,
    shape: Projection,
    status: int | None,
    group_id: DirectoryGroupId,
    edit: service.Edit,
    steps: Sequence[memberships.Step],
) -> Answer:
    settings, versions = exchange.settings, if_match(exchange)
    return await _written(
        exchange,
        shape,
        status,
        lambda receipt: service.change(
            exchange.actor,
            group_id,
            edit,
            steps,
            receipt,
            may_repeat_names=settings.repeated_group_names,
            if_version=versions,
        ),
    )


async def _written(
    exchange: Exchange,
    shape: Projection,
    status: int | None,
    write: Callable[[GroupReceipt], Awaitable[GroupOutcome]],
) -> Answer:
    """The answer to a write; with no status given, 200 or 204 as the size of the group has it."""
    answers: list[Answer] = []

    def record(outcome: GroupOutcome) -> RequestRow:
        _about(exchange, outcome.group)
        answers.append(_answer(exchange, status or _status_after_patch(exchange, outcome), outcome))
        return exchange.record(answers[-1], outcome.decisions)

    outcome = await write(GroupReceipt(exchange.id, record))
    answer = answers[-1]
    if answer.status != 204:
        answer.body = await _shown_whole(exchange, shape, outcome.group)
    return answer


def _status_after_patch(exchange: Exchange, outcome: GroupOutcome) -> int:
    is_large = outcome.members > SHOWN_AFTER_PATCH
    return 204 if is_large and not exchange.parameters.get("attributes") else 200


def _answer(exchange: Exchange, status: int, outcome: GroupOutcome) -> Answer:
    headers = {"ETag": render.etag(outcome.group.version)}
    if status == 201:
        headers["Location"] = render.location(exchange.base_url, "Group", outcome.group.id)
    return Answer(status, None, headers, is_recorded=True)


async def _shown_whole(exchange: Exchange, shape: Projection, group: GroupRow) -> bytes | AsyncIterator[bytes]:
    """The group in one piece where no members are shown, and streamed where there may be any number of them."""
    pieces = _shown(exchange, shape, group)
    return pieces if shape.wants("members") else b"".join([piece async for piece in pieces])


def _shown(exchange: Exchange, shape: Projection, group: GroupRow) -> AsyncIterator[bytes]:
    members: AsyncIterator[Sequence[ShownMember]] | None = None
    if shape.wants("members"):
        members = service.members(exchange.actor, DirectoryGroupId(group.id), chunk=CHUNK)
    return render.group(group, members, exchange.base_url, shape)


def _body(exchange: Exchange) -> tuple[object, Sequence[str]]:
    """The body of a POST or PUT with what was put right in it."""
    body, notes = bodies.resource(exchange, exchange.known_types().group)
    _note_subject(exchange, body)
    return body, notes


def _members(body: object) -> tuple[str, ...] | None:
    members = membership.from_resource(body)
    return None if members is None else tuple(member.value for member in members)


def _reader(
    exchange: Exchange, body: object, notes: Sequence[str]
) -> Callable[[GroupRow | None], tuple[GroupFields, Sequence[Decision]]]:
    """From what is stored, if anything, to what the body says that the group is."""
    type, settings = exchange.known_types().group, exchange.settings

    def read(stored: GroupRow | None) -> tuple[GroupFields, Sequence[Decision]]:
        previous = None if stored is None else msgspec.json.decode(stored.document, type=dict[str, object])
        reading = resources.read(body, type, tolerant=settings.is_tolerant, previous=previous)
        refuse_unknown(settings, reading.ignored)
        return group_map.fields(reading.document, type), decisions(reading.ignored, (*notes, *reading.repaired))

    return read


def _projection(exchange: Exchange) -> Projection:
    given, types = exchange.parameters, exchange.known_types()
    return types.projection(types.group, given.get("attributes"), given.get("excludedattributes"))


def _id(exchange: Exchange, id: str) -> DirectoryGroupId:
    exchange.resource_type = "Group"
    parsed = parse_id(id)
    if parsed is None:
        raise no_group(id)
    exchange.resource_id = parsed
    return DirectoryGroupId(parsed)


def _note_subject(exchange: Exchange, body: object) -> None:
    exchange.resource_type = "Group"
    if isinstance(body, dict) and isinstance(name := body.get("displayName"), str):
        exchange.subject_key = fold_text(name)


def _about(exchange: Exchange, group: GroupRow) -> None:
    exchange.resource_type, exchange.resource_id, exchange.subject_key = "Group", group.id, group.display_name_key
