"""Letting requests in by an API token (RFC 6750)."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from api.provisioning import clock, tokens
from api.provisioning.caller import Caller
from api.provisioning.key_text import API_PREFIX, digest_of_well_formed
from api.provisioning.key_use import note_token_use
from api.provisioning.tokens import TokenState
from db.queries import tokens as rows

from .keys import KeyProblem, bearer

_USE_IS_NOTED_EVERY = timedelta(minutes=5)


class TokenProblem(StrEnum):
    """Why a request is not let in; the text is for who wrote the program."""

    MISSING = "No token was sent. Send an API token as `Authorization: Bearer rc_api_…`."
    NOT_BEARER = "The Authorization header must be `Bearer`, a space, and the API token."
    UNREADABLE = "This is no API token of Rollcall, or not all of it. Tokens begin with rc_api_; copy it again."
    UNKNOWN = "The token is not known here. Check that it was made on this server, or make a new one."
    EXPIRED = "The token has expired. Make a new one."
    REVOKED = "The token has been revoked. Make a new one."


def digest_of(header: str | None) -> bytes | TokenProblem:
    """What a token in an Authorization header is looked up by; junk is told without asking the database."""
    token = bearer(header)
    if isinstance(token, KeyProblem):
        return TokenProblem.MISSING if token is KeyProblem.MISSING else TokenProblem.NOT_BEARER
    return digest_of_well_formed(token, API_PREFIX) or TokenProblem.UNREADABLE


async def authenticate(digest: bytes) -> Caller | TokenProblem:
    """Who calls with the token of that digest, or why it lets nobody in."""
    found, now = await rows.by_hash(digest), clock.now()
    if found is None:
        return TokenProblem.UNKNOWN
    state = tokens.state(found, now)
    if state is not TokenState.LIVE:
        return TokenProblem[state.name]
    if found.last_used_at is None or now - found.last_used_at > _USE_IS_NOTED_EVERY:
        note_token_use(found.id, now)
    return tokens.caller_of(found)
