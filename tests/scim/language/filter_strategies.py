"""Hypothesis strategies: resources of a schema with every type, and filters over it."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from uuid import UUID

from hypothesis import strategies as st

from api.scim.language.definitions import GROUP_TYPE, user_type
from api.scim.language.filters import And, Comparison, Filter, Not, Or, Path, Present, ValueFilter
from api.scim.language.literals import operators_of
from api.scim.language.names import value_attribute
from api.scim.language.schemas import Attribute, Document, ResourceType, Returned, Schema, Type

SEAT_URN = "urn:ietf:params:scim:schemas:extension:safetyculture:2.0"
BASE_URL = "https://rollcall.example.com/scim/v2"
IDS = tuple(UUID(int=0x0190_ABCD_0000_7000_8000_0000_0000_0000 + number) for number in range(12))

EVERY_TYPE = Schema(
    "urn:example:extension:2.0:EveryType",
    "EveryType",
    "An organization's own extension with an attribute of every type.",
    (
        Attribute("note"),
        Attribute("exactNote", case_exact=True),
        Attribute("count", Type.INTEGER),
        Attribute("ratio", Type.DECIMAL),
        Attribute("flag", Type.BOOLEAN),
        Attribute("since", Type.DATE_TIME),
        Attribute("blob", Type.BINARY, case_exact=True),
        Attribute("page", Type.REFERENCE, case_exact=True),
        Attribute("tags", multi_valued=True),
        Attribute("numbers", Type.INTEGER, multi_valued=True),
        Attribute(
            "contacts",
            Type.COMPLEX,
            multi_valued=True,
            sub_attributes=(
                Attribute("value"),
                Attribute("primary", Type.BOOLEAN),
                Attribute("rank", Type.INTEGER),
                Attribute("met", Type.DATE_TIME),
                Attribute("labels", multi_valued=True),
            ),
        ),
        Attribute("secret", returned=Returned.NEVER),
    ),
)

USER_TYPE = user_type(SEAT_URN, (EVERY_TYPE,))

_AWKWARD = (
    *("", " ", "a", "A", "ab", "aB", "b", "work", "Work", "home", "direct", "User", "group", "1", "true", "null"),
    *("%", "_", "a%", "a_b", "\\", '"', "'", "x y", "a]b", "a)b", "a\nb", "$1", "{}", "É", "E\u0301", "é", "ß", "ss"),
    *("ΑΣ", "ας", "ασ", "İ", "i", "ı", "K", "k", "ﬁ", "\ud7ff", "\ue000", "\uffff", "😀", "\U0010ffff", "a\U0010ffff"),
    *(str(each) for each in IDS[:6]),
    *('W/"1"', 'W/"12"', "0190", str(IDS[0]).upper()),
)
_STORABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.sampled_from(_AWKWARD) | st.text(_STORABLE, max_size=4)
_VOCABULARY: st.SearchStrategy[list[str]] = st.shared(st.lists(TEXTS, min_size=1, max_size=4), key="vocabulary")
_WORDS = _VOCABULARY.flatmap(st.sampled_from)  # few texts per example, so that filters often hit

DATE_TIMES = st.sampled_from(
    (
        *("2026-01-31T08:00:00Z", "2026-01-31T09:00:00+01:00", "2026-01-31t08:00:00z", "2026-01-31T08:00:00"),
        *("2026-01-31T08:00:00.000Z", "2026-01-31T08:00:00.5Z", "2026-01-31T08:00:00.500000Z", "2026-01-31T07:59:60Z"),
        *(
            "2026-01-31T08:00:00.0000019Z",
            "2026-01-31T08:00:00.000001Z",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
        ),
    )
)
URIS = st.sampled_from(
    (
        *("https://example.com/", "https://example.com/A", "https://example.com/a", "HTTPS://EXAMPLE.COM/", "urn:x:y"),
        *("https://example.com/a%20b_c", "https://example.com/é", f"{BASE_URL}/Users/"),
        *(
            f"{BASE_URL}/Users/{IDS[0]}",
            f"{BASE_URL}/Users/{IDS[1]}",
            f"{BASE_URL}/Groups/{IDS[6]}",
            f"{BASE_URL}/Groups/{IDS[0]}",
        ),
        *(USER_TYPE.schema.id, GROUP_TYPE.schema.id, SEAT_URN, EVERY_TYPE.id, EVERY_TYPE.id.lower()),
    )
)
INTEGERS = st.sampled_from((0, 1, -1, 2, 10, 2**53 + 1, 10**30)) | st.integers()
DECIMALS = st.sampled_from((0, 1, 1.0, -0.0, 0.1, 1.5, 1e23, 10**23, 5e-324, 2**53 + 1)) | st.floats(
    allow_nan=False, allow_infinity=False
)


def values_of(attribute: Attribute) -> st.SearchStrategy[object]:
    """Single values that fit the attribute."""
    match attribute.type:
        case Type.BOOLEAN:
            return st.booleans()
        case Type.INTEGER:
            return INTEGERS
        case Type.DECIMAL:
            return DECIMALS
        case Type.DATE_TIME:
            return DATE_TIMES
        case Type.REFERENCE:
            return URIS
        case Type.BINARY:
            return st.binary(max_size=3).map(lambda data: base64.b64encode(data).decode())
        case Type.COMPLEX:
            return _objects(attribute.sub_attributes)
    return _WORDS | _WORDS | TEXTS


def documents(resource_type: ResourceType, *, without: Iterable[str] = ()) -> st.SearchStrategy[Document]:
    """Resources of the type as clients write them, with unassigned values among them."""
    core = _objects(each for each in resource_type.attributes if each.name not in without)
    extensions = st.fixed_dictionaries(
        {}, optional={extension.id: _objects(extension.attributes) for extension in resource_type.extensions}
    )
    return st.builds(lambda first, second: first | second, core, extensions)


def _objects(attributes: Iterable[Attribute]) -> st.SearchStrategy[Document]:
    return st.fixed_dictionaries({}, optional={each.name: _assignments(each) for each in attributes})


def _assignments(attribute: Attribute) -> st.SearchStrategy[object]:
    single = values_of(attribute)
    return st.lists(single, max_size=3) if attribute.multi_valued else single | st.none()


def filters(resource_type: ResourceType) -> st.SearchStrategy[Filter]:
    """Filters over every attribute that may be filtered, as the parser builds them."""
    addressed: list[tuple[Schema | None, Attribute]] = [(None, each) for each in resource_type.attributes]
    addressed += [(extension, each) for extension in resource_type.extensions for each in extension.attributes]
    leaves = [
        _value_filters(Path(schema, attribute)) | _tests(Path(schema, attribute))
        if attribute.multi_valued
        else _tests(Path(schema, attribute))
        for schema, attribute in addressed
        if attribute.returned is not Returned.NEVER
    ]
    return _combined(st.sampled_from(leaves).flatmap(lambda leaf: leaf))


def _value_filters(path: Path) -> st.SearchStrategy[Filter]:
    owner = path.leaf
    subs = owner.sub_attributes or (value_attribute(owner, "value") or owner,)
    inner = st.sampled_from(subs).flatmap(lambda sub: _tests(Path(None, sub)))
    return st.builds(ValueFilter, st.just(path), _combined(inner))


def element_filters(owner: Attribute) -> st.SearchStrategy[Filter]:
    """What may stand between the brackets behind a multi-valued attribute."""
    return _value_filters(Path(None, owner)).map(lambda each: each.filter if isinstance(each, ValueFilter) else each)


def _tests(path: Path) -> st.SearchStrategy[Filter]:
    if path.leaf.type is not Type.COMPLEX:
        comparison = st.builds(
            Comparison, st.just(path), st.sampled_from(sorted(operators_of(path.leaf))), values_of(path.leaf)
        )
        return comparison | comparison | st.just(Present(path))
    subs = st.sampled_from(path.leaf.sub_attributes)
    return subs.flatmap(lambda sub: _tests(Path(path.schema, path.attribute, None, sub))) | st.just(Present(path))


def _combined(leaves: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    return st.recursive(
        leaves,
        lambda inner: (
            st.builds(Not, inner)
            | st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple))
            | st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple))
        ),
        max_leaves=6,
    )
