"""PATCH: operations applied to a document, giving a new one (RFC 7644 §3.5.2)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from . import edits, resources, simple_values
from .errors import InvalidValue, TooMany
from .expressions import Path
from .operations import MAX_OPERATIONS, PATCH_OP, Operation, parse
from .schemas import Attribute, Document, Mutability, ResourceType, Schema
from .values import Findings

__all__ = ["MAX_OPERATIONS", "MAX_SELECTING", "PATCH_OP", "Operation", "Patched", "apply", "parse"]

MAX_SELECTING = 5_000_000
"""How much selecting by value filters one request may cause: values looked at, times the length of the path."""


@dataclass(frozen=True, slots=True)
class Patched:
    """The document after the operations; `ignored` and `repaired` as in `resources.Reading`.

    `active` is the last value that the attribute was given before the operations took it away, None if they did not.
    """

    document: Document
    ignored: tuple[str, ...]
    repaired: tuple[str, ...]
    active: bool | None = None


def apply(
    document: Document, operations: tuple[Operation, ...], resource_type: ResourceType, *, tolerant: bool
) -> Patched:
    """The document as the operations leave it, each seeing what those before it did; `document` stays as it is.

    `document` is one that `resources.read` gave, and so is the result. Operations on members of groups are not for
    here, see `membership.split`. With `tolerant`, operations on read-only attributes change nothing, and a value
    filter of `eq` comparisons that matches nothing makes the value it describes, as Entra expects. Raises Mutability
    (also for unassigning what is required, §3.5.2.2), NoTarget, InvalidValue, TooMany beyond MAX_SELECTING.
    """
    patching = _Patching(dict(document), resource_type, Findings(tolerant))
    for operation in operations:
        patching.perform(operation)
    reading = resources.read(patching.document, resource_type, tolerant=tolerant, previous=document)
    ignored = dict.fromkeys((*patching.findings.ignored, *reading.ignored))
    repaired = dict.fromkeys((*patching.findings.repaired, *reading.repaired))
    # RFC 7644 §3.5.2.2 lets `active` be removed; whoever keeps the document must not take that for a reactivation.
    kept = {key: value for key, value in reading.document.items() if key != "active" or key in patching.document}
    return Patched(kept, tuple(ignored), tuple(repaired), None if "active" in kept else patching.active)


@dataclass(slots=True)
class _Patching:
    """A document in the middle of a PATCH; its objects are replaced and never changed, so others may share them."""

    document: Document
    resource_type: ResourceType
    findings: Findings
    active: bool | None = None
    selecting: int = 0

    def perform(self, operation: Operation) -> None:
        """Carries out one operation."""
        path = operation.path
        if operation.unknown:
            self.findings.ignore(operation.unknown)
        elif path is None:
            self._perform_each(operation)
        elif path.attribute is None:
            self._perform_on_extension(operation, path)
        else:
            self._perform_on_attribute(operation, path, path.attribute)

    def _perform_each(self, operation: Operation) -> None:
        """An operation without path is one operation for each attribute in its value."""
        for name, value in _object(operation.value, "value").items():
            path = resources.locate(name, self.resource_type, tolerant=self.findings.tolerant)
            if path is None:
                self.findings.ignore(name)
            else:
                self.perform(replace(operation, path=path, value=value))

    def _perform_on_extension(self, operation: Operation, path: Path) -> None:
        assert path.schema is not None
        if operation.op == "remove" or (operation.op == "replace" and operation.value is None):
            self._remove_extension(path.schema)
            return
        for name, value in _object(operation.value, path.schema.id).items():
            attribute = path.schema.attribute(name)
            if attribute is None:
                self.findings.ignore(f"{path.schema.id}:{name}")
            else:
                self.perform(replace(operation, path=Path(path.schema, attribute), value=value))

    def _remove_extension(self, extension: Schema) -> None:
        """Takes the extension away as a whole, so its required attributes do not matter any more."""
        host = self._host(extension)
        for attribute in extension.attributes:
            edits.refuse_immutable(attribute, str(Path(extension, attribute)), host.get(attribute.name))
        self.document.pop(extension.id, None)

    def _perform_on_attribute(self, operation: Operation, path: Path, attribute: Attribute) -> None:
        if attribute.name == "schemas" and path.schema is None:
            return
        if attribute.mutability is Mutability.READ_ONLY:
            edits.refuse_read_only(str(path), self.findings)
            return
        host = self._host(path.schema)
        self._count(path, host.get(attribute.name))
        changed = edits.edit(attribute, path, operation, host.get(attribute.name), self.findings)
        if attribute.mutability is Mutability.WRITE_ONLY:
            return
        if path.schema is None and attribute.name == "active" and isinstance(changed, bool):
            self.active = changed
        self._put(path.schema, attribute.name, changed)

    def _count(self, path: Path, current: object) -> None:
        """Raises TooMany when value filters would keep the server busy for longer than a moment."""
        if path.value_filter is None or not isinstance(current, list):
            return
        self.selecting += len(current) * len(str(path))
        if self.selecting > MAX_SELECTING:
            raise TooMany("The value filters of this request look at too many values; send fewer operations at once.")

    def _host(self, extension: Schema | None) -> Document:
        host = self.document if extension is None else self.document.get(extension.id)
        return host if isinstance(host, dict) else {}

    def _put(self, extension: Schema | None, name: str, value: object) -> None:
        host = dict(self._host(extension)) if extension else self.document
        if value is None:
            host.pop(name, None)
        else:
            host[name] = value
        if extension and host:
            self.document[extension.id] = host
        elif extension:
            self.document.pop(extension.id, None)


def _object(value: object, where: str) -> Document:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidValue(f"`{where}` must be an object with attributes, not {simple_values.described(value)}.")
    return value
