"""`/Users`: parse, call one service, render."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from api.provisioning import users as service
from api.provisioning.attribute_catalogue import without
from api.provisioning.decisions import Decision
from api.provisioning.fields import UserFields
from api.provisioning.outcome import UserOutcome, UserReceipt
from db.ids import DirectoryUserId, parse_id
from db.rows import RequestRow, UserRow

from . import bodies, render, seat_extension, user_map
from .exchange import Answer, Exchange
from .findings import decisions, left_out, refuse_unknown
from .language import patch, resources
from .language.folding import fold_text
from .language.projection import Projection
from .missing import no_user
from .preconditions import if_match, is_unchanged


async def read(exchange: Exchange, id: str) -> Answer:
    """GET /Users/{id}."""
    shape = _projection(exchange)
    found = await service.find(exchange.actor, _id(exchange, id), with_groups=shape.wants("groups"))
    tag = render.etag(found.version, found.groups)
    headers = {"ETag": tag}
    if is_unchanged(exchange, tag):
        return Answer(304, None, headers)
    return Answer(200, render.user(found, found.groups, exchange.base_url, shape), headers)


async def create(exchange: Exchange) -> Answer:
    """POST /Users."""
    shape = _projection(exchange)
    wanted, noted = _reader(exchange)(None)
    return await _written(
        exchange,
        shape,
        201,
        lambda receipt: service.create(exchange.actor, wanted, noted, receipt, settings=exchange.settings),
    )


async def replace(exchange: Exchange, id: str) -> Answer:
    """PUT /Users/{id}; never creates."""
    shape, user_id, versions = _projection(exchange), _id(exchange, id), if_match(exchange)
    edit = _reader(exchange)
    return await _written(
        exchange,
        shape,
        200,
        lambda receipt: service.change(
            exchange.actor, user_id, edit, receipt, if_version=versions, settings=exchange.settings
        ),
    )


async def modify(exchange: Exchange, id: str) -> Answer:
    """PATCH /Users/{id}: all operations or none."""
    shape, user_id, versions = _projection(exchange), _id(exchange, id), if_match(exchange)
    types, tolerant = exchange.known_types(), exchange.settings.is_tolerant
    operations, notes = bodies.modification(exchange, types.user)

    def edit(stored: UserRow) -> tuple[UserFields, Sequence[Decision]]:
        document = msgspec.json.decode(stored.document, type=dict[str, object])
        redirected = seat_extension.redirected(operations, document, types.user)
        patched = patch.apply(document, redirected, types.user, tolerant=tolerant)
        refuse_unknown(exchange.settings, patched.ignored)
        kept, dropped = without(patched.document, exchange.settings.left_out)
        settled = seat_extension.settle(kept, document, types.user)
        was_active = stored.active if patched.active is None else patched.active
        fields = user_map.fields(settled, types.user, was_active=was_active)
        return fields, [*decisions(patched.ignored, (*notes, *patched.repaired)), *left_out(dropped)]

    return await _written(
        exchange,
        shape,
        200,
        lambda receipt: service.change(
            exchange.actor, user_id, edit, receipt, if_version=versions, settings=exchange.settings
        ),
    )


async def delete(exchange: Exchange, id: str) -> Answer:
    """DELETE /Users/{id}: the resource is gone, the member is kept."""
    user_id, versions = _id(exchange, id), if_match(exchange)
    answer = Answer(204, is_recorded=True)

    def record(outcome: UserOutcome) -> RequestRow:
        _about(exchange, outcome.user)
        return exchange.record(answer, outcome.decisions)

    await service.remove(exchange.actor, user_id, UserReceipt(exchange.id, record), if_version=versions)
    return answer


async def _written(
    exchange: Exchange, shape: Projection, status: int, write: Callable[[UserReceipt], Awaitable[UserOutcome]]
) -> Answer:
    """The answer to a write, rendered inside of its transaction so that its record can hold it."""
    answers: list[Answer] = []

    def record(outcome: UserOutcome) -> RequestRow:
        _about(exchange, outcome.user)
        answers.append(_answer(exchange, shape, status, outcome))
        return exchange.record(answers[-1], outcome.decisions)

    await write(UserReceipt(exchange.id, record))
    return answers[-1]


def _answer(exchange: Exchange, shape: Projection, status: int, outcome: UserOutcome) -> Answer:
    groups = outcome.groups if shape.wants("groups") else None
    headers = {"ETag": render.etag(outcome.user.version, groups)}
    if status == 201:
        headers["Location"] = render.location(exchange.base_url, "User", outcome.user.id)
    return Answer(status, render.user(outcome.user, groups, exchange.base_url, shape), headers, is_recorded=True)


def _reader(exchange: Exchange) -> Callable[[UserRow | None], tuple[UserFields, Sequence[Decision]]]:
    """From what is stored, if anything, to what the body says that the user is."""
    types, settings = exchange.known_types(), exchange.settings
    body, notes = bodies.resource(exchange, types.user)
    _note_subject(exchange, body)

    def read(stored: UserRow | None) -> tuple[UserFields, Sequence[Decision]]:
        previous = None if stored is None else msgspec.json.decode(stored.document, type=dict[str, object])
        reading = resources.read(body, types.user, tolerant=settings.is_tolerant, previous=previous)
        refuse_unknown(settings, reading.ignored)
        kept, dropped = without(reading.document, settings.left_out)
        settled = seat_extension.settle(kept, previous or {}, types.user)
        found = [*decisions(reading.ignored, (*notes, *reading.repaired)), *left_out(dropped)]
        return user_map.fields(settled, types.user), found

    return read


def _projection(exchange: Exchange) -> Projection:
    given, types = exchange.parameters, exchange.known_types()
    return types.projection(types.user, given.get("attributes"), given.get("excludedattributes"))


def _id(exchange: Exchange, id: str) -> DirectoryUserId:
    exchange.resource_type = "User"
    parsed = parse_id(id)
    if parsed is None:
        raise no_user(id)
    exchange.resource_id = parsed
    return DirectoryUserId(parsed)


def _note_subject(exchange: Exchange, body: object) -> None:
    """Remember whom a request is about, so that a refused one can be found by that name."""
    exchange.resource_type = "User"
    if isinstance(body, dict) and isinstance(name := body.get("userName"), str):
        exchange.subject_key = fold_text(name)


def _about(exchange: Exchange, user: UserRow) -> None:
    exchange.resource_type, exchange.resource_id, exchange.subject_key = "User", user.id, user.user_name_key
