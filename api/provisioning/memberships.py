"""Planning for group members: which rows come and go when steps are carried out in order. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from db.rows import Standing

from .decisions import Decided, Decision
from .errors import NobodyThere


@dataclass(frozen=True, slots=True)
class Add:
    """Make these members, named by id, externalId or userName."""

    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove these members; those who are none are no error."""

    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class RemoveWhere:
    """Remove the members `m` for which an SQL condition with placeholders from `$3` is true."""

    condition: str
    args: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Expect:
    """There must be a member `m` for which an SQL condition with placeholders from `$3` is true."""

    condition: str
    args: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Clear:
    """Remove all members."""


Step = Add | Remove | RemoveWhere | Expect | Clear


@dataclass(frozen=True, slots=True)
class MembershipFacts:
    """What the steps need to know: what names stand for, who is a member now, whom a condition selects."""

    standing: Mapping[str, Standing]
    current: frozenset[uuid.UUID] = frozenset()
    selected: Mapping[RemoveWhere | Expect, frozenset[uuid.UUID]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MembershipPlan:
    """The rows to write: members to add (by type), to remove, to park and to forget."""

    users: tuple[uuid.UUID, ...] = ()
    groups: tuple[uuid.UUID, ...] = ()
    removed: tuple[uuid.UUID, ...] = ()
    parked: tuple[str, ...] = ()
    unparked: tuple[str, ...] = ()
    unpark_all: bool = False
    decisions: tuple[Decision, ...] = ()

    @property
    def changes_members(self) -> bool:
        """Whether somebody joins or leaves."""
        return bool(self.users or self.groups or self.removed)


def names(steps: Iterable[Step]) -> list[str]:
    """Every name that the steps mention, once each."""
    return list(dict.fromkeys(name for step in steps if isinstance(step, Add | Remove) for name in step.values))


def plan(steps: Sequence[Step], facts: MembershipFacts) -> MembershipPlan:
    """Carry out the steps in order, on paper."""
    paper = _Paper(facts)
    for step in steps:
        paper.carry_out(step)
    return paper.result()


class _Paper:
    """The group as it would be after the steps so far."""

    def __init__(self, facts: MembershipFacts) -> None:
        self._facts = facts
        self._wanted: dict[uuid.UUID, bool] = {}
        self._types = {known.value: known.type for known in facts.standing.values()}
        self._before = facts.current.union(
            (known.value for known in facts.standing.values() if known.is_member), *facts.selected.values()
        )
        self._parked: dict[str, None] = {}
        self._unparked: dict[str, None] = {}
        self._unpark_all = False

    def carry_out(self, step: Step) -> None:
        match step:
            case Add(values):
                for name in values:
                    self._add(name)
            case Remove(values):
                for name in values:
                    self._remove(name)
            case RemoveWhere():
                self._wanted.update(dict.fromkeys(self._facts.selected[step], False))
            case Expect():
                if not self._facts.selected[step]:
                    raise NobodyThere("The path selects no member of this group.")
            case Clear():
                self._wanted = dict.fromkeys(self._before, False)
                self._parked, self._unpark_all = {}, True

    def _add(self, name: str) -> None:
        known = self._facts.standing.get(name)
        if known is None:
            self._parked[name] = None
        else:
            self._wanted[known.value] = True

    def _remove(self, name: str) -> None:
        known = self._facts.standing.get(name)
        if known is not None:
            self._wanted[known.value] = False
        elif self._parked.pop(name, False) is False:
            self._unparked[name] = None

    def result(self) -> MembershipPlan:
        joining = [value for value, there in self._wanted.items() if there and value not in self._before]
        leaving = tuple(value for value, there in self._wanted.items() if not there and value in self._before)
        return MembershipPlan(
            users=tuple(value for value in joining if self._types[value] == "User"),
            groups=tuple(value for value in joining if self._types[value] == "Group"),
            removed=leaving,
            parked=tuple(self._parked),
            unparked=tuple(self._unparked),
            unpark_all=self._unpark_all,
            decisions=_decisions(len(joining), len(leaving), tuple(self._parked)),
        )


def _decisions(joining: int, leaving: int, parked: tuple[str, ...]) -> tuple[Decision, ...]:
    decisions = []
    if joining or leaving:
        decisions.append(Decision(Decided.MEMBERS, f"{joining} joined the group, {leaving} left it."))
    if parked:
        shown = ", ".join(parked[:5]) + (" …" if len(parked) > 5 else "")
        text = f"{len(parked)} not known yet; they join when they arrive: {shown}"
        decisions.append(Decision(Decided.PARKED, text))
    return tuple(decisions)
