"""What a provider's claims say of somebody, and what of them is believed (Core §5.1). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.identity.landing import Word

GOOGLE = "https://accounts.google.com"

_IGNORED = ("groups", "roles", "role", "seat_type", "entitlements", "permissions")
"""Claims that some would expect to do something: they do nothing, and the outcome says so (R006, R012)."""


def word(claims: Mapping[str, Any], *, trusts_address: bool) -> Word:
    """The provider's word. An address is sure only if it says `email_verified: true`, or is trusted without that."""
    email = _text(claims, "email")
    return Word(
        subject=claims["sub"],
        email=email,
        is_address_sure=email is not None and _is_sure(claims, trusts_address=trusts_address),
        given_name=_text(claims, "given_name"),
        family_name=_text(claims, "family_name"),
        display_name=_text(claims, "name"),
        besides=tuple(name for name in _IGNORED if name in claims),
    )


def _is_sure(claims: Mapping[str, Any], *, trusts_address: bool) -> bool:
    """Whether the address is theirs now. Whoever says that it is not verified is not trusted to have verified it.

    Google verifies addresses of other people's domains once, and never again; those of Workspace's it manages, and says
    so by `hd`.
    """
    if claims.get("iss") == GOOGLE and _text(claims, "hd") is None:
        return False
    return claims.get("email_verified") is True or (trusts_address and "email_verified" not in claims)


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    found = claims.get(name)
    return found if isinstance(found, str) and found.strip() else None
