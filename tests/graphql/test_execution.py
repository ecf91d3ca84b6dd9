"""Our executor beside the one that it shortens: every document has to be answered alike, errors and all."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Any, Generic, TypeVar

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from api.graphql.execution import Executor

T = TypeVar("T")


@strawberry.enum
class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@strawberry.interface
class Thing:
    id: strawberry.ID


@strawberry.type
class Part:
    name: str
    colour: Colour | None = None


@strawberry.input
class Wish:
    colour: Colour = Colour.RED
    times: int | None = 2


@strawberry.type
class Machine(Thing):
    name: str
    label: str | None
    weight: int
    parts: list[Part]
    spare: Part | None
    numbers: list[list[int]]

    @strawberry.field
    async def painted(self, wish: Wish, suffix: str = "!") -> str:
        await asyncio.sleep(0)
        return f"{wish.colour.name} {self.name}{suffix * (wish.times or 0)}"

    @strawberry.field
    async def made_of(self, first: int | None = None) -> list[Part]:
        return self.parts[:first]

    @strawberry.field
    async def fails(self) -> int:
        raise ValueError(f"{self.name} cannot")

    @strawberry.field
    async def fails_softly(self) -> int | None:
        raise ValueError(f"{self.name} cannot either")

    @strawberry.field
    async def broken(self) -> Part | None:
        return Part(name=None)  # type: ignore[arg-type]  # what the schema does not allow

    @strawberry.field
    def plain(self) -> str:
        return self.name.upper()


@strawberry.type
class Page(Generic[T]):
    nodes: list[T]
    length: int


@strawberry.type
class Ghost(Thing):
    pass


@strawberry.type
class Query:
    @strawberry.field
    async def machines(self) -> Page[Machine]:
        return Page(nodes=[_machine(n) for n in range(3)], length=3)

    @strawberry.field
    async def machine(self, n: int) -> Machine | None:
        return _machine(n)

    @strawberry.field
    async def things(self) -> list[Thing | None]:
        return [_machine(0), None, Ghost(id=strawberry.ID("ghost"))]

    @strawberry.field
    async def either(self) -> Machine | Ghost:
        return Ghost(id=strawberry.ID("ghost"))


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def rename(self, name: str) -> Machine:
        return Machine(**{**vars(_machine(0)), "name": name})


def _machine(n: int) -> Machine:
    """Number 7 has a null where none may be, 8 a text for a number, 9 a part that is none."""
    wheel = Part(name="wheel", colour=Colour.RED)
    parts: list[Any] = [wheel, None] if n == 9 else [wheel, Part(name="axle")]
    return Machine(
        id=strawberry.ID(str(n)),
        name=None if n == 7 else f"machine {n}",  # type: ignore[arg-type]
        label=None,
        weight="heavy" if n == 8 else n,  # type: ignore[arg-type]
        parts=parts,
        spare=wheel if n else None,
        numbers=[[1, 2], [n]],
    )


def _schema(**chosen: Any) -> strawberry.Schema:
    return strawberry.Schema(
        query=Query, mutation=Mutation, types=[Ghost], config=StrawberryConfig(sort_schema=True), **chosen
    )


OURS, THEIRS = _schema(execution_context_class=Executor), _schema()

DOCUMENTS = [
    "{ machines { length nodes { id name label weight numbers spare { name colour } parts { name } } } }",
    "{ machines { nodes { weight painted(wish: {}) name plain id } length } }",
    '{ machines { nodes { painted(wish: {colour: BLUE, times: 1}, suffix: "?") b: painted(wish: {times: null}) } } }',
    "query ($wish: Wish!, $n: Int) { machines { nodes { painted(wish: $wish) madeOf(first: $n) { name colour } } } }",
    "query ($yes: Boolean!) { machine(n: 1) { id @skip(if: $yes) name @include(if: $yes) "
    "spare { name @skip(if: $yes) } } }",
    "{ machine(n: 1) { ...A ...B __typename } } fragment A on Machine { name parts { name } } "
    "fragment B on Machine { weight parts { colour __typename } }",
    "{ machine(n: 7) { id name } }",
    "{ a: machine(n: 7) { id label } b: machine(n: 8) { weight } c: machine(n: 9) { parts { name } } }",
    "{ machine(n: 9) { parts { name colour } madeOf { name } } }",
    "{ machines { nodes { id fails } } }",
    "{ machines { nodes { id failsSoftly broken { name } label } } }",
    "{ things { id __typename ... on Machine { name painted(wish: {}) } } either { ... on Ghost { id } } }",
    'mutation { a: rename(name: "x") { name parts { name } } b: rename(name: "y") { painted(wish: {}) } }',
    "{ machine(n: 1) { painted(wish: {times: 99999999999}) } }",
    '{ __schema { queryType { name } } __type(name: "Part") { fields { name } } machine(n: 0) { spare { name } } }',
]


@pytest.mark.parametrize("document", DOCUMENTS)
async def test_every_document_is_answered_as_without_short_ways(document: str) -> None:
    variables = {"wish": {"colour": "BLUE"}, "n": 1, "yes": True}
    found = [await schema.execute(document, variable_values=variables) for schema in (OURS, THEIRS)]
    ours, theirs = ((each.data, [error.formatted for error in each.errors or ()]) for each in found)
    assert ours == theirs
    assert str(ours[0]) == str(theirs[0]), "in the order of the document, too"


async def test_attributes_and_resolvers_go_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or all of this would be for nothing, as it is when Strawberry no longer marks its resolvers."""
    long_ways: list[str] = []
    theirs = StrawberryGraphQLCoreExecutionContext.execute_field

    def counted(self: Any, parent: Any, source: Any, details: Any, *more: Any) -> Any:
        long_ways.append(details[0].node.name.value)
        return theirs(self, parent, source, details, *more)

    monkeypatch.setattr(StrawberryGraphQLCoreExecutionContext, "execute_field", counted)
    await OURS.execute("{ machines { nodes { id name spare { name } painted(wish: {}) plain } } }")
    assert sorted(set(long_ways)) == ["nodes", "plain"], "lists of what has resolvers, and what does not wait"
