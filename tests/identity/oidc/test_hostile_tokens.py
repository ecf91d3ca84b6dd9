"""Nobody is signed in by an ID token that is forged, altered, somebody else's, or of another time (SECURITY §1)."""

from __future__ import annotations

import pytest

from db import sql

from ..browsers import reasons
from .hostile_tokens import FORGERIES
from .provider import Claims, rsa_key, signed
from .signing_in import Browser, is_in, known


@pytest.mark.parametrize("number", FORGERIES, ids=[f"{number}: {title}" for number, (title, *_) in FORGERIES.items()])
async def test_a_hostile_token_is_not_taken(ann: Browser, number: int) -> None:
    _, why, forge = FORGERIES[number]
    claims: list[Claims] = []

    def token(said: Claims) -> str:
        claims.append(said)
        return forge(ann.provider, said)

    ann.provider.token = token
    answer = await ann.sign_in()
    assert not is_in(answer)
    assert claims, "the provider was not asked at all"
    assert await known(ann.connection) == {}
    assert await sql.value("SELECT count(*) FROM member") == 0
    [reason] = await reasons(ann.connection)
    assert why in reason


async def test_the_same_claims_by_the_right_key_are_taken(ann: Browser) -> None:
    """So that what is refused above is refused for its own reason."""

    def token(said: Claims) -> str:
        times = {"exp": said["iat"] - 30, "nbf": said["iat"] + 30, "iat": said["iat"] + 30}
        return signed({**said, **times, "aud": [said["aud"], "x"], "azp": said["aud"]}, rsa_key(), typ="JWT")

    ann.provider.token = token
    assert is_in(await ann.sign_in())
