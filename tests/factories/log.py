"""Requests and changes."""

from __future__ import annotations

from datetime import UTC, datetime

from factory import LazyAttribute, LazyFunction, SubFactory

from db.ids import new_id
from db.tables import Change, Request

from .directories import DirectoryFactory
from .organizations import OrganizationFactory
from .rows import RowFactory


class RequestFactory(RowFactory[Request]):
    """A list request that was answered just now."""

    class Meta:
        model = Request

    directory = SubFactory(DirectoryFactory)
    organization = LazyAttribute(lambda made: made.directory.organization_id)
    id = LazyFunction(new_id)
    method = "GET"
    path = "/scim/v2/Users"
    status = 200
    decisions = "[]"
    duration_us = 1000
    received_at = LazyFunction(lambda: datetime.now(UTC))


class ChangeFactory(RowFactory[Change]):
    """A change that the system made."""

    class Meta:
        model = Change

    organization = SubFactory(OrganizationFactory)
    id = LazyFunction(new_id)
    actor_kind = "SYSTEM"
    subject_type = "member"
    subject_id = LazyFunction(new_id)
    action = "updated"
    changed_at = LazyFunction(lambda: datetime.now(UTC))
