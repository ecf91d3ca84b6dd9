"""Values as a client sends them, checked by type and brought into the form that is kept (RFC 7643 §2.3, §2.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from . import simple_values
from .errors import InvalidValue
from .schemas import Attribute, Document, Mutability, Type

MAX_VALUES = 1_000
"""How many values a multi-valued attribute may have; members of groups are counted elsewhere."""

_NAME_LENGTH = 200


@dataclass(slots=True)
class Findings:
    """What reading came across: names that no schema has, and what was put right."""

    tolerant: bool
    ignored: dict[str, None] = field(default_factory=dict)
    repaired: dict[str, None] = field(default_factory=dict)

    def ignore(self, name: str) -> None:
        """Notes an attribute or URN that no schema of the resource type has."""
        self.ignored[name[:_NAME_LENGTH]] = None

    def repair(self, sentence: str) -> None:
        """Notes what was put right."""
        self.repaired[sentence] = None


def read(attribute: Attribute, value: object, where: str, findings: Findings) -> object | None:
    """The value of the attribute as it is kept, None when it is unassigned (RFC 7643 §2.5).

    `where` is the attribute's full path for messages. With `findings.tolerant`, one value stands for an array of one
    and the other way round, and what `simple_values` lists is put right. Raises InvalidValue.
    """
    if attribute.is_plain and isinstance(value, str):
        return value
    if value is None or value == {}:
        return None
    if attribute.multi_valued:
        return _read_many(attribute, value, where, findings)
    return read_element(attribute, single(value, where, findings), where, findings)


def read_element(attribute: Attribute, value: object, where: str, findings: Findings) -> object | None:
    """One value of the attribute, also of a multi-valued one; None when it is unassigned."""
    if value is None or value == {}:
        return None
    if attribute.type is not Type.COMPLEX:
        return simple_values.read(attribute, value, where, tolerant=findings.tolerant, repair=findings.repair)
    given = read_subs(attribute, value, where, findings)
    kept = {name: each for name, each in (given or {}).items() if each is not None}
    _require_subs(attribute, kept, where)
    return kept or None


def read_subs(attribute: Attribute, value: object, where: str, findings: Findings) -> Document | None:
    """The sub-attributes that `value` mentions, unassigned ones as None; read-only ones are left out.

    None when the whole value is unassigned: identity providers take a manager away by `{"value": ""}`.
    """
    subs: Document = {}
    for key, given in _as_object(attribute, value, where, findings).items():
        sub = attribute.sub(key)
        if sub is None:
            findings.ignore(f"{where}.{key}")
        elif sub.is_plain and isinstance(given, str):
            subs[sub.name] = given
        elif sub.mutability is not Mutability.READ_ONLY:
            subs[sub.name] = read(sub, given, f"{where}.{sub.name}", findings)
    # Entra's validator unassigns `manager` by `{"value": ""}`; other captures have null there.
    if findings.tolerant and not attribute.multi_valued and subs.get("value", subs) in (None, ""):
        findings.repair(f"`{where}` with an empty `value` was taken for unassigned.")
        return None
    return subs


def single(value: object, where: str, findings: Findings) -> object:
    """The one value of an attribute that is not multi-valued; Entra sends `manager` as an array of one."""
    if not isinstance(value, list):
        return value
    if not value:
        return None
    if len(value) > 1 or not findings.tolerant:
        raise InvalidValue(f"`{where}` has one value: an array was not expected.")
    findings.repair(f"`{where}` was an array of one value.")
    return value[0]


def distinct(elements: Iterable[object]) -> list[object]:
    """The values without repetitions; of two with the same `type` and `value` the later one completes the first."""
    found: dict[object, object] = {}
    for element in elements:
        key = identity(element)
        earlier = found.get(key)
        if isinstance(earlier, dict) and isinstance(element, dict):
            element = earlier | element
        found[key] = element
    return list(found.values())


def identity(element: object) -> object:
    """What makes two values of an attribute the same: `type` and `value` (RFC 7643 §2.4), or everything."""
    if not isinstance(element, dict):
        return element
    if "value" in element:
        return "value", element.get("type"), repr(element["value"])
    return repr(sorted(element.items()))


def unmarked(element: object) -> object:
    """The value with `primary` false where it was true."""
    if not isinstance(element, dict) or element.get("primary") is not True:
        return element
    return element | {"primary": False}


def _read_many(attribute: Attribute, value: object, where: str, findings: Findings) -> list[object] | None:
    if not isinstance(value, list):
        if not findings.tolerant:
            raise InvalidValue(
                f"`{where}` is multi-valued: an array was expected, not {simple_values.described(value)}."
            )
        findings.repair(f"`{where}` was one value instead of an array.")
        value = [value]
    if len(value) > MAX_VALUES:
        raise InvalidValue(f"`{where}` has {len(value)} values; at most {MAX_VALUES} are kept.")
    elements = distinct(
        element for element in (read_element(attribute, each, where, findings) for each in value) if element is not None
    )
    return _with_one_primary(elements, where, findings) or None


def _with_one_primary(elements: list[object], where: str, findings: Findings) -> list[object]:
    marked = [element for element in elements if isinstance(element, dict) and element.get("primary") is True]
    if len(marked) < 2:
        return elements
    if not findings.tolerant:
        raise InvalidValue(f"`{where}` has {len(marked)} values with `primary` true; at most one may be.")
    # Ping sends every e-mail address as primary.
    findings.repair(f"`{where}` had {len(marked)} values with `primary` true; only the first kept it.")
    return [unmarked(each) if any(each is other for other in marked[1:]) else each for each in elements]


def _as_object(attribute: Attribute, value: object, where: str, findings: Findings) -> Document:
    if isinstance(value, dict):
        return value
    if findings.tolerant and isinstance(value, str | int | float) and attribute.sub("value"):
        findings.repair(f"`{where}` was a bare value; it became the `value` of an object.")
        return {"value": value}
    raise InvalidValue(f"`{where}` is complex: an object was expected, not {simple_values.described(value)}.")


def _require_subs(attribute: Attribute, kept: Document, where: str) -> None:
    for sub in attribute.required_subs if kept else ():
        if kept.get(sub.name) in (None, ""):
            raise InvalidValue(f"`{where}.{sub.name}` is required.")
