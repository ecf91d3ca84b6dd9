"""Where filters agree with the scim2-models library, and each point where they do not, with the reason."""

from __future__ import annotations

import warnings
from functools import reduce
from operator import or_
from typing import Any
from unicodedata import is_normalized

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scim2_models import Extension, Resource, SCIMException, ScimFilter
from scim2_models import Schema as PeerSchema

from api.scim.language import filters
from api.scim.language.definitions import ENTERPRISE_URN
from api.scim.language.errors import ScimError
from api.scim.language.filters import And, Comparison, Filter, Not, Or, Present, ValueFilter
from api.scim.language.folding import fold
from api.scim.language.matching import matches
from api.scim.language.schemas import Document, Schema, Type, to_json

from .filter_strategies import EVERY_TYPE, USER_TYPE, documents
from .filter_strategies import filters as filters_of

OWN = EVERY_TYPE.id


def _peer_schema(schema: Schema) -> PeerSchema:
    attributes = [to_json(attribute) for attribute in schema.attributes]
    name = "".join(each.capitalize() for each in schema.id.split(":") if each.isalpha())  # names become fields there
    return PeerSchema.model_validate({"id": schema.id, "name": name, "attributes": attributes})


def _peer_type() -> Any:
    """The peer's model of the same resource type, made from the same schemas."""
    extensions = [Extension.from_schema(_peer_schema(schema)) for schema in USER_TYPE.extensions]
    return Resource.from_schema(_peer_schema(USER_TYPE.schema))[reduce(or_, extensions)]  # type: ignore[index]


PEER: Any = _peer_type()


def peer_accepts(text: str) -> bool:
    """Whether the peer reads the filter and finds all of its attributes."""
    try:
        ScimFilter[PEER](text)._validate_semantics(strict=True)
    except SCIMException:
        return False
    return True


def peer_matches(text: str, document: Document) -> bool:
    """Whether the resource matches for the peer."""
    schemas = {"schemas": fold(document, USER_TYPE)["schemas"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        resource = PEER.model_validate(document | schemas)
    return bool(ScimFilter[PEER](text).match(resource))


def accepts(text: str, *, tolerant: bool = False) -> bool:
    """Whether Rollcall reads the filter."""
    try:
        filters.parse(text, USER_TYPE, tolerant=tolerant)
    except ScimError:
        return False
    return True


WORDS = st.sampled_from(
    [
        *("userName", "title", "emails", "value", "type", "emails.type", "name.familyName", "colour", "password.x"),
        *(f"{ENTERPRISE_URN}:department", "urn:example:X:title"),
        *("eq", "NE", "co", "sw", "ew", "gt", "pr", "PR", "and", "or", "not", "AND"),
        *("(", ")", "[", "]", "(", ")", "[", "]", '"x"', '"x"', '"a\\nb"', '"\\q"', '"', "5", "eqq"),
    ]
)
PHRASES = st.sampled_from(
    [
        *("title pr", 'title eq "x"', 'emails[type eq "x"]', "emails[value pr]", "not (title pr)", "(title pr)"),
        *('emails co "x"', "active eq true", "not title pr", "emails[emails pr]", 'emails[value eq "x" and type pr]'),
    ]
)
SENTENCES = st.lists(WORDS | PHRASES | st.sampled_from(["and", "or", "and", "or"]), max_size=9)


@settings(max_examples=400, deadline=None)
@given(words=SENTENCES, separator=st.sampled_from([" ", " ", "\t", "  "]))
def test_both_accept_the_same_sentences(words: list[str], separator: str) -> None:
    text = separator.join(words)
    assert accepts(text) == peer_accepts(text)


@settings(max_examples=150, deadline=None)
@given(filter=filters_of(USER_TYPE))
def test_the_peer_accepts_every_filter_as_it_is_printed(filter: Filter) -> None:
    assume(_is_common_ground(filter))
    assert peer_accepts(str(filter)), str(filter)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=documents(USER_TYPE, without=("schemas",)), texts=st.lists(filters_of(USER_TYPE).map(str), max_size=9))
def test_both_find_the_same_resources(document: Document, texts: list[str]) -> None:
    document = {name: _without_empty_elements(value) for name, value in document.items()}
    assume(_is_common_text(str(document)) and ":60Z" not in str(document))  # the peer takes no leap second
    for text in texts:
        filter = filters.parse(text, USER_TYPE)
        if _is_common_ground(filter):
            assert matches(filter, fold(document, USER_TYPE)) == peer_matches(text, document), text


def _without_empty_elements(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_empty_elements(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_without_empty_elements(each) for each in value if _is_assigned(each)]
    return value


def _is_assigned(value: object) -> bool:
    if isinstance(value, dict | list):
        return any(_is_assigned(each) for each in (value.values() if isinstance(value, dict) else value))
    return value is not None


def _is_common_ground(filter: Filter) -> bool:
    """Whether the filter keeps clear of the deviations that the tests below name."""
    match filter:
        case And(terms) | Or(terms):
            return all(_is_common_ground(term) for term in terms)
        case Not(inner):
            return _is_common_ground(inner)
        case ValueFilter(path, inner):
            return path.leaf.name != "schemas" and _is_common_ground(inner)
        case Present(path):
            return path.leaf.name != "labels"
        case Comparison(path, _, value):
            names_apart = path.leaf.name in ("labels", "schemas") or path.leaf.type is Type.DATE_TIME
            return not names_apart and _is_common_text(str(value))
    return True


def _is_common_text(text: str) -> bool:
    return is_normalized("NFC", text) and not set("Σσς") & set(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('emails[type eq "work"].value eq "x"', "not in the grammar; tolerant only"),
        ("active eq TRUE", "JSON has no TRUE (RFC 7159 §3); tolerant only"),
        ('active eq "true"', "a boolean is not text (RFC 7643 §2.3.2); tolerant only"),
    ],
)
def test_only_a_tolerant_parser_accepts_with_the_peer(text: str, reason: str) -> None:
    assert (accepts(text), accepts(text, tolerant=True), peer_accepts(text)) == (False, True, True), reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            'name eq "x"',
            "a complex attribute without `value` is equal to no text: an error says so, no result hides it",
        ),
        ("title gt null", "nothing is greater than no value (RFC 7644 §3.4.2.2)"),
        ('meta.created sw "2011"', "a dateTime is no text; the peer never matches"),
        ("meta.created gt 5", "a dateTime is compared with a dateTime; the peer reads seconds since 1970"),
        ('meta.created gt "2011-05-13"', "xsd:dateTime has a time (RFC 7643 §2.3.5)"),
        (f'{OWN}:count eq "5"', "an integer is not text"),
        (f"{OWN}:count co 5", "an integer has no parts"),
        (f"{OWN}:count eq 5and title pr", "words are separated"),
        ('active eq "yes"', "a boolean is true or false; the peer also knows yes, on, 1"),
        ('password eq "x"', "passwords are not kept, so nothing could be found"),
        ("password pr", "as above"),
        (f"{OWN}:secret pr", "what is never returned must not be found out by filtering (RFC 7643 §7)"),
        (r'title eq "\ud800"', "half of a surrogate pair is no character that could be stored"),
        (r'title eq "\u0000"', "PostgreSQL stores no U+0000"),
        ("(" * 21 + "title pr" + ")" * 21, "parentheses count as levels here"),
        (" or ".join(["title pr"] * 101), "at most 100 comparisons"),
        (f'title eq "{"x" * 4096}"', "at most 4096 characters"),
    ],
)
def test_only_the_peer_accepts(text: str, reason: str) -> None:
    assert (accepts(text), accepts(text, tolerant=True), peer_accepts(text)) == (False, False, True), reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("title eq bjensen", "old Microsoft samples and authentik leave the quotation marks out"),
        ("not title pr", "one reading only"),
        ('manager eq "x"', "Entra names the enterprise extension's manager without its URN"),
    ],
)
def test_only_a_tolerant_parser_accepts(text: str, reason: str) -> None:
    assert (accepts(text), accepts(text, tolerant=True), peer_accepts(text)) == (False, True, False), reason


