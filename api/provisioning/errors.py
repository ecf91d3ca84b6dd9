"""What can be in the way of an act, named for what is so. Each edge says it in its own language."""

from __future__ import annotations

import uuid
from datetime import datetime


class ProvisioningError(Exception):
    """Something expected that prevents an act; the text says what happened and what to do."""


class NotFound(ProvisioningError):
    """There is no such thing in this organization; another organization's things look the same."""


class Forbidden(ProvisioningError):
    """The actor lacks the right."""


class AlreadyTaken(ProvisioningError):
    """Another resource has the value that must be unique."""

    def __init__(self, attribute: str, text: str) -> None:
        super().__init__(text)
        self.attribute = attribute


class DomainClaimed(AlreadyTaken):
    """Another organization has a domain verified."""

    def __init__(self, name: str) -> None:
        text = f"Another organization has verified {name}. Ask the operator to settle who owns it."
        super().__init__("name", text)


class NotProved(ProvisioningError):
    """What DNS says does not prove a domain; the text says what was found."""


class TooOften(ProvisioningError):
    """Something was asked for more often than is good for others; it can be asked again in `retry_after` seconds."""

    def __init__(self, text: str, retry_after: float = 60.0) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class NeedsDecision(AlreadyTaken):
    """Somebody has to decide whether a directory may have a person who is a member already (C11)."""

    def __init__(self, member: uuid.UUID, user_name: str, email: str | None, text: str) -> None:
        super().__init__("emails", text)
        self.member = member
        self.user_name = user_name
        self.email = email


class VersionMismatch(ProvisioningError):
    """The resource changed since the caller read it."""


class Refused(ProvisioningError):
    """A policy of the organization or directory refuses the act."""


class CannotSeal(ProvisioningError):
    """A secret cannot be kept or read: the key that seals it is missing."""


class BadSetting(ProvisioningError):
    """A setting has a name or value that does not exist."""


class NobodyThere(ProvisioningError):
    """A change of members selects none of them, where the protocol wants at least one (RFC 7644 §3.5.2.3)."""


class OwnMember(ProvisioningError):
    """A group is to become a member of itself."""


class NoAddress(ProvisioningError):
    """Somebody without an e-mail address, where one is needed."""


class OutsideDomains(ProvisioningError):
    """An address outside the domains of the organization."""


class ImmutableAddress(ProvisioningError):
    """An e-mail address would change, which the organization does not allow."""


class Paused(ProvisioningError):
    """The directory is paused: nothing of it is carried out, nothing is lost."""


class NotImported(ProvisioningError):
    """A directory brings somebody whom it may not bring, or not yet."""


class UnknownRole(ProvisioningError):
    """A directory names a role that the organization does not have."""


class LastAdmin(ProvisioningError):
    """Nobody would be left who is an admin of the organization."""


class FactsMoved(ProvisioningError):
    """An act would change others than whoever confirmed it has seen."""


class InTheWay(ProvisioningError):
    """Something that exists prevents the act; the text says what."""


class NeedsConfirmation(InTheWay):
    """An act that somebody has to mean: they have to say so, or to repeat the name of what it is about."""


class PreviewRequired(ProvisioningError):
    """An act that changes members, and nobody has looked whom."""


class PreviewTooOld(BadSetting):
    """What somebody saw of an act is too long ago to rely on."""


class SeatLimitReached(ProvisioningError):
    """There is no seat of the type that somebody needs, and none may be bought."""


class CapReached(SeatLimitReached):
    """A seat would have to be bought, and the monthly cap does not let it; amounts are in minor units."""

    def __init__(
        self,
        text: str,
        *,
        seat_type: str,
        quantity: int,
        amount_minor: int,
        currency: str,
        cap_minor: int,
        spent_minor: int,
    ) -> None:
        super().__init__(text)
        self.seat_type = seat_type
        self.quantity = quantity
        self.amount_minor = amount_minor
        self.currency = currency
        self.cap_minor = cap_minor
        self.spent_minor = spent_minor


class ImpossibleTransition(ProvisioningError):
    """A member cannot get from the status that they have to the one that was asked for."""


class TooManyRemovals(ProvisioningError):
    """A directory removes more people at once than the organization lets it (D8); nothing was carried out."""


class PlanRequired(ProvisioningError):
    """The organization's plan does not have what is asked for; the text says which do, and whom to ask."""


class SsoRequired(ProvisioningError):
    """The organization wants single sign-on before a directory, and a step of it is missing."""


class BadAddress(ProvisioningError):
    """Text that is no e-mail address, where one is needed."""


class LockedOut(ProvisioningError):
    """Somebody signs in who may not use the organization any more; signing in brings nobody back (C19)."""


class AlreadyMember(ProvisioningError):
    """Somebody is to be invited who is a member already."""


class InvitationOver(ProvisioningError):
    """An invitation that cannot be accepted any more: it was, has expired, or the person was removed meanwhile."""


class DirectoryManaged(ProvisioningError):
    """A directory has the member, and the last word about what is to be changed."""


class JitRemovalNeedsSupport(ProvisioningError):
    """An admin removes somebody who came by signing in, which only the operator does (R011)."""


class IdempotencyMismatch(ProvisioningError):
    """An idempotency key was used for something else."""


class BeingDone(ProvisioningError):
    """What an idempotency key stands for has begun, and nobody knows yet what came of it."""


class BadRow(ProvisioningError):
    """A row of a job that says nothing that could be done."""


class ProviderAway(ProvisioningError):
    """Whoever charges for seats could not be asked, or did not say what became of it; it may be asked again.

    `again_at` is not before when, if the provider said so. `is_over` is whether the request has come to its end there,
    so that the next one must not be taken for the same.
    """

    def __init__(self, text: str, *, again_at: datetime | None = None, is_over: bool = False) -> None:
        super().__init__(text)
        self.again_at = again_at
        self.is_over = is_over


class ProviderRefused(ProvisioningError):
    """Whoever charges for seats will not do it; asking again would change nothing until somebody puts it right."""
