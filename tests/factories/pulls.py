"""Directories whose people are fetched, and what was taken over."""

from __future__ import annotations

from datetime import UTC, datetime

from factory import LazyAttribute, LazyFunction, Sequence, SubFactory

from db.ids import new_id
from db.tables import Pull, PullItem

from .directories import DirectoryFactory
from .rows import RowFactory


class PullFactory(RowFactory[Pull]):
    """A directory of Google's, of which everybody is fetched now."""

    class Meta:
        model = Pull

    directory = SubFactory(DirectoryFactory)
    organization = LazyAttribute(lambda made: made.directory.organization_id)
    customer = "my_customer"
    admin_email = "admin@example.com"
    client_email = "rollcall@project.iam.example.com"
    every_minutes = 20
    credentials = b"\x01not sealed by any key that there is"
    next_at = LazyFunction(lambda: datetime.now(UTC))
    created_at = LazyFunction(lambda: datetime.now(UTC))


class PullItemFactory(RowFactory[PullItem]):
    """Somebody who was taken over."""

    class Meta:
        model = PullItem

    directory = SubFactory(DirectoryFactory)
    organization = LazyAttribute(lambda made: made.directory.organization_id)
    id = LazyFunction(new_id)
    kind = "User"
    external_id = Sequence("{:021d}".format)
    digest = b"\x00" * 32
