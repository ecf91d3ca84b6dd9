"""What is an e-mail address, and how two of them are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.provisioning import addresses
from api.provisioning.errors import BadAddress
from api.scim.language.folding import fold_text


@pytest.mark.parametrize(
    ("given", "email", "key"),
    [
        (" Ann@Example.com ", "Ann@Example.com", "ann@example.com"),
        ("ann+x@bücher.example", "ann+x@bücher.example", "ann+x@bücher.example"),
        ("ÄNN@example.com", "ÄNN@example.com", "änn@example.com"),
    ],
)
def test_an_address_is_kept_as_written_and_compared_without_case(given: str, email: str, key: str) -> None:
    assert addresses.read(given) == addresses.Address(email, key)


@pytest.mark.parametrize(
    "text", ["", "ann", "@example.com", "ann@", "a b@example.com", "a@b@c.org", "a\0@b.org", "a@" + "x" * 254, "a@-"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadAddress, match="An address looks like"):
        addresses.read(text)


@given(st.text())
def test_names_are_compared_as_scim_compares_them(text: str) -> None:
    """R070: whoever comes by two ways must be the same by both."""
    assert addresses.folded(text) == fold_text(text)
