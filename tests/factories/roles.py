"""Roles and overrides."""

from __future__ import annotations

from factory import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory

from db.ids import new_id
from db.tables import Role, RoleOverride

from .members import MemberFactory
from .organizations import OrganizationFactory
from .rows import RowFactory


class RoleFactory(RowFactory[Role]):
    """A role that permits nothing."""

    class Meta:
        model = Role

    organization = SubFactory(OrganizationFactory)
    id = LazyFunction(new_id)
    key = Sequence("role-{}".format)
    name = Sequence("Role {}".format)
    rank = Sequence(int)


class RoleOverrideFactory(RowFactory[RoleOverride]):
    """A role that somebody chose for a member."""

    class Meta:
        model = RoleOverride

    member = SubFactory(MemberFactory)
    organization = LazyAttribute(lambda made: made.member.organization_id)
    role = SubFactory(RoleFactory, organization=SelfAttribute("..organization"))
    reason = "on call"
    set_by = "dana@example.com"
