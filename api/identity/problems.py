"""Why somebody cannot sign in or enter, each named for what is so; the text is for them."""

from __future__ import annotations

import uuid
from enum import StrEnum

from api.provisioning.errors import ProvisioningError
from db.account_rows import MembershipOfAccount


class WrongCode(ProvisioningError):
    """The code is not the one that was sent; there are tries left."""


class CodeOver(ProvisioningError):
    """The code has expired, was used, was tried too often, or is another browser's."""


class WrongPassword(ProvisioningError):
    """No account has this address and this password."""


class LinkOver(ProvisioningError):
    """The link has expired or was used."""


class BadPassword(ProvisioningError):
    """The password may not be chosen."""


class Shut(StrEnum):
    """What keeps somebody who has signed in out of one organization."""

    NO_ACCESS = "NO_ACCESS"
    SSO_ENFORCED = "SSO_ENFORCED"
    WAY_OFF = "WAY_OFF"
    SIGN_IN_AGAIN = "SIGN_IN_AGAIN"


class ShutOut(ProvisioningError):
    """Somebody who has signed in may not enter an organization of which they are a member."""

    def __init__(self, shut: Shut, text: str, membership: MembershipOfAccount) -> None:
        super().__init__(text)
        self.shut = shut
        self.membership = membership


class NoConnection(ProvisioningError):
    """There is no such connection to an identity provider, or nobody signs in by it now."""


class SignInRefused(ProvisioningError):
    """Somebody is not signed in by single sign-on: the text is for them, `reason` for admins of the organization.

    `trace` is by what admins find it, if it was kept.
    """

    def __init__(self, text: str, reason: str, trace: uuid.UUID | None = None) -> None:
        super().__init__(text)
        self.reason = reason
        self.trace = trace
