"""Members of groups, kept apart from the document because there may be 100,000 of them (RFC 7643 §4.2).

Everything here is linear in the number of members, also when each comes in an operation of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from . import simple_values
from .errors import InvalidValue, Mutability
from .expressions import Comparison, Filter, Operator, Or
from .operations import Operation
from .schemas import Document
from .schemas import Mutability as Mutable

MAX_ID = 500
"""Characters that the id of a member may have."""


@dataclass(frozen=True, slots=True)
class MemberValue:
    """One member that a client names: the id of a user or group, and which of the two it is if the client says so."""

    value: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Add:
    """These become members; those that are members already stay so."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remove:
    """These are no members any more, whether they were or not."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoveWhere:
    """Members that the filter matches are members no more."""

    filter: Filter


@dataclass(frozen=True, slots=True)
class Clear:
    """Nobody is a member any more."""


@dataclass(frozen=True, slots=True)
class Expect:
    """The filter must match a member; otherwise the request fails with NoTarget (RFC 7644 §3.5.2.3)."""

    filter: Filter


Step: TypeAlias = Add | Remove | RemoveWhere | Clear | Expect


def from_resource(body: object) -> tuple[MemberValue, ...] | None:
    """The members that a POST or PUT of a group names, each once; None when it does not say anything about members.

    One object stands for an array of one, a text for an object with that `value`, null for nobody. A `$ref` without
    `value` names the id by its last segment, as in `Users/2819c223`. Raises InvalidValue.
    """
    if not isinstance(body, dict):
        return None
    named = [value for key, value in body.items() if key.lower() == "members"]
    if not named:
        return None
    return tuple({member.value: member for member in _members(named[-1])}.values())


def split(operations: Iterable[Operation], *, tolerant: bool) -> tuple[tuple[Step, ...], tuple[Operation, ...]]:
    """What a group's PATCH does to its members, in order, and the operations on everything else.

    Neighbouring steps of a kind are one step. Whether Expect holds is for the caller to find out. Of a member nothing
    can change: Mutability, but with `tolerant` its `display` is passed over, and replacing a member as a whole puts
    another in its place. Raises InvalidValue, Mutability.
    """
    steps, rest = _Steps(), []
    for operation in operations:
        if operation.is_on_members:
            steps.take(_steps(operation, tolerant=tolerant))
        elif operation.path is None and isinstance(operation.value, dict) and not operation.unknown:
            steps.take(_pathless_steps(operation, operation.value))
            rest += _without_members(operation, operation.value)
        else:
            rest.append(operation)
    return steps.finished(), tuple(rest)


@dataclass(slots=True)
class _Steps:
    """Steps under construction; the ids of the last one are collected before it is made."""

    done: list[Step] = field(default_factory=list)
    kind: type[Add | Remove] | None = None
    ids: dict[str, None] = field(default_factory=dict)

    def take(self, steps: Iterable[Step]) -> None:
        for step in steps:
            if isinstance(step, Add | Remove):
                self._collect(step)
            else:
                self._close()
                self.done.append(step)

    def finished(self) -> tuple[Step, ...]:
        self._close()
        return tuple(self.done)

    def _collect(self, step: Add | Remove) -> None:
        if step.values and self.kind is not type(step):
            self._close()
            self.kind = type(step)
        self.ids.update(dict.fromkeys(step.values))

    def _close(self) -> None:
        if self.kind is not None and self.ids:
            self.done.append(self.kind(tuple(self.ids)))
        self.kind, self.ids = None, {}


def _steps(operation: Operation, *, tolerant: bool) -> Iterator[Step]:
    path = operation.path
    if path is None:
        return
    if path.sub is not None:
        if not tolerant or path.sub.mutability is not Mutable.READ_ONLY:
            raise Mutability(f"`{path}` cannot change; remove the member and add another.")
        if path.value_filter is not None and operation.op != "remove":
            yield Expect(path.value_filter)
    elif path.value_filter is None:
        yield from _steps_on_all(operation)
    elif operation.op == "remove":
        yield _removal(path.value_filter)
    else:
        yield from _steps_on_selected(operation, path.value_filter, tolerant=tolerant)


def _steps_on_all(operation: Operation) -> Iterator[Step]:
    if operation.op == "replace" or (operation.op == "remove" and operation.value is None):
        yield Clear()
    # Entra (without its feature flag) and authentik list in a removal the only members to remove.
    ids = tuple(member.value for member in _members(operation.value))
    yield Remove(ids) if operation.op == "remove" else Add(ids)


def _steps_on_selected(operation: Operation, filter: Filter, *, tolerant: bool) -> Iterator[Step]:
    ids = tuple(member.value for member in _members(operation.value))
    yield Expect(filter)
    if ids == _equal_values(filter):
        return
    if not tolerant:
        raise Mutability(f"`{operation.path}` cannot be replaced; remove the member and add another.")
    if operation.op == "replace":
        yield _removal(filter)
    yield Add(ids)


def _pathless_steps(operation: Operation, value: Document) -> Iterator[Step]:
    for key, members in value.items():
        if key.lower() == "members":
            yield from _steps_on_all(replace(operation, value=members))


def _without_members(operation: Operation, value: Document) -> list[Operation]:
    others = {key: each for key, each in value.items() if key.lower() != "members"}
    if len(others) == len(value):
        return [operation]
    return [replace(operation, value=others)] if others else []


def _removal(filter: Filter) -> Step:
    ids = _equal_values(filter)
    return RemoveWhere(filter) if ids is None else Remove(ids)


def _equal_values(filter: Filter) -> tuple[str, ...] | None:
    """The ids in `value eq "…"`, or several of it joined by `or`; None for any other filter."""
    ids: list[str] = []
    for term in filter.terms if isinstance(filter, Or) else (filter,):
        if not isinstance(term, Comparison) or term.operator is not Operator.EQ or not isinstance(term.value, str):
            return None
        if term.path.leaf.name != "value":
            return None
        ids.append(term.value)
    return tuple(ids)


def _members(value: object) -> Iterator[MemberValue]:
    for element in value if isinstance(value, list) else [value]:
        if element is not None and element != {}:
            yield _member(element)


def _member(element: object) -> MemberValue:
    given = {key.lower(): each for key, each in element.items()} if isinstance(element, dict) else {"value": element}
    value, reference = given.get("value"), given.get("$ref")
    parts = reference.split("?")[0].rstrip("/").split("/") if isinstance(reference, str) else []
    if value is None and parts:
        value = parts[-1]
    if not isinstance(value, str) or not value or len(value) > MAX_ID:
        raise InvalidValue(f"`members.value` must be the id of a user or group, not {simple_values.described(value)}.")
    simple_values.screen(value, "members.value")
    return MemberValue(value, _type(given.get("type"), parts))


def _type(given: object, reference: list[str]) -> str | None:
    """`User` or `Group`, from `type` or else from the last segment but one of `$ref`; None if neither says."""
    if isinstance(given, str):
        return {"user": "User", "group": "Group"}.get(given.lower())
    collection = reference[-2].lower() if len(reference) > 1 else ""
    return {"users": "User", "groups": "Group"}.get(collection)
