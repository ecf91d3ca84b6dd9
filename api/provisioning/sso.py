"""Whether an organization's people sign in by single sign-on, and whether that is enough for a directory (C4)."""

from __future__ import annotations

from enum import StrEnum

from db.ids import OrganizationId
from db.queries import sso as rows

from .errors import SsoRequired
from .policy_values import Policies, RequireSso


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
    SsoState.NONE: "it is not set up: no connection to an identity provider is active",
    SsoState.CONFIGURED: "it is set up but not enforced (sso_enforced)",
}


async def state(organization: OrganizationId, policies: Policies) -> SsoState:
    """How far an organization has come."""
    if not await rows.is_active(organization):
        return SsoState.NONE
    return SsoState.ENFORCED if policies.sso_enforced else SsoState.CONFIGURED


def must_satisfy(required: RequireSso, found: SsoState) -> None:
    """Raise SsoRequired, naming the missing step, unless single sign-on has come as far as the policy wants (R021)."""
    if found not in _ENOUGH[required]:
        raise SsoRequired(
            f"The policy require_sso is {required}: before a directory is connected single sign-on has to be"
            f" {required.lower()}, and {_MISSING[found]}. Do that first, or choose require_sso=OFF."
        )
