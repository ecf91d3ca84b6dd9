"""Does it work? What an admin is told before anybody signs in by a connection."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from api.identity import choices, connections, limits
from api.provisioning.actor import Actor
from api.provisioning.errors import BadSetting
from db.enums import SsoKind

from . import tokens
from .problems import BadProvider, quoted
from .providers import Providers

AT_ONCE, A_MINUTE = 10, 6.0
"""So often a connection is checked."""

_FINE = "The provider's document and keys are there and can be used. Whether the client id and secret are right shows"
_FINE += " when somebody signs in."


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a step of the check went well, and what was found or is to be done."""

    is_fine: bool
    text: str


async def check(actor: Actor, connection: uuid.UUID, providers: Providers) -> Sequence[Finding]:
    """What there is to say of a connection, by asking its provider.

    Raises Forbidden, NotFound, BadSetting for one that speaks SAML, and TooOften.
    """
    row = await connections.find(actor, connection)
    if row.kind != SsoKind.OIDC:
        raise BadSetting(f"{row.name} speaks SAML.")
    await limits.must_spend(f"sso:check:{row.id}", per_minute=A_MINUTE, burst=AT_ONCE, what="Checks of this connection")
    chosen = connections.choice_of(row)
    found = [Finding(False, f"The connection still lacks {each}.") for each in choices.missing(chosen)]
    if row.issuer is None:
        return found
    try:
        provider = await providers.find(row.issuer)
        found.append(Finding(True, f"The provider's document names {provider.authorization_endpoint} to sign in at."))
        keys = await providers.keys(provider)
    except BadProvider as problem:
        return [*found, Finding(False, str(problem))]
    found.append(Finding(True, f"The provider has {len(keys)} key(s) by which ID tokens may be signed."))
    if not set(provider.algorithms) & set(tokens.ALGORITHMS):
        text = f"The provider signs by {quoted(', '.join(provider.algorithms))} only, which is not taken."
        return [*found, Finding(False, f"{text} Choose RS256 or ES256 there.")]
    return [*found, Finding(True, _FINE)]
