"""What is measured: the requests of each operation, as an identity provider would send them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from urllib.parse import quote

from . import people
from .people import ENTERPRISE_URN
from .populations import EMPTY, LARGE, MAPPED, SMALL, TENTH, Population, Sizes
from .restoring import Undo, let_in_again, take_out

BASE = "/scim/v2"
_MANY = 1000
_PATCH_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@dataclass(frozen=True, slots=True)
class Request:
    """One request, before it is given a key."""

    method: str
    target: str
    body: bytes = b""
    media_type: str = "application/scim+json"


@dataclass(frozen=True, slots=True)
class World:
    """What requests can be about. `turn` chooses whose users are written: application and floor have their own."""

    population: Population
    turn: int
    samples: int
    cursor: str = ""

    def users(self) -> Sequence[int]:
        """Numbers of people all over the organization, the same at every run, none in two turns."""
        return self.everybody()[self.turn :: 2]

    def everybody(self) -> Sequence[int]:
        """The numbers of all turns."""
        count = min(self.samples, self.population.users // 2)
        return random.Random(7).sample(range(self.population.users), 2 * count)

    def deep(self) -> int:
        """How many users come before the deep page: 90 %."""
        return self.population.users * 9 // 10


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of the table: what is asked of which organization, over how many connections if not as many as others.

    What can be undone is sent only once until it is.
    """

    name: str
    title: str
    requests: Callable[[World], Iterator[Request]]
    is_write: bool = False
    undo: Undo | None = None
    of: Callable[[Sizes], Population] = attrgetter("large")
    connections: int | None = None

    @property
    def is_bounded(self) -> bool:
        """Whether each request can be sent only once until it is undone."""
        return self.undo is not None


def _create(world: World) -> Iterator[Request]:
    for number in world.users():
        yield Request("POST", f"{BASE}/Users", _json(people.document(people.FRESH, number, world.population.users)))


def _read(world: World) -> Iterator[Request]:
    for number in world.users():
        yield Request("GET", f"{BASE}/Users/{world.population.user(number)}")


def _filter(text: Callable[[World, int], str]) -> Callable[[World], Iterator[Request]]:
    def requests(world: World) -> Iterator[Request]:
        for number in world.users():
            yield Request("GET", f"{BASE}/Users?filter={quote(text(world, number), safe='')}")

    return requests


def _list(query: Callable[[World], str]) -> Callable[[World], Iterator[Request]]:
    def requests(world: World) -> Iterator[Request]:
        yield Request("GET", f"{BASE}/Users?{query(world)}&count=100")

    return requests


def _patch_active(world: World) -> Iterator[Request]:
    for active in (False, True):
        body = _patch({"op": "replace", "value": {"active": active}})
        for number in world.users():
            yield Request("PATCH", f"{BASE}/Users/{world.population.user(number)}", body)


def _deactivate(world: World) -> Iterator[Request]:
    body = _patch({"op": "replace", "value": {"active": False}})
    for number in world.users():
        yield Request("PATCH", f"{BASE}/Users/{world.population.user(number)}", body)


def _put(world: World) -> Iterator[Request]:
    for department in ("Night Shift", "Early Shift"):
        for number in world.users():
            population = world.population
            body = people.document(population.token(number), number, population.users)
            body[ENTERPRISE_URN] = {**people.enterprise(number), "department": department}
            yield Request("PUT", f"{BASE}/Users/{population.user(number)}", _json(body))


def _add_to(groups: Sequence[int]) -> Callable[[World], Iterator[Request]]:
    def requests(world: World) -> Iterator[Request]:
        population = world.population
        for place, number in enumerate(range(population.users, population.users + population.spare)):
            group = population.group(groups[place % len(groups)])
            value = [{"value": str(population.user(number))}]
            body = _patch({"op": "add", "path": "members", "value": value})
            yield Request("PATCH", f"{BASE}/Groups/{group}", body)

    return requests


