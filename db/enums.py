"""Closed lists of values that columns hold."""

from enum import StrEnum


class MemberStatus(StrEnum):
    """Where a member stands in the organization."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    DEACTIVATED = "DEACTIVATED"
    DEPROVISIONED = "DEPROVISIONED"


class DomainState(StrEnum):
    """Whether a domain is known to belong to its organization."""

    REGISTERED = "REGISTERED"
    VERIFIED = "VERIFIED"


class Provider(StrEnum):
    """Identity providers whose habits are known; GENERIC is any other that speaks SCIM 2.0."""

    ENTRA_ID = "ENTRA_ID"
    OKTA = "OKTA"
    JUMPCLOUD = "JUMPCLOUD"
    GOOGLE_WORKSPACE = "GOOGLE_WORKSPACE"
    ONELOGIN = "ONELOGIN"
    PING = "PING"
    RIPPLING = "RIPPLING"
    CYBERARK = "CYBERARK"
    AUTHENTIK = "AUTHENTIK"
    KEYCLOAK = "KEYCLOAK"
    RAUTHY = "RAUTHY"
    GENERIC = "GENERIC"