@pytest.mark.parametrize(
    ("text", "document", "reason"),
    [
        ('title eq "ΠΣ"', {"title": "πσ"}, "the final sigma is the same letter, so that prefixes fold to prefixes"),
        ("title eq null", {"title": ""}, "`eq null` is `not (… pr)`, and empty text is not present"),
        (f'{OWN}:contacts.labels eq "a"', {OWN: {"contacts": [{"labels": ["a"]}]}}, "the peer compares the list"),
        (f'{OWN}:since lt "2026-01-31T08:00:00Z"', {OWN: {"since": "2026-01-31T07:00:00"}}, "without zone it is UTC"),
        (f'{OWN}:since eq "2016-12-31T23:59:59"', {OWN: {"since": "2016-12-31T23:59:59Z"}}, "without zone it is UTC"),
        (
            'externalId ne "\N{LATIN SMALL LETTER E WITH ACUTE}"',
            {"externalId": "e\N{COMBINING ACUTE ACCENT}"},
            "caseExact is compared as it was sent, in the index as well",
        ),
    ],
)
def test_only_rollcall_finds(text: str, document: Document, reason: str) -> None:
    assert matches(filters.parse(text, USER_TYPE), fold(document, USER_TYPE)), reason
    assert not peer_matches(text, document), reason


@pytest.mark.parametrize(
    ("text", "document", "reason"),
    [
        (
            "emails.type eq null",
            {"emails": [{"type": "a"}, {"value": "x"}]},
            "`eq null` is `not (… pr)`: none has a type",
        ),
        ('schemas ew ":user"', {}, "`schemas` is caseExact in Rollcall's schemas"),
        (f'{OWN}:contacts[value ne "x"]', {OWN: {"contacts": [{}]}}, "a value without sub-attributes is unassigned"),
        ("title ne null", {"title": ""}, "`ne null` is `pr`, and empty text is not present"),
    ],
)
def test_only_the_peer_finds(text: str, document: Document, reason: str) -> None:
    assert not matches(filters.parse(text, USER_TYPE), fold(document, USER_TYPE)), reason
    assert peer_matches(text, document), reason
