"""The PATCH message, read into operations whose paths are resolved (RFC 7644 §3.5.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import paths, simple_values
from .definitions import GROUP_MEMBERS
from .errors import InvalidPath, InvalidSyntax, InvalidValue, NoTarget, ScimError
from .expressions import Path
from .schemas import MESSAGES, ResourceType

PATCH_OP = MESSAGES + "PatchOp"

MAX_OPERATIONS = 1_000
"""How many operations one request may have, those on members of groups not counted."""

_OPS = ("add", "replace", "remove")
_NAME = r"[A-Za-z0-9_$-]+(?:[.:/][A-Za-z0-9_$-]+)*"
_WELL_FORMED = re.compile(rf"{_NAME}(?:\[[^\[\]]+\](?:\.[A-Za-z0-9_$-]+)?)?")


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of a PATCH: `op` is `add`, `replace` or `remove`; without path, `value` holds attributes by name.

    `unknown` is the text of a path that names nothing the resource type has. Such an operation changes nothing. Only
    tolerant parsing makes it, because one failing operation would take a deactivation in the same request with it.
    """

    op: str
    path: Path | None
    value: object = None
    unknown: str = ""

    @property
    def is_on_members(self) -> bool:
        """Whether the path leads to the members of a group."""
        return self.path is not None and self.path.attribute is GROUP_MEMBERS


def parse(body: object, resource_type: ResourceType, *, tolerant: bool) -> tuple[Operation, ...]:
    """The operations of a PATCH message, in order.

    `tolerant` reads paths as `paths.parse` does and keeps those that name nothing as `unknown`. Raises InvalidSyntax,
    InvalidPath, InvalidFilter, InvalidValue, and NoTarget for a removal without path (RFC 7644 §3.12, table 9).
    """
    reader = _Reader(resource_type, tolerant, {})
    found: list[Operation] = []
    for number, item in enumerate(_listed(body), 1):
        try:
            found.append(reader.operation(item))
        except ScimError as error:
            raise type(error)(f"Operation {number}: {error.detail}") from error
    counted = sum(not operation.is_on_members for operation in found)
    if counted > MAX_OPERATIONS:
        raise InvalidValue(f"The request has {counted} operations; at most {MAX_OPERATIONS} are carried out.")
    return tuple(found)


def _listed(body: object) -> list[object]:
    if not isinstance(body, dict):
        raise InvalidSyntax("The body of a PATCH must be a JSON object.")
    schemas = body.get("schemas")
    if not isinstance(schemas, list) or not any(
        isinstance(urn, str) and urn.lower() == PATCH_OP.lower() for urn in schemas
    ):
        raise InvalidSyntax(f"`schemas` must name {PATCH_OP}.")
    listed = body.get("Operations")
    if not isinstance(listed, list) or not listed:
        raise InvalidSyntax("`Operations` must be an array of at least one operation.")
    return listed


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads operations one by one; `targets` remembers paths, for a group's PATCH may repeat one a thousand times."""

    resource_type: ResourceType
    tolerant: bool
    targets: dict[str, tuple[Path | None, str]]

    def operation(self, item: object) -> Operation:
        if not isinstance(item, dict):
            raise InvalidSyntax(f"An operation is an object, not {simple_values.described(item)}.")
        op = item.get("op")
        if not isinstance(op, str) or op not in _OPS:
            raise InvalidSyntax(f"`op` must be `add`, `replace` or `remove`, not {simple_values.described(op)}.")
        path, unknown = self._target(item.get("path"))
        operation = Operation(op, path, item.get("value"), unknown)
        if not unknown:
            _check(operation, has_value="value" in item)
            self._screen(operation)
        return operation

    def _screen(self, operation: Operation) -> None:
        """Looks through the value; members of groups are many, and `membership` looks at them itself."""
        value = operation.value
        if operation.path is None and isinstance(value, dict):
            schema = self.resource_type.schema
            value = {key: each for key, each in value.items() if schema.attribute(key) is not GROUP_MEMBERS}
        if not operation.is_on_members:
            simple_values.screen(value, str(operation.path or ""))

    def _target(self, text: object) -> tuple[Path | None, str]:
        if text is None:
            return None, ""
        if not isinstance(text, str):
            raise InvalidPath(f"`path` must be text, not {simple_values.described(text)}.")
        if text not in self.targets:
            self.targets[text] = self._resolved(text)
        return self.targets[text]

    def _resolved(self, text: str) -> tuple[Path | None, str]:
        """The path and nothing, or None and the text of a path that names nothing.

        The URN of the core schema alone means the resource, which is what an operation without path is about.
        """
        if self.resource_type.schema_of(text) is self.resource_type.schema:
            return None, ""
        try:
            return paths.parse(text, self.resource_type, tolerant=self.tolerant), ""
        except InvalidPath:
            if self.tolerant and _WELL_FORMED.fullmatch(text):
                return None, text
            raise


def _check(operation: Operation, *, has_value: bool) -> None:
    if operation.path is None and operation.op == "remove":
        raise NoTarget("A removal needs a `path` that says what to remove.")
    if operation.op != "remove" and not has_value:
        raise InvalidValue(f"`{operation.op}` needs a `value`.")
    if operation.path is None and not isinstance(operation.value, dict):
        found = simple_values.described(operation.value)
        raise InvalidValue(f"Without `path`, `value` must be an object with the attributes to change, not {found}.")
