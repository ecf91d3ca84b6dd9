"""What callers are told: `userErrors` of mutations, and errors of requests; bugs are told by their trace id only."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from enum import StrEnum

import strawberry
from graphql import GraphQLError

from api.provisioning import errors as domain
from api.provisioning.errors import ProvisioningError
from db.errors import REFUSED, UNAVAILABLE, TooSlow

_logger = logging.getLogger("rollcall.graphql")


class Problem(GraphQLError):
    """A request that is not carried out; `code` goes into the extensions."""

    def __init__(self, code: str, text: str, **more: object) -> None:
        super().__init__(text, extensions={"code": code, **more})


class Refusal(Exception):
    """A request that is not run: the status of the answer, what is said, and headers besides."""

    def __init__(self, status: int, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problem.message)
        self.status = status
        self.problem = problem
        self.headers = headers or {}


def too_deep(levels: int) -> Problem:
    """A document that is nested too deeply."""
    return Problem("TOO_LARGE", f"The document is nested deeper than {levels} levels, or lists in lists go too far.")


@strawberry.enum(description="What was in the way, for programs. New codes may be added.")
class UserErrorCode(StrEnum):
    NOT_FOUND = "NOT_FOUND"
    INVALID = "INVALID"
    TAKEN = "TAKEN"
    DOMAIN_CLAIMED = "DOMAIN_CLAIMED"
    TOO_OFTEN = "TOO_OFTEN"
    NOT_PROVED = "NOT_PROVED"
    CONFLICT = "CONFLICT"
    FORBIDDEN = "FORBIDDEN"
    STALE_VERSION = "STALE_VERSION"
    STALE_PREVIEW = "STALE_PREVIEW"
    PREVIEW_REQUIRED = "PREVIEW_REQUIRED"
    CONFIRMATION_REQUIRED = "CONFIRMATION_REQUIRED"
    POLICY = "POLICY"
    PLAN_REQUIRED = "PLAN_REQUIRED"
    SSO_REQUIRED = "SSO_REQUIRED"
    SEAT_LIMIT = "SEAT_LIMIT"
    OUTSIDE_DOMAINS = "OUTSIDE_DOMAINS"
    LAST_ADMIN = "LAST_ADMIN"
    DIRECTORY_MANAGED = "DIRECTORY_MANAGED"
    NEEDS_SUPPORT = "NEEDS_SUPPORT"
    IMPOSSIBLE = "IMPOSSIBLE"
    IDEMPOTENCY_MISMATCH = "IDEMPOTENCY_MISMATCH"
    EXPIRED = "EXPIRED"
    PROVIDER_AWAY = "PROVIDER_AWAY"
    PROVIDER_REFUSED = "PROVIDER_REFUSED"


_CODES: dict[type[ProvisioningError], UserErrorCode] = {
    domain.NotFound: UserErrorCode.NOT_FOUND,
    domain.Forbidden: UserErrorCode.FORBIDDEN,
    domain.DomainClaimed: UserErrorCode.DOMAIN_CLAIMED,
    domain.NotProved: UserErrorCode.NOT_PROVED,
    domain.TooOften: UserErrorCode.TOO_OFTEN,
    domain.AlreadyTaken: UserErrorCode.TAKEN,
    domain.AlreadyMember: UserErrorCode.TAKEN,
    domain.VersionMismatch: UserErrorCode.STALE_VERSION,
    domain.FactsMoved: UserErrorCode.STALE_PREVIEW,
    domain.NeedsConfirmation: UserErrorCode.CONFIRMATION_REQUIRED,
    domain.PreviewRequired: UserErrorCode.PREVIEW_REQUIRED,
    domain.PreviewTooOld: UserErrorCode.STALE_PREVIEW,
    domain.InTheWay: UserErrorCode.CONFLICT,
    domain.Refused: UserErrorCode.POLICY,
    domain.ImmutableAddress: UserErrorCode.POLICY,
    domain.PlanRequired: UserErrorCode.PLAN_REQUIRED,
    domain.SsoRequired: UserErrorCode.SSO_REQUIRED,
    domain.SeatLimitReached: UserErrorCode.SEAT_LIMIT,
    domain.OutsideDomains: UserErrorCode.OUTSIDE_DOMAINS,
    domain.LastAdmin: UserErrorCode.LAST_ADMIN,
    domain.DirectoryManaged: UserErrorCode.DIRECTORY_MANAGED,
    domain.JitRemovalNeedsSupport: UserErrorCode.NEEDS_SUPPORT,
    domain.ImpossibleTransition: UserErrorCode.IMPOSSIBLE,
    domain.InvitationOver: UserErrorCode.EXPIRED,
    domain.IdempotencyMismatch: UserErrorCode.IDEMPOTENCY_MISMATCH,
    domain.BeingDone: UserErrorCode.CONFLICT,
    domain.ProviderAway: UserErrorCode.PROVIDER_AWAY,
    domain.ProviderRefused: UserErrorCode.PROVIDER_REFUSED,
}


def code_of(error: ProvisioningError) -> UserErrorCode:
    """The code of what was in the way; INVALID for whatever the caller can only put right by asking differently."""
    return next((_CODES[kind] for kind in type(error).__mro__ if kind in _CODES), UserErrorCode.INVALID)


def shown(error: GraphQLError, trace: uuid.UUID) -> dict[str, object]:
    """An error as callers see it. What nobody expected is logged with the trace id, and only that is told."""
    cause = error.original_error
    told = error.formatted
    if isinstance(cause, ProvisioningError):
        return {**told, "extensions": {"code": code_of(cause).value}}
    if isinstance(error, Problem) or isinstance(cause, Problem):
        return dict(told)
    if cause is None or isinstance(cause, GraphQLError):
        return {**told, "extensions": {"code": "BAD_REQUEST", **(error.extensions or {})}}
    if isinstance(cause, REFUSED):
        text = "A value is none that can be kept, such as a text with the character U+0000. Nothing was done."
        return {**told, "message": text, "extensions": {"code": "BAD_REQUEST"}}
    if isinstance(cause, (TooSlow, *UNAVAILABLE)):
        _logger.warning("GraphQL request %s: %s", trace, cause)
        text = "The database did not answer in time. Try again, and ask for less at once."
        return {**told, "message": text, "extensions": {"code": "UNAVAILABLE", "trace": str(trace)}}
    _logger.error("GraphQL request %s failed", trace, exc_info=cause, extra={"trace_id": trace})
    text = f"Something went wrong here. Ask the operator for {trace} in the log."
    return {**told, "message": text, "extensions": {"code": "INTERNAL", "trace": str(trace)}}
