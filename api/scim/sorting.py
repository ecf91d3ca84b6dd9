"""`sortBy` as an SQL expression on the row `r` (RFC 7644 §3.4.2.3)."""

from __future__ import annotations

from .language import paths
from .language.errors import InvalidPath, InvalidValue
from .language.paths import Path
from .language.schemas import Attribute, ResourceType, Returned, Type

_TIME = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') COLLATE "C\""""
_COLUMNS = {
    ("User", "username"): "r.user_name_key",
    ("Group", "displayname"): "r.display_name_key",
    ("User", "active"): "r.active::text",
}
_SHARED = {
    "id": 'r.id::text COLLATE "C"',
    "externalid": "r.external_id",
    "meta.created": _TIME.format("r.created_at"),
    "meta.lastmodified": _TIME.format("r.updated_at"),
    "meta.location": 'r.id::text COLLATE "C"',
    "meta.version": "r.version::float8",
}


def expression(sort_by: str, resource_type: ResourceType, *, tolerant: bool) -> str:
    """What to order rows by: folded text, or a number. Of many values the primary one counts, or else the first.

    Raises InvalidPath for what cannot be sorted by.
    """
    path = paths.parse(sort_by, resource_type, tolerant=tolerant)
    name = str(path).lower()
    column = _COLUMNS.get((resource_type.name, name)) or _SHARED.get(name)
    if column is not None:
        return column
    return _in_document(path, sort_by)


def _in_document(path: Path, sort_by: str) -> str:
    owner, leaf = path.attribute, _leaf(path)
    if (
        owner is None
        or leaf is None
        or path.value_filter is not None
        or Returned.NEVER in (owner.returned, leaf.returned)
    ):
        raise InvalidPath(f"Resources cannot be sorted by {sort_by[:100]!r}.")
    if owner.name in ("groups", "members", "schemas", "meta"):
        raise InvalidValue(f"Resources cannot be sorted by `{owner.name}`, which has no order.")
    keys = [path.schema.id] if path.schema else []
    inner = [leaf.name] if leaf is not owner else []
    if owner.multi_valued:
        return _cast(_preferred([*keys, owner.name], inner), leaf)
    return _cast(f"(r.search #>> {_array([*keys, owner.name, *inner])})", leaf)


def _leaf(path: Path) -> Attribute | None:
    """The attribute whose value is compared; of a complex one its `value`."""
    attribute = path.sub or path.attribute
    return attribute.sub("value") if attribute is not None and attribute.type is Type.COMPLEX else attribute


def _preferred(keys: list[str], inner: list[str]) -> str:
    value = f"e.value #>> {_array(inner)}"
    return (
        f"(SELECT {value} FROM jsonb_path_query(r.search #> {_array(keys)}, '$[*]') WITH ORDINALITY AS e(value, n)"
        " ORDER BY e.value -> 'primary' = 'true'::jsonb DESC NULLS LAST, n LIMIT 1)"
    )


def _cast(value: str, leaf: Attribute) -> str:
    return f"{value}::float8" if leaf.type in (Type.INTEGER, Type.DECIMAL) else f'{value} COLLATE "C"'


def _array(keys: list[str]) -> str:
    """An array of lower-case keys as an SQL literal; names of registered extensions are somebody's text."""
    quoted = ", ".join("'" + key.lower().replace("'", "''") + "'" for key in keys)
    return f"ARRAY[{quoted}]::text[]"
