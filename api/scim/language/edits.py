"""What one PATCH operation makes of the value of one attribute (RFC 7644 §3.5.2.1 to §3.5.2.3).

Values come and go as `values.read` gives them, None standing for unassigned. Nothing is changed in place.
"""

from __future__ import annotations

from collections.abc import Iterable

from . import values
from .errors import Mutability as MutabilityError
from .errors import NoTarget
from .expressions import And, Comparison, Filter, Operator, Path
from .folding import comparable
from .matching import element_matches
from .operations import Operation
from .schemas import Attribute, Document, Mutability, Type
from .values import Findings


def edit(attribute: Attribute, path: Path, operation: Operation, current: object, findings: Findings) -> object | None:
    """The attribute's value after the operation, None when it is unassigned.

    `path` leads to it, with value filter and sub-attribute if any. Raises Mutability, NoTarget, InvalidValue.
    """
    if Mutability.READ_ONLY in (attribute.mutability, path.leaf.mutability):
        refuse_read_only(str(path), findings)
        return current
    if path.value_filter is not None:
        changed: object = _edit_selected(attribute, path, path.value_filter, operation, _elements(current), findings)
    elif path.sub is not None:
        changed = _edit_subs(attribute, path, operation, current, findings)
    else:
        return _edit_plain(attribute, str(path), operation, current, findings)
    return _checked(attribute, str(path), current, changed)


def refuse_read_only(where: str, findings: Findings) -> None:
    """Raises Mutability, or notes that nothing happens: Okta repeats `id` in values, authentik `id` and `schemas`."""
    if not findings.tolerant:
        raise MutabilityError(f"`{where}` is read-only.")
    findings.repair(f"`{where}` is read-only; it was left as it is.")


def refuse_immutable(attribute: Attribute, where: str, value: object) -> None:
    """Raises Mutability if a removal of the value would take away what is immutable: the value or a part of it.

    Single values of a multi-valued attribute come and go as a whole, as members of groups do.
    """
    if value is None:
        return
    if attribute.mutability is Mutability.IMMUTABLE:
        raise MutabilityError(f"`{where}` cannot be removed once it has a value.")
    parts = value if isinstance(value, dict) else {}
    for sub in attribute.sub_attributes:
        refuse_immutable(sub, f"{where}.{sub.name}", parts.get(sub.name))


def _checked(attribute: Attribute, where: str, before: object, after: object) -> object | None:
    """The new value, None if it is empty; raises Mutability if the attribute's characteristics forbid it."""
    kept = None if after in ([], {}) else after
    if before is None or kept == before:
        return kept
    if attribute.mutability is Mutability.IMMUTABLE:
        raise MutabilityError(f"`{where}` cannot change once it has a value.")
    if kept is None:
        refuse_immutable(attribute, where, before)
    if attribute.required and kept is None:
        raise MutabilityError(f"`{where}` is required and cannot be removed.")
    return kept


def _edit_plain(
    attribute: Attribute, where: str, operation: Operation, current: object, findings: Findings
) -> object | None:
    """The edit of an attribute, or sub-attribute, as a whole."""
    changed: object
    if operation.op == "remove":
        changed = _without_listed(attribute, where, operation.value, current, findings)
    elif operation.value is None:
        changed = current if operation.op == "add" else None
    elif attribute.multi_valued and operation.op == "add":
        changed = _added(attribute, where, operation.value, _elements(current), findings)
    elif attribute.type is Type.COMPLEX and not attribute.multi_valued:
        changed = _edit_element(attribute, where, operation, current, findings)
    else:
        changed = values.read(attribute, operation.value, where, findings)
    return _checked(attribute, where, current, changed)


def _without_listed(
    attribute: Attribute, where: str, listed: object, current: object, findings: Findings
) -> object | None:
    """What is left after a removal: nothing, or all values but those that the operation lists.

    RFC 7644 §3.5.2.2 knows no value there, but Entra (without its feature flag) and authentik mean by it the only
    values to remove; clearing the attribute instead would take away what nobody asked for.
    """
    if listed is None or not attribute.multi_valued:
        return None
    unwanted = _elements(values.read(attribute, listed, where, findings))
    return [each for each in _elements(current) if not any(_is_meant(attribute, other, each) for other in unwanted)]


def _is_meant(attribute: Attribute, listed: object, element: object) -> bool:
    """Whether a value listed for removal means this one: same `value`, and same `type` if it has one."""
    if not isinstance(listed, dict) or not isinstance(element, dict):
        return comparable(attribute, listed) == comparable(attribute, element)
    names = [name for name in ("value", "type") if name in listed] if "value" in listed else list(listed)
    return all(_is_equal(attribute.sub(name), listed[name], element.get(name)) for name in names)


