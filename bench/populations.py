"""Who is in the database: organizations of people, what these have chosen, and who is in which group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from api.provisioning.policy_values import BreakerResponse, DomainRule, Policies

from . import people
from .people import PER_FAMILY, Kind, made_id

LARGE, TENTH = 0, 1
SMALL = range(2, 102)
EMPTY, MAPPED = 102, 103
"""Numbers of groups: one with everybody, one with every tenth, a hundred with ten people each, and two with nobody."""

MAPPED_RANK = 3
"""The rank of the role to which one of the groups is mapped."""

PLENTY = 10_000_000
"""More seats than anybody takes, and yet a limit."""

_OPEN = Policies(domain_rule=DomainRule.OFF)


@dataclass(frozen=True, slots=True)
class Population:
    """An organization with one directory: how many people are in groups, and how many more are in none.

    `seats` are those there are, None for no end, `removed` how many people the directory has taken access from lately.
    """

    number: int
    users: int
    spare: int = 0
    has_groups: bool = False
    policies: Policies = _OPEN
    seats: int | None = None
    removed: int = 0

    @property
    def organization(self) -> UUID:
        return made_id(Kind.ORGANIZATION, self.number, 0)

    @property
    def directory(self) -> UUID:
        return made_id(Kind.DIRECTORY, self.number, 0)

    def user(self, number: int) -> UUID:
        """The id of a directory user; the spare ones come after the others."""
        return made_id(Kind.USER, self.number, number)

    def group(self, number: int) -> UUID:
        """The id of a directory group."""
        return made_id(Kind.GROUP, self.number, number)

    def token(self, number: int) -> str:
        """What makes the names of a person unique."""
        return people.token(self.number, number)

    def members(self, group: int) -> range:
        """The numbers of the people in a group."""
        if group == LARGE:
            return range(self.users)
        if group == TENTH:
            return range(0, self.users, 10)
        if group in (EMPTY, MAPPED):
            return range(0)
        return range(min((group - 2) * 10, self.users), min((group - 1) * 10, self.users))


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many users one organization has, and how many small organizations there are beside it."""

    users: int
    organizations: int

    @property
    def large(self) -> Population:
        """The organization that is measured; some more of its users are in no group, to be added to one."""
        return Population(1, self.users, spare=max(20, self.users // 50), has_groups=True)

    @property
    def tenth(self) -> Population:
        """One of a tenth of that size, which shows how costs grow."""
        return Population(2, self._tenth, spare=20, has_groups=True)

    @property
    def unlimited(self) -> Population:
        """One that gives everybody a seat."""
        return Population(3, PER_FAMILY)

    @property
    def limited(self) -> Population:
        """One that counts its seats, of which there are always enough."""
        return Population(4, PER_FAMILY, seats=PLENTY)

    @property
    def unguarded(self) -> Population:
        """One that lets a directory remove as many people at once as it likes."""
        policies = Policies(domain_rule=DomainRule.OFF, breaker_response=BreakerResponse.OFF)
        return Population(5, self._tenth, policies=policies)

    @property
    def guarded(self) -> Population:
        """One where a directory has just removed as many people as it may, so that any other removal is held."""
        policies = Policies(domain_rule=DomainRule.OFF, breaker_people=self._tenth, breaker_percent=1)
        return Population(6, self._tenth, policies=policies, removed=self._tenth)

    @property
    def _tenth(self) -> int:
        return max(PER_FAMILY, self.users // 10)

    def populations(self) -> Iterator[Population]:
        """Everybody."""
        yield from (self.large, self.tenth, self.unlimited, self.limited, self.unguarded, self.guarded)
        for number in range(7, 7 + self.organizations):
            yield Population(number, PER_FAMILY)
