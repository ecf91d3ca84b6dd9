"""Whether an organization's people sign in by single sign-on, and whether that is enough for a directory (C4).

Single sign-on comes with a later release: until then nobody has it, and the policy says so instead of letting pass.
"""

from __future__ import annotations

from enum import StrEnum

from db.ids import OrganizationId

from .errors import SsoRequired
from .policy_values import RequireSso


class SsoState(StrEnum):
    """How far an organization has come with single sign-on."""

    NONE = "NONE"
    CONFIGURED = "CONFIGURED"
    ENFORCED = "ENFORCED"


_ENOUGH = {
    RequireSso.OFF: frozenset(SsoState),
    RequireSso.CONFIGURED: frozenset({SsoState.CONFIGURED, SsoState.ENFORCED}),
    RequireSso.ENFORCED: frozenset({SsoState.ENFORCED}),
}
_MISSING = {
    SsoState.NONE: "it is not set up, which this version of Rollcall cannot do yet",
    SsoState.CONFIGURED: "it is set up but not enforced",
}


def state(_: OrganizationId) -> SsoState:
    """How far an organization has come: nowhere, in this release."""
    return SsoState.NONE


def must_satisfy(required: RequireSso, found: SsoState) -> None:
    """Raise SsoRequired, naming the missing step, unless single sign-on has come as far as the policy wants (R021)."""
    if found not in _ENOUGH[required]:
        raise SsoRequired(
            f"The policy require_sso is {required}: before a directory is connected single sign-on has to be"
            f" {required.lower()}, and {_MISSING[found]}. Do that first, or choose require_sso=OFF."
        )
