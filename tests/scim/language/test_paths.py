"""What attribute paths address, and how they are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.scim.language import paths
from api.scim.language.definitions import ENTERPRISE_URN, GROUP_TYPE
from api.scim.language.errors import InvalidFilter, InvalidPath, ScimError, TooMany

from .filter_strategies import EVERY_TYPE, SEAT_URN, USER_TYPE

CORE_URN = USER_TYPE.schema.id


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("userName", "userName"),
        ("USERNAME", "userName"),
        ("id", "id"),
        ("meta.lastmodified", "meta.lastModified"),
        ("name.FamilyName", "name.familyName"),
        (f"{CORE_URN}:userName", "userName"),
        (f"{CORE_URN.upper()}:name.givenName", "name.givenName"),
        (f"{CORE_URN}:externalId", "externalId"),
        (f"{ENTERPRISE_URN}:department", f"{ENTERPRISE_URN}:department"),
        (f"{ENTERPRISE_URN}:manager.value", f"{ENTERPRISE_URN}:manager.value"),
        (f"{ENTERPRISE_URN.lower()}:Manager.$REF", f"{ENTERPRISE_URN}:manager.$ref"),
        (ENTERPRISE_URN, ENTERPRISE_URN),
        (f"{SEAT_URN}:seat_type", f"{SEAT_URN}:seat_type"),
        (f"{SEAT_URN}:User:seat_type", f"{SEAT_URN}:User:seat_type"),
        (f"{SEAT_URN}:USER", f"{SEAT_URN}:User"),
        (SEAT_URN, SEAT_URN),
        ('emails[type eq "work"]', 'emails[type eq "work"]'),
        ('emails[Type EQ "work"].Value', 'emails[type eq "work"].value'),
        ('emails [ type eq "work" ] . value ', 'emails[type eq "work"].value'),
        ('emails[type eq "a]b"].value', 'emails[type eq "a]b"].value'),
        (f"{EVERY_TYPE.id}:contacts[primary eq true].value", f"{EVERY_TYPE.id}:contacts[primary eq true].value"),
        (f'{CORE_URN}:emails[type eq "work"].value', 'emails[type eq "work"].value'),
        ('schemas[value eq "urn:x"]', 'schemas[value eq "urn:x"]'),
        ("password", "password"),
    ],
)
def test_a_path_prints_as_its_canonical_text(text: str, canonical: str) -> None:
    path = paths.parse(text, USER_TYPE)
    assert str(path) == canonical
    assert paths.parse(canonical, USER_TYPE) == path


def test_the_parts_of_a_path_are_those_of_the_schema() -> None:
    path = paths.parse(f"{ENTERPRISE_URN}:manager.displayName", USER_TYPE)
    assert path.schema is USER_TYPE.extensions[0]
    assert path.attribute is USER_TYPE.extensions[0].attribute("manager")
    assert path.leaf.name == "displayName"


def test_an_extension_alone_has_no_attribute() -> None:
    path = paths.parse(SEAT_URN, USER_TYPE)
    assert (path.schema, path.attribute) == (USER_TYPE.schema_of(SEAT_URN), None)
    with pytest.raises(ValueError, match="no attribute"):
        _ = path.leaf


def test_core_attributes_have_no_schema_even_behind_the_core_urn() -> None:
    assert paths.parse(f"{CORE_URN}:title", USER_TYPE).schema is None


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "An attribute name is missing before the end."),
        ("favouriteColour", "User has no attribute `favouriteColour`."),
        ("members", "User has no attribute `members`."),
        ("name.nickName", "`name` has no sub-attribute `nickName`."),
        ("userName.value", "`userName` has no sub-attribute `value`."),
        ("name.familyName.first", "`name.familyName.first` goes too deep"),
        ("name.", "An attribute name is missing in `name.`."),
        (".value", "An attribute name is missing in `.value`."),
        ("title name", "Nothing was expected any more at `name`."),
        (CORE_URN, f"`{CORE_URN}` names the whole resource"),
        (f"{ENTERPRISE_URN}:colour", f"`{ENTERPRISE_URN}` has no attribute `colour`."),
        (
            "urn:example:Unknown:2.0:seat_type",
            "`urn:example:Unknown:2.0` is not a schema of User; its schemas are urn:",
        ),
        (f"{ENTERPRISE_URN}:manager:value", f"`{ENTERPRISE_URN}:manager` is not a schema of User"),
        ("manager", "User has no attribute `manager`."),
        ('name[familyName eq "x"]', "`name` is not multi-valued"),
        ('emails.value[type eq "x"]', "`emails.value` is not multi-valued"),
        ('emails[type eq "work"].colour', "has no sub-attribute `colour`."),
        ('emails[type eq "work"].', "has no sub-attribute ``."),
        ('emails[type eq "work"]value', "Nothing was expected any more at `value`."),
        ("emails]", "Nothing was expected any more at `]`."),
        ("x" * 5000, "The path is longer than 4096 characters."),
    ],
)
def test_a_path_is_refused_naming_what_is_wrong(text: str, detail: str) -> None:
    with pytest.raises(InvalidPath) as refused:
        paths.parse(text, USER_TYPE)
    assert detail in refused.value.detail


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("emails[", "An attribute name is missing before the end."),
        ('emails[type eq "work"', "`]` is missing before the end."),
        ('emails[colour eq "work"]', "`emails` has no sub-attribute `colour`."),
        ('emails[emails.type eq "work"]', "`emails` has no sub-attribute `emails.type`."),
        ("emails[primary gt true]", "`primary` is of type boolean and cannot be compared with `gt`."),
        ('emails[type eq "x"[', "`]` is missing before `[`."),
        ('schemas[type eq "x"]', "`schemas` has no sub-attribute `type`."),
        ("emails[type eq work]", "is compared with text in quotation marks"),
    ],
)
def test_what_is_wrong_between_the_brackets_is_an_invalid_filter(text: str, detail: str) -> None:
    with pytest.raises(InvalidFilter) as refused:
        paths.parse(text, USER_TYPE)
    assert detail in refused.value.detail


def test_too_many_comparisons_between_the_brackets_are_too_many() -> None:
    with pytest.raises(TooMany):
        paths.parse(f"members[{' or '.join(['value pr'] * 101)}]", GROUP_TYPE)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("manager", f"{ENTERPRISE_URN}:manager"),
        ("Department", f"{ENTERPRISE_URN}:department"),
        ("seat_type", f"{SEAT_URN}:User:seat_type"),
        ("emails[type eq work].value", 'emails[type eq "work"].value'),
        ('roles[primary eq "True"].value', "roles[primary eq true].value"),
    ],
)
def test_a_tolerant_parser_reads_what_identity_providers_send(text: str, canonical: str) -> None:
    assert str(paths.parse(text, USER_TYPE, tolerant=True)) == canonical


PIECES = st.sampled_from(
    [
        "emails",
        "name",
        "value",
        "[",
        "]",
        ".",
        ":",
        " ",
        '"',
        "\\",
        "(",
        ")",
        "eq",
        "type",
        "not",
        "\0",
        "\ud800",
        SEAT_URN,
    ]
)


@given(text=st.text(max_size=20) | st.lists(PIECES, max_size=12).map("".join), tolerant=st.booleans())
def test_any_text_is_a_path_or_a_scim_error(text: str, tolerant: bool) -> None:
    try:
        path = paths.parse(text, USER_TYPE, tolerant=tolerant)
    except ScimError as error:
        error.detail.encode()
    else:
        assert paths.parse(str(path), USER_TYPE) == path
