"""Giving out access tokens: who asks is believed by a secret or by an assertion, and gets one for an hour."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from api.identity import limits
from api.provisioning import clock
from api.provisioning.key_text import ACCESS_PREFIX, SECRET_PREFIX, digest, is_well_formed, new_key
from db.ids import OrganizationId, new_id
from db.oauth_rows import ClientRow, KnownClient, NewToken
from db.queries import oauth_clients, platform
from db.queries import oauth_tokens as rows
from db.transaction import transaction

from . import asking, assertions, trust
from .asking import Asked
from .assertions import BadAssertion, Believed, Expected, Sent
from .key_sets import KeySets, NoKey
from .problems import InvalidClient, TooManyRequests
from .trust import VerifyingKey

LIFETIME = timedelta(hours=1)
"""Entra wants tokens that live from one to six hours."""

PER_MINUTE, BURST = 60, 120
_NOBODY = "There is no such client, or the secret is not one of its own. Copy both again."


@dataclass(frozen=True, slots=True)
class Issued:
    """An access token and for how many seconds it lives; its text is shown this once."""

    client: ClientRow
    text: str = field(repr=False)
    seconds: int


@dataclass(frozen=True, slots=True)
class _Proof:
    """By what a client was believed: a secret, with its end, or an assertion."""

    secret: uuid.UUID | None = None
    ends_at: datetime | None = None
    assertion: Believed | None = None


async def issue(asked: Asked, key_sets: KeySets, audiences: Set[str]) -> Issued:
    """An access token for whoever asks; `audiences` are the names by which assertions may call us.

    Raises InvalidClient, and TooManyRequests, which those who are not believed cannot bring about for a client.
    """
    at = clock.now()
    known, sent = await _known(asked)
    client = known.client
    try:
        if client.revoked_at is not None and client.revoked_at <= at:
            raise InvalidClient("This client has been revoked. Use one that lives.", client)
        if asked.assertion is not None and sent is not None:
            proof = await _by_assertion(client, asked.assertion, sent, key_sets, audiences, at)
        else:
            proof = _by_secret(known, at)
    except InvalidClient:
        await _spend(client, "refused")
        raise
    await _spend(client, "token")
    return await _issued(client, proof, at)


async def _known(asked: Asked) -> tuple[KnownClient, Sent | None]:
    """The client that is asked for, with the secret if it is one of its own, or what the assertion says of itself."""
    sent, secret = None, None
    if asked.secret is not None:
        client = asking.client_id(asked.client)
        secret = digest(asked.secret) if is_well_formed(asked.secret, SECRET_PREFIX) else b""
    else:
        sent = _read(asked.assertion or "")
        # The client need not say twice who it is (RFC 7521 §4.2).
        client = asking.client_id(asked.client or str(sent.subject))
    found = await platform.oauth_client(client, secret)
    if found is None:
        raise InvalidClient(_NOBODY)
    return found, sent


def _read(assertion: str) -> Sent:
    try:
        return assertions.read(assertion)
    except BadAssertion as problem:
        raise InvalidClient(str(problem)) from None


def _by_secret(known: KnownClient, at: datetime) -> _Proof:
    secret = known.secret
    if secret is None:
        raise InvalidClient(_NOBODY, known.client)
    if secret.revoked_at is not None and secret.revoked_at <= at:
        text = f"The client secret ...{secret.last_four} has been revoked. Put in the current one."
        raise InvalidClient(text, known.client)
    if secret.expires_at <= at:
        text = f"The client secret ...{secret.last_four} has expired. Add another one and put it in."
        raise InvalidClient(text, known.client)
    return _Proof(secret.id, secret.expires_at)


async def _by_assertion(
    client: ClientRow, text: str, sent: Sent, key_sets: KeySets, audiences: Set[str], at: datetime
) -> _Proof:
    own = str(client.id)
    expected = Expected(
        issuer=client.issuer or own,
        subject=client.subject or own,
        audiences={client.audience} if client.audience else audiences,
        is_own=client.issuer is None,
    )
    try:
        keys = await _keys(client, sent.kid, key_sets)
        return _Proof(assertion=assertions.believed(text, sent, keys, expected, at))
    except (BadAssertion, NoKey) as problem:
        raise InvalidClient(str(problem), client) from None


async def _keys(client: ClientRow, kid: str, key_sets: KeySets) -> list[VerifyingKey]:
    if client.jwks_uri is not None:
        return await key_sets.find(client.jwks_uri, kid)
    if client.jwks is None:
        raise NoKey("This client has no keys, only secrets. Send its secret, or give it keys.")
    found = trust.with_id(trust.keys_of(client.jwks), kid)
    if not found:
        raise NoKey(f"The client has no key with the kid {kid[:100]}.")
    return found


async def _spend(client: ClientRow, what: str) -> None:
    """Count a try; those that are refused are counted apart, so that strangers keep nobody out."""
    waits = await limits.spend(f"oauth:{what}:{client.id}", per_minute=PER_MINUTE, burst=BURST)
    if waits:
        raise TooManyRequests("Tokens are asked for too often. Keep each one until it expires.", waits)


async def _must_still_be_trusted(client: ClientRow) -> None:
    """Keys may have been fetched for seconds. In a transaction, so that whoever changes the client ends this token."""
    now = await oauth_clients.lock(OrganizationId(client.organization_id), client.id)
    if now is None or now.revoked_at is not None or now.trust != client.trust:
        raise InvalidClient("The keys of this client have just been changed, or it has been revoked.", client)


async def _issued(client: ClientRow, proof: _Proof, at: datetime) -> Issued:
    text = new_key(ACCESS_PREFIX)
    ends_at = min(at + LIFETIME, proof.ends_at or at + LIFETIME)
    row = NewToken(new_id(), client.id, proof.secret, digest(text), at, ends_at)
    organization, assertion = OrganizationId(client.organization_id), proof.assertion

    async def work() -> None:
        if assertion is not None:
            await _must_still_be_trusted(client)
        if assertion is not None and assertion.id is not None:
            used = hashlib.sha256(assertion.id.encode("utf-8", "surrogatepass")).digest()
            if not await rows.use_assertion(organization, client.id, used, expires_at=assertion.expires_at):
                raise InvalidClient("The assertion was used before (jti). Make a new one for each token.", client)
        await rows.add(organization, row)

    await transaction(work)
    return Issued(client, text, int((ends_at - at).total_seconds()))
