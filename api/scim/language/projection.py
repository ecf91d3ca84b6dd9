"""Which attributes an answer shows: `attributes`, `excludedAttributes`, `returned` (RFC 7644 §3.9, RFC 7643 §7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from . import paths
from .errors import InvalidFilter, InvalidPath, InvalidValue, TooMany
from .schemas import Attribute, Document, ResourceType, Returned, Schema

Shape: TypeAlias = Mapping[str, "Shape | None"]
"""What to show of an object: its keys, each with the shape of its value; None shows a value as it stands."""

_Named: TypeAlias = dict[str, frozenset[str]]
"""Attributes that a parameter names, each with its named sub-attributes; without any, the whole attribute is meant."""

_Rule: TypeAlias = Callable[[Attribute, frozenset[str] | None], "Shape | None"]

_HIDDEN = (Returned.NEVER, Returned.REQUEST)


@dataclass(frozen=True, slots=True)
class Projection:
    """What to show of each resource of one type; parsed once, applied to many.

    `untouched` is for the case without parameters: a resource with none of these keys is shown as it stands.
    """

    resource_type: ResourceType
    shape: Shape
    untouched: frozenset[str] | None

    def wants(self, name: str) -> bool:
        """Whether the common or core attribute of that name can be part of the answer, and so has to be loaded."""
        attribute = self.resource_type.attribute(name)
        return attribute is not None and attribute.name in self.shape

    def apply(self, resource: Document) -> Document:
        """The resource with the wanted attributes only; shares its values with `resource` and may be `resource`."""
        if self.untouched is not None and self.untouched.isdisjoint(resource):
            return resource
        return _shaped_object(resource, self.shape)


def parse(attributes: str | None, excluded: str | None, resource_type: ResourceType) -> Projection:
    """The projection that the two query parameters ask for.

    Names are compared without case and may stand behind a URN; a URN alone means all attributes of its schema. Names
    that nothing has are passed over. Raises InvalidValue when both parameters name something (RFC 7644 §3.9).
    """
    wanted, unwanted = _split(attributes), _split(excluded)
    if wanted and unwanted:
        raise InvalidValue("`attributes` and `excludedAttributes` exclude each other; send one of them.")
    if wanted:
        return Projection(resource_type, _shape(resource_type, _named(wanted, resource_type), _only), None)
    if unwanted:
        return Projection(resource_type, _shape(resource_type, _named(unwanted, resource_type), _without), None)
    shape = _shape(resource_type, {}, _without)
    keys = (
        *(attribute.name for attribute in resource_type.attributes),
        *(each.id for each in resource_type.extensions),
    )
    return Projection(resource_type, shape, frozenset(key for key in keys if shape.get(key, shape) is not None))


def project(resource: Document, resource_type: ResourceType, attributes: str | None, excluded: str | None) -> Document:
    """The resource as the two query parameters want it; see `parse`."""
    return parse(attributes, excluded, resource_type).apply(resource)


def _split(names: str | None) -> list[str]:
    return [name.strip() for name in (names or "").split(",") if name.strip()]


def _named(names: Iterable[str], resource_type: ResourceType) -> dict[str | None, _Named]:
    """The named attributes, by the URN of the extension that they belong to, None for the core."""
    found: dict[str | None, _Named] = {}
    for name in names:
        for urn, attribute, sub in _meant(name, resource_type):
            named = found.setdefault(urn, {})
            earlier = named.get(attribute, frozenset({sub}))
            named[attribute] = earlier | {sub} if sub and earlier else frozenset()
    return found


def _meant(name: str, resource_type: ResourceType) -> list[tuple[str | None, str, str]]:
    """Extension, attribute and sub-attribute that a name means; several for the URN of a schema."""
    schema = resource_type.schema_of(name)
    if schema is not None:
        urn = None if schema is resource_type.schema else schema.id
        return [(urn, attribute.name, "") for attribute in schema.attributes]
    try:
        path = paths.parse(name, resource_type, tolerant=True)
    except (InvalidPath, InvalidFilter, TooMany):
        return []
    if path.attribute is None:
        return []
    return [(path.schema.id if path.schema else None, path.attribute.name, path.sub.name if path.sub else "")]


def _shape(resource_type: ResourceType, named: Mapping[str | None, _Named], rule: _Rule) -> Shape:
    shape = dict(_shape_of(resource_type.attributes, named.get(None, {}), rule))
    for extension in resource_type.extensions:
        inner = _shape_of(extension.attributes, named.get(extension.id, {}), rule)
        if inner:
            shape[extension.id] = None if _shows_all(extension, inner) else inner
    return shape


def _shape_of(attributes: Iterable[Attribute], named: _Named, rule: _Rule) -> Shape:
    found = ((attribute.name, rule(attribute, named.get(attribute.name))) for attribute in attributes)
    return {name: shape for name, shape in found if shape != {}}


def _shows_all(extension: Schema, shape: Shape) -> bool:
    return all(shape.get(attribute.name, shape) is None for attribute in extension.attributes)


def _only(attribute: Attribute, subs: frozenset[str] | None) -> Shape | None:
    """The rule for `attributes`: what is named, and what is always returned; empty for nothing."""
    if attribute.returned is Returned.ALWAYS:
        return _default_subs(attribute)
    if subs is None or attribute.returned is Returned.NEVER:
        return {}
    if not subs:
        return _default_subs(attribute)
    return {
        sub.name: None
        for sub in attribute.sub_attributes
        if sub.returned is Returned.ALWAYS or (sub.name in subs and sub.returned is not Returned.NEVER)
    }


def _without(attribute: Attribute, subs: frozenset[str] | None) -> Shape | None:
    """The rule for `excludedAttributes`: what is returned by default but for what is named; empty for nothing."""
    if attribute.returned is Returned.ALWAYS or (subs is None and attribute.returned not in _HIDDEN):
        return _default_subs(attribute)
    if not subs or attribute.returned in _HIDDEN:
        return {}
    return {
        sub.name: None
        for sub in attribute.sub_attributes
        if sub.returned is Returned.ALWAYS or (sub.name not in subs and sub.returned not in _HIDDEN)
    }


def _default_subs(attribute: Attribute) -> Shape | None:
    """All sub-attributes but the hidden ones; None, for the value as it stands, when none is hidden."""
    if not any(sub.returned in _HIDDEN for sub in attribute.sub_attributes):
        return None
    return {sub.name: None for sub in attribute.sub_attributes if sub.returned not in _HIDDEN}


def _shaped(value: object, shape: Shape | None) -> object:
    if shape is None:
        return value
    if isinstance(value, list):
        return [each for each in (_shaped(element, shape) for element in value) if each != {}]
    return _shaped_object(value, shape) if isinstance(value, dict) else value


def _shaped_object(value: Document, shape: Shape) -> Document:
    found = ((key, _shaped(each, shape[key])) for key, each in value.items() if key in shape)
    return {key: each for key, each in found if shape[key] is None or each not in ({}, [])}