def _add_many(group: int) -> Callable[[World], Iterator[Request]]:
    def requests(world: World) -> Iterator[Request]:
        population = world.population
        many = min(_MANY, population.spare)
        for first in range(population.users, population.users + population.spare - many + 1, many):
            value = [{"value": str(population.user(number))} for number in range(first, first + many)]
            body = _patch({"op": "add", "path": "members", "value": value})
            yield Request("PATCH", f"{BASE}/Groups/{population.group(group)}", body)

    return requests


def _read_group(world: World) -> Iterator[Request]:
    yield Request("GET", f"{BASE}/Groups/{world.population.group(TENTH)}?excludedAttributes=members")


def _patch(operation: dict[str, object]) -> bytes:
    return _json({"schemas": [_PATCH_URN], "Operations": [operation]})


def _json(document: dict[str, object]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def _family(world: World, number: int) -> str:
    return f'name.familyName eq "{people.family_name(number, world.population.users)}"'


# Reads come first: what writes leave behind must not be among what is found.
OPERATIONS: Sequence[Operation] = (
    Operation("read", "read a user", _read),
    Operation(
        "filter-user-name",
        "filter by userName",
        _filter(lambda world, n: f'userName eq "{people.user_name(world.population.token(n))}"'),
    ),
    Operation(
        "filter-external-id",
        "filter by externalId",
        _filter(lambda world, n: f'externalId eq "{people.external_id(world.population.token(n))}"'),
    ),
    Operation(
        "filter-email",
        "filter by work e-mail",
        _filter(lambda world, n: f'emails[type eq "work" and value eq "{people.email(world.population.token(n))}"]'),
    ),
    Operation("filter-family-name", f"filter by family name ({people.PER_FAMILY} hits)", _filter(_family)),
    Operation("list-first", "list, first 100", _list(lambda world: "startIndex=1")),
    Operation("list-deep", "list, 100 at 90 %, by index", _list(lambda world: f"startIndex={world.deep() + 1}")),
    Operation("cursor-first", "list, first 100, by cursor", _list(lambda world: "cursor=")),
    Operation("cursor-deep", "list, 100 at 90 %, by cursor", _list(lambda world: f"cursor={world.cursor}")),
    Operation("read-group", "read the group of 10 % without members", _read_group),
    Operation("create", "create a user", _create, is_write=True),
    Operation("patch-active", "PATCH active", _patch_active, is_write=True),
    Operation("put", "PUT a user", _put, is_write=True),
    Operation("add-to-small", "add a member to a group of 10", _add_to(SMALL), is_write=True, undo=take_out),
    Operation("add-to-tenth", "add a member to a group of 10 %", _add_to([TENTH]), is_write=True, undo=take_out),
    Operation("add-to-large", "add a member to a group of all", _add_to([LARGE]), is_write=True, undo=take_out),
    Operation("add-many", "add 1,000 members to a group", _add_many(EMPTY), is_write=True, undo=take_out),
    Operation("add-many-mapped", "add 1,000 to a mapped group", _add_many(MAPPED), is_write=True, undo=take_out),
    Operation(
        *("create-unlimited", "create, no limit of seats, 32 at once", _create),
        is_write=True,
        of=attrgetter("unlimited"),
        connections=32,
    ),
    Operation(
        *("create-limited", "create, seats are limited, 32 at once", _create),
        is_write=True,
        of=attrgetter("limited"),
        connections=32,
    ),
    Operation(
        *("deactivate", "deactivate, breaker off", _deactivate),
        is_write=True,
        undo=let_in_again,
        of=attrgetter("unguarded"),
    ),
    Operation(
        *("deactivate-held", "deactivate, held by the breaker", _deactivate),
        is_write=True,
        undo=let_in_again,
        of=attrgetter("guarded"),
    ),
)


def named(names: Sequence[str]) -> Sequence[Operation]:
    """The operations with these names, in the order of the table; all when there are none."""
    return [operation for operation in OPERATIONS if not names or operation.name in names]
