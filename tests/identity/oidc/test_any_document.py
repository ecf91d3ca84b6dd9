"""Whatever a provider says, it is used or refused in words; nothing of it ends in a fault of ours."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.identity.oidc import documents, tokens, words
from api.identity.oidc.documents import Provider
from api.identity.oidc.problems import BadProvider, BadToken
from api.net.client import Answer

from .provider import encoded, rsa_key

ISSUER = "https://login.example.com/tenant"
_TEXT = st.text(max_size=20)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)
_KEY = rsa_key().as_dict(private=False)
[RIGHT] = tokens.keys({"keys": [_KEY]})
_PRIVATE = rsa_key().as_dict(private=True)
_EC = {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}
_OKP = {"kty": "OKP", "crv": "Ed25519", "x": "AA"}


def found(**more: Any) -> dict[str, Any]:
    """A document as it should be, but for what is said."""
    document = {
        "issuer": ISSUER,
        "authorization_endpoint": f"{ISSUER}/authorize",
        "token_endpoint": f"{ISSUER}/token",
        "jwks_uri": f"{ISSUER}/keys",
        **more,
    }
    return {name: value for name, value in document.items() if value is not None}


def read(document: object, status: int = 200) -> Provider:
    """What is read of a document."""
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    return documents.read(Answer(status, {}, text), ISSUER)


@given(st.dictionaries(st.sampled_from(["kty", "n", "e", "crv", "x", "y", "use", "alg", "kid", "d", "key_ops"]), _JSON))
def test_any_key_is_imported_or_left_out(wrong: dict[str, Any]) -> None:
    for right in ({}, _KEY, _EC, _OKP):
        got = tokens.keys({"keys": [{**right, **wrong}, _KEY]})
        assert _KEY["n"] in [key.key.as_dict(private=False).get("n") for key in got]


@pytest.mark.parametrize("private", [_PRIVATE, {"d": encoded(b"d" * 32)}])
def test_nothing_but_the_public_part_of_a_key_is_looked_at(private: dict[str, Any]) -> None:
    """To compare both parts of one of 32,000 bits takes minutes, in which nobody else is answered."""
    [got] = tokens.keys({"keys": [_KEY | private]})
    assert not got.key.is_private
    assert got.key.as_dict() == {name: _KEY[name] for name in ("kty", "n", "e")}


@given(_JSON)
def test_any_key_set_is_read(said: Any) -> None:
    tokens.keys({"keys": said})


@given(st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "x"]), _JSON) | _JSON)
def test_any_header_is_read_or_refused(header: Any) -> None:
    token = f"{encoded(header)}.e30.AA"
    try:
        said = tokens.header(token)
    except BadToken:
        return
    assert said.algorithm in tokens.ALGORITHMS
    with pytest.raises(BadToken):
        tokens.verified(token, said, RIGHT)


@given(st.text(alphabet='eyJhbGciOiJ.{}[]"\0ä=', max_size=80))
def test_any_text_is_no_token(text: str) -> None:
    with pytest.raises(BadToken):
        tokens.verified(text, tokens.header(text), RIGHT)


@given(st.dictionaries(st.sampled_from(["iss", "aud", "azp", "exp", "iat", "nbf", "nonce", "sub", "at_hash"]), _JSON))
def test_any_claims_are_judged(claims: dict[str, Any]) -> None:
    expected = tokens.Expected(ISSUER, "us", "n")
    with pytest.raises(BadToken):
        tokens.judge({"iss": ISSUER, **claims}, expected, 1e9)


@pytest.mark.parametrize("algorithm", tokens.ALGORITHMS)
def test_every_algorithm_tells_which_access_token_goes_with_it(algorithm: str) -> None:
    bits = {"256": 256, "384": 384}.get(algorithm[2:], 512)
    digest = hashlib.new(f"sha{bits}", b"opaque").digest()
    claims, said = {"at_hash": encoded(digest[: bits // 16])}, tokens.Header(algorithm, None)
    tokens.must_go_with(claims, said, "opaque")
    with pytest.raises(BadToken, match="at_hash"):
        tokens.must_go_with(claims, said, "another")


@given(st.dictionaries(st.sampled_from(["email", "email_verified", "name", "groups", "given_name"]), _JSON))
def test_any_claims_become_words(claims: dict[str, Any]) -> None:
    said = words.word({"sub": "ann", **claims}, trusts_address=False)
    assert said.is_address_sure == (claims.get("email_verified") is True and said.email is not None)


@given(st.dictionaries(st.sampled_from([*found(), "response_types_supported", "userinfo_endpoint"]), _JSON) | _JSON)
def test_any_document_is_read_or_refused(said: Any) -> None:
    try:
        provider = read(found() | said if isinstance(said, dict) else said)
    except BadProvider:
        return
    assert provider.issuer == ISSUER
    assert all(url.startswith("https://") for url in (provider.token_endpoint, provider.jwks_uri))


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (found(issuer=f"{ISSUER}/"), "a slash at the end included"),
        (found(issuer=ISSUER.upper()), "same to the letter"),
        (found(issuer="https://login.example.com/{tenantid}/v2.0"), "{tenantid}"),
        (found(issuer=None), "calls itself"),
        (found(jwks_uri=None), "names no jwks_uri"),
        (found(token_endpoint=""), "names no token_endpoint"),
        (found(token_endpoint="http://login.example.com/token"), "does not begin with https://"),
        (found(jwks_uri="file:///etc/passwd"), "must begin with https://"),
        (found(authorization_endpoint="javascript:alert(1)"), "must begin with https://"),
        (found(authorization_endpoint="https://a:b@login.example.com/"), "must not have a user name"),
        (found(authorization_endpoint=f"{ISSUER}/authorize#x"), "has a #"),
        (found(userinfo_endpoint="ftp://login.example.com/"), "userinfo_endpoint cannot be used"),
        (found(response_types_supported=["id_token"]), "authorization code flow"),
        (found(token_endpoint_auth_methods_supported=["private_key_jwt"]), "private_key_jwt"),
        (b"<html>", "is not JSON"),
        (b"[1]", "is no JSON object"),
        (b"[" * 50_000, "is not JSON"),
    ],
)
def test_what_is_wrong_with_a_document_is_said(document: object, why: str) -> None:
    with pytest.raises(BadProvider) as caught:
        read(document)
    assert why in str(caught.value)


def test_a_document_that_is_not_there_is_told_by_where_it_should_be() -> None:
    with pytest.raises(BadProvider) as caught:
        read(b"", 404)
    assert f"{ISSUER}/.well-known/openid-configuration was not there: the provider answered 404" in str(caught.value)


@pytest.mark.parametrize(
    "issuer", ["https://a.example.com/?x=1", "https://a.example.com/#", "a.example.com", "ftp://a/"]
)
def test_an_issuer_that_can_be_none_is_refused(issuer: str) -> None:
    with pytest.raises(BadProvider):
        documents.location(issuer)


def test_a_slash_at_the_end_of_an_issuer_is_not_doubled() -> None:
    assert documents.location("https://a.example.com/") == "https://a.example.com/.well-known/openid-configuration"