def _is_equal(attribute: Attribute | None, one: object, other: object) -> bool:
    if attribute is None or comparable(attribute, one) is None:
        return one == other
    return comparable(attribute, one) == comparable(attribute, other)


def _added(attribute: Attribute, where: str, value: object, current: list[object], findings: Findings) -> list[object]:
    new = _elements(values.read(attribute, value, where, findings))
    return _with_primary(values.distinct([*current, *new]), new)


def _with_primary(elements: list[object], touched: Iterable[object]) -> list[object]:
    """The values, with `primary` taken from all others if one of those just touched has it (RFC 7644 §3.5.2).

    Where several of those touched have it, reading the result decides, as it does for a whole resource.
    """
    chosen = {values.identity(each) for each in touched if isinstance(each, dict) and each.get("primary") is True}
    if not chosen:
        return elements
    return [each if values.identity(each) in chosen else values.unmarked(each) for each in elements]


def _edit_subs(attribute: Attribute, path: Path, operation: Operation, current: object, findings: Findings) -> object:
    """The edit of one sub-attribute, in all values if there are several."""
    if not attribute.multi_valued:
        return _edit_element(attribute, str(path), operation, current, findings, path.sub)
    elements = _elements(current) or [{}]
    edited = [_edit_element(attribute, str(path), operation, each, findings, path.sub) for each in elements]
    return [each for each in edited if each]


def _edit_selected(
    attribute: Attribute, path: Path, filter: Filter, operation: Operation, current: list[object], findings: Findings
) -> list[object]:
    """The edit of those values that the filter matches."""
    matched = [element_matches(filter, each, attribute) for each in current]
    if not any(matched):
        return _edit_unmatched(attribute, path, filter, operation, current, findings)
    edited = [
        _edit_element(attribute, str(path), operation, each, findings, path.sub, is_selected=True) if hit else each
        for each, hit in zip(current, matched, strict=True)
    ]
    touched = [each for each, hit in zip(edited, matched, strict=True) if hit]
    return _with_primary([each for each in edited if each is not None], touched)


def _edit_unmatched(
    attribute: Attribute, path: Path, filter: Filter, operation: Operation, current: list[object], findings: Findings
) -> list[object]:
    """Nothing matches: an error (RFC 7644 §3.5.2.3), or a new value that the filter describes.

    Entra adds `emails[type eq "work"].value` to people without e-mail, and builds an address by several operations
    with one filter.
    """
    if operation.op == "remove" and findings.tolerant:
        return current
    described = _described(filter) if attribute.type is Type.COMPLEX and operation.op != "remove" else None
    if described is None or not findings.tolerant:
        raise NoTarget(f"No value of `{attribute.name}` matches the filter in `{path}`.")
    if operation.value is None:
        return current
    new = _edit_element(attribute, str(path), operation, described, findings, path.sub)
    return current if new is None else _with_primary(values.distinct([*current, new]), [new])


def _described(filter: Filter) -> Document | None:
    """The sub-attributes of a value that `eq` comparisons joined by `and` describe; None for any other filter."""
    described: Document = {}
    for term in filter.terms if isinstance(filter, And) else (filter,):
        if not isinstance(term, Comparison) or term.operator is not Operator.EQ or term.path.attribute is None:
            return None
        described[term.path.attribute.name] = term.value
    return described


def _edit_element(
    attribute: Attribute,
    where: str,
    operation: Operation,
    element: object,
    findings: Findings,
    sub: Attribute | None = None,
    *,
    is_selected: bool = False,
) -> object | None:
    """One value of the attribute after the operation, or with the operation done to its sub-attribute `sub`."""
    old = element if isinstance(element, dict) else {}
    if sub is not None:
        new = _edit_plain(sub, where, operation, old.get(sub.name), findings)
        return _assigned(old | {sub.name: new})
    value = None if operation.op == "remove" else values.single(operation.value, where, findings)
    if value is None:
        return element if operation.op == "add" else None
    if attribute.type is not Type.COMPLEX:
        return values.read_element(attribute, value, where, findings)
    subs = values.read_subs(attribute, value, where, findings)
    if subs is None:
        return None
    if is_selected and operation.op == "replace" and not findings.tolerant:
        # §3.5.2.3: the matching value is replaced. Identity providers send what changes only, so tolerant merges.
        subs = dict.fromkeys(old) | subs
    for each in attribute.sub_attributes:
        if each.name in subs:
            _checked(each, f"{where}.{each.name}", old.get(each.name), subs[each.name])
    return _assigned(old | subs)


def _assigned(element: Document) -> Document | None:
    return {name: value for name, value in element.items() if value is not None} or None


def _elements(value: object) -> list[object]:
    return value if isinstance(value, list) else []
