"""Removals, the windows they are counted in, and requests to link somebody."""

from __future__ import annotations

from datetime import UTC, datetime

from factory import LazyAttribute, LazyFunction, SelfAttribute, SubFactory

from db.enums import LinkState, RemovalState
from db.ids import new_id
from db.tables import LinkRequest, Removal, RemovalCount, RemovalWindow

from .directories import DirectoryFactory
from .members import MemberFactory
from .rows import RowFactory


class RemovalFactory(RowFactory[Removal]):
    """A removal that waits for a decision."""

    class Meta:
        model = Removal

    directory = SubFactory(DirectoryFactory)
    organization = LazyAttribute(lambda made: made.directory.organization_id)
    id = LazyFunction(new_id)
    member = SubFactory(MemberFactory, organization=SelfAttribute("..organization"))
    cause = "DEACTIVATED"
    state = RemovalState.HELD
    removed_at = LazyFunction(lambda: datetime.now(UTC))


class RemovalWindowFactory(RowFactory[RemovalWindow]):
    """A window that nobody was removed in."""

    class Meta:
        model = RemovalWindow

    directory = SubFactory(DirectoryFactory)
    organization = LazyAttribute(lambda made: made.directory.organization_id)


class RemovalCountFactory(RowFactory[RemovalCount]):
    """A minute in which nobody was removed."""

    class Meta:
        model = RemovalCount

    directory = SubFactory(DirectoryFactory)
    organization = LazyAttribute(lambda made: made.directory.organization_id)
    minute = LazyFunction(lambda: datetime.now(UTC).replace(second=0, microsecond=0))
    slot = 0
    people = 0


class LinkRequestFactory(RowFactory[LinkRequest]):
    """A question that nobody has answered."""

    class Meta:
        model = LinkRequest

    directory = SubFactory(DirectoryFactory)
    organization = LazyAttribute(lambda made: made.directory.organization_id)
    id = LazyFunction(new_id)
    member = SubFactory(MemberFactory, organization=SelfAttribute("..organization"))
    user_name = "ann"
    state = LinkState.OPEN
    asked_at = LazyFunction(lambda: datetime.now(UTC))
