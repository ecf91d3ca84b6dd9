"""Who is in the database: organizations of people, and which of them are in which group."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from . import people
from .people import Kind, made_id

LARGE, TENTH = 0, 1
SMALL = range(2, 102)
"""Numbers of groups: one with everybody, one with every tenth, and a hundred with ten people each."""


@dataclass(frozen=True, slots=True)
class Population:
    """An organization with one directory: how many people are in groups, and how many more are in none."""

    number: int
    users: int
    spare: int = 0
    has_groups: bool = False

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
        return range(min((group - 2) * 10, self.users), min((group - 1) * 10, self.users))
