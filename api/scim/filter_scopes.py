"""What attributes are in the database: columns and relations of users, groups and members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from .filter_columns import Column, Flag, Identifier, Text, Time


@dataclass(frozen=True, slots=True)
class Relation:
    """A multi-valued attribute that is kept as rows; `source` is what follows FROM, with its WHERE."""

    source: str
    columns: Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where paths are looked up: columns and relations by lower-case name, then a jsonb expression."""

    columns: Mapping[str, Column]
    document: str = "NULL::jsonb"
    relations: Mapping[str, Relation] = field(default_factory=dict)


@lru_cache(maxsize=16)
def user_scope(base_url: str) -> Scope:
    """What stands where on `directory_user r`."""
    columns = _shared_columns("User", f"{base_url}/Users/") | {
        "username": Text("r.user_name_key"),
        "active": Flag("r.active"),
    }
    return Scope(columns, "r.search", {"groups": _groups(base_url)})


@lru_cache(maxsize=16)
def group_scope(base_url: str) -> Scope:
    """What stands where on `directory_group r`."""
    columns = _shared_columns("Group", f"{base_url}/Groups/") | {"displayname": Text("r.display_name_key")}
    return Scope(columns, "r.search", {"members": _members(base_url)})


@lru_cache(maxsize=16)
def member_scope(base_url: str) -> Scope:
    """What stands where on one member `m` of the group `r`."""
    return Scope(_members(base_url).columns)


def _shared_columns(resource_type_name: str, location: str) -> dict[str, Column]:
    return {
        "id": Identifier("r.id"),
        "externalid": Text("r.external_id"),
        "meta": Identifier("r.id"),
        "meta.resourcetype": Text(f"'{resource_type_name}'::text"),
        "meta.created": Time("r.created_at"),
        "meta.lastmodified": Time("r.updated_at"),
        "meta.location": Identifier("r.id", location),
        "meta.version": Text("""('W/"' || r.version::text || '"')"""),
    }


def _groups(base_url: str) -> Relation:
    """The groups of which the user `r` is a direct member."""
    return Relation(
        "group_member m JOIN directory_group g ON g.organization_id = m.organization_id AND g.id = m.group_id "
        "WHERE m.organization_id = r.organization_id AND m.value = r.id AND g.directory_id = r.directory_id",
        {
            "value": Identifier("g.id"),
            "$ref": Identifier("g.id", f"{base_url}/Groups/"),
            "display": Text("g.display_name_key"),
            "type": Text("'direct'::text"),
        },
    )


def _members(base_url: str) -> Relation:
    """The members of the group `r`."""
    return Relation(
        "group_member m WHERE m.organization_id = r.organization_id AND m.group_id = r.id",
        {
            "value": Identifier("m.value"),
            "$ref": Text("(CASE m.type WHEN 'Group' THEN '/Groups/' ELSE '/Users/' END || m.value::text)", base_url),
            "display": Text(_MEMBER_DISPLAY),
            "type": Text("lower(m.type)"),
        },
    )


# The displayName of the user or group, folded; an empty one is not shown.
_MEMBER_DISPLAY = """(CASE m.type WHEN 'Group' THEN (
    SELECT g.display_name_key FROM directory_group g
    WHERE g.organization_id = m.organization_id AND g.id = m.value AND g.directory_id = r.directory_id
) ELSE (
    SELECT nullif(u.search ->> 'displayname', '') FROM directory_user u
    WHERE u.organization_id = m.organization_id AND u.id = m.value AND u.directory_id = r.directory_id
) END)"""
