"""Whether a filter matches, decided in memory on folded documents (RFC 7644 §3.4.2.2).

A comparison with a multi-valued attribute matches when any of its values does. `ne` is the opposite of `eq`: it matches
when no value is equal, also when there is no value at all, so `x ne 1` and `not (x eq 1)` are the same. Every other
operator needs a value. `pr` wants a value other than empty text; a complex attribute is present when one of its
sub-attributes is.
"""

from __future__ import annotations

from collections.abc import Iterator

from .expressions import And, Comparison, Filter, Not, Operator, Or, Path, Present, Value, ValueFilter
from .folding import comparable, fold_value
from .schemas import Attribute, Document


def matches(filter: Filter, search: Document) -> bool:
    """Whether the resource with this search document (see `folding.fold`) satisfies the filter."""
    match filter:
        case And(terms):
            return all(matches(term, search) for term in terms)
        case Or(terms):
            return any(matches(term, search) for term in terms)
        case Not(inner):
            return not matches(inner, search)
        case Present(path):
            return any(_is_present(value) for value in values(path, search))
        case ValueFilter(path, inner):
            return any(matches(inner, _element(value)) for value in values(path, search))
        case Comparison():
            return _compares(filter, search)


def element_matches(filter: Filter, element: object, attribute: Attribute) -> bool:
    """Whether one value of a multi-valued attribute, as JSON has it, satisfies the filter of a value path."""
    return matches(filter, _element(fold_value(attribute, element)))


def values(path: Path, search: Document) -> Iterator[object]:
    """The values at a path without value filter, in a search document or a folded element; none where it is unassigned.

    The values of a multi-valued attribute come one by one.
    """
    host = search.get(path.schema.id.lower()) if path.schema else search
    found = _members(host, path.attribute)
    if path.sub is None:
        return found
    return (value for each in found for value in _members(each, path.sub))


def _members(host: object, attribute: Attribute | None) -> Iterator[object]:
    if attribute is None or not isinstance(host, dict):
        return iter(() if host is None or attribute else (host,))
    found = host.get(attribute.name.lower())
    return iter(found if isinstance(found, list) else () if found is None else (found,))


def _element(value: object) -> Document:
    """What a value filter looks at; a value that is not complex is its own `value`."""
    if isinstance(value, dict):
        return value
    return {} if value is None else {"value": value}


def _compares(comparison: Comparison, search: Document) -> bool:
    wanted = comparable(comparison.path.leaf, comparison.value)
    found = values(comparison.path, search)
    if wanted is None:
        return comparison.operator is Operator.NE
    if comparison.operator is Operator.NE:
        return not any(_holds(Operator.EQ, value, wanted) for value in found)
    return any(_holds(comparison.operator, value, wanted) for value in found)


def _holds(operator: Operator, found: object, wanted: Value) -> bool:
    match found, wanted:
        case bool(), bool():
            return operator is Operator.EQ and found is wanted
        case (bool(), _) | (_, bool()):
            return False
        case str(), str():
            return _text_holds(operator, found, wanted)
        case ((int() | float()), (int() | float())):
            return _in_order(operator, (found > wanted) - (found < wanted))
    return False


def _text_holds(operator: Operator, found: str, wanted: str) -> bool:
    match operator:
        case Operator.CO:
            return wanted in found
        case Operator.SW:
            return found.startswith(wanted)
        case Operator.EW:
            return found.endswith(wanted)
    return _in_order(operator, (found > wanted) - (found < wanted))


def _in_order(operator: Operator, order: int) -> bool:
    match operator:
        case Operator.EQ:
            return order == 0
        case Operator.GT:
            return order > 0
        case Operator.GE:
            return order >= 0
        case Operator.LT:
            return order < 0
        case Operator.LE:
            return order <= 0
    return False


def _is_present(value: object) -> bool:
    if isinstance(value, dict):
        return any(_is_present(each) for each in value.values())
    if isinstance(value, list):
        return any(_is_present(each) for each in value)
    return value is not None and value != ""
