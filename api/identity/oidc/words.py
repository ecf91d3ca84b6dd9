"""What a provider's claims say of somebody, and what of them is believed (Core §5.1). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.identity.landing import Word

_IGNORED = ("groups", "roles", "role", "seat_type", "entitlements", "permissions")
"""Claims that some would expect to do something: they do nothing, and the outcome says so (R006, R012)."""


def word(claims: Mapping[str, Any], *, trusts_address: bool) -> Word:
    """The provider's word. An address is sure only if it says `email_verified: true`, or is trusted without that."""
    email = _text(claims, "email")
    return Word(
        subject=claims["sub"],
        email=email,
        is_address_sure=email is not None
        and (claims.get("email_verified") is True or _may_trust(claims, trusts_address)),
        given_name=_text(claims, "given_name"),
        family_name=_text(claims, "family_name"),
        display_name=_text(claims, "name"),
        besides=tuple(name for name in _IGNORED if name in claims),
    )


def _may_trust(claims: Mapping[str, Any], trusts_address: bool) -> bool:
    """Whoever says that an address is not verified is not trusted to have verified it."""
    return trusts_address and "email_verified" not in claims


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    found = claims.get(name)
    return found if isinstance(found, str) and found.strip() else None
