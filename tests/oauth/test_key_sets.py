"""Key sets that are fetched from where a client publishes them, seldom, and from nowhere that is not public."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from api import settings
from api.oauth import clients
from api.oauth.key_sets import KeySets
from api.oauth.trust import Trust
from db import sql
from tests.net.stranger import Stranger, listening, saying
from tests.scim.conversation import Scim
from tests.scim.deleting import later
from tests.scim.governing import governor

from .asking import Client, refusal
from .signing import EC, RSA, STRANGE, Pair, asked, claims, jwks, known_by_keys, signed


class Published:
    """A key set behind a URL, which may change."""

    def __init__(self) -> None:
        self.body = jwks(RSA).encode()
        self.status = "200 OK"
        self.headers: tuple[str, ...] = ()
        self.stranger: Stranger | None = None
        self.gate: asyncio.Event | None = None

    async def reply(self, head: bytes, writer: asyncio.StreamWriter) -> None:
        """Answer with what is published now."""
        if self.gate is not None:
            await self.gate.wait()
        await saying(self.body, *self.headers, status=self.status)(head, writer)

    @property
    def url(self) -> str:
        """Where it is."""
        assert self.stranger is not None
        return f"http://127.0.0.1:{self.stranger.port}/keys"

    @property
    def requests(self) -> int:
        """How often it was fetched."""
        assert self.stranger is not None
        return len(self.stranger.requests)


@pytest.fixture
async def published() -> AsyncIterator[Published]:
    """A set with one key."""
    found = Published()
    async with listening(found.reply) as found.stranger:
        yield found


@pytest.fixture
def allowed(_application: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator allows this machine."""
    chosen = settings.read({"ROLLCALL_ALLOW_NETWORKS": "127.0.0.0/8"})
    monkeypatch.setitem(_application.state._state, "key_sets", KeySets(chosen))


@pytest.fixture
async def signer(scim: Scim, published: Published, allowed: None) -> Client:
    """A client whose keys are published there."""
    return await known_by_keys(scim, jwks_uri=published.url)


async def status(client: Client, pair: Pair = RSA, **header: Any) -> int:
    """The status of the answer to an assertion."""
    algorithm = "ES256" if pair is EC else "RS256"
    answer = await asked(client, signed(claims(client), pair, algorithm, **header))
    assert isinstance(answer.status_code, int)
    return answer.status_code


async def test_a_published_set_is_fetched_once(signer: Client, published: Published) -> None:
    assert [await status(signer) for _ in range(5)] == [200] * 5
    assert published.requests == 1


async def test_a_new_key_is_found_at_once_and_made_up_ones_cause_no_traffic(
    signer: Client, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await status(signer) == 200
    published.body = jwks(EC).encode()
    assert await status(signer, EC) == 401  # it was fetched a moment ago
    later(monkeypatch, minutes=5)
    assert [await status(signer, EC), await status(signer)] == [200, 401]
    assert published.requests == 2
    for number in range(20):
        assert await status(signer, kid=f"made up {number}") == 401
    assert published.requests == 2


async def test_a_set_is_looked_at_again_after_an_hour(
    signer: Client, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await status(signer) == 200
    published.body = jwks(STRANGE).encode()  # the same id, and another key
    later(monkeypatch, minutes=59)
    assert await status(signer) == 200
    later(monkeypatch, minutes=2)
    assert [await status(signer), await status(signer, STRANGE)] == [401, 200]


async def test_a_set_whose_server_is_away_counts_for_a_day(
    signer: Client, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await status(signer) == 200
    published.status = "503 Service Unavailable"
    later(monkeypatch, hours=23)
    assert [await status(signer) for _ in range(3)] == [200] * 3
    assert published.requests == 2
    later(monkeypatch, hours=2)
    answer = await asked(signer, signed(claims(signer)))
    assert "It answered 503." in refusal(answer, "invalid_client", 401)
    published.status = "200 OK"
    assert await status(signer) == 401
    later(monkeypatch, seconds=31)
    assert await status(signer) == 200


@pytest.mark.parametrize(
    ("body", "headers", "told"),
    [
        (b"", (), "no JSON"),
        (b"{", (), "no JSON"),
        (b"[" * 50_000, (), "no JSON"),
        (b'{"keys": []}', (), "no key for RS256"),
        (json.dumps({"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "rsa-1"}]}).encode(), (), "no key for RS256"),
        (json.dumps({"keys": [RSA.jwk], "x": "y" * 70_000}).encode(), (), "too long"),
        (jwks(RSA).encode(), ("Content-Encoding: gzip",), "answers compressed"),
    ],
)
async def test_what_is_no_key_set_is_told(
    signer: Client, published: Published, body: bytes, headers: tuple[str, ...], told: str
) -> None:
    published.body, published.headers = body, headers
    answer = await asked(signer, signed(claims(signer)))
    assert told in refusal(answer, "invalid_client", 401)


async def test_redirects_are_not_followed(signer: Client, published: Published) -> None:
    published.status, published.headers = "302 Found", (f"Location: {published.url}/elsewhere",)
    answer = await asked(signer, signed(claims(signer)))
    assert "It answered 302." in refusal(answer, "invalid_client", 401)
    assert published.requests == 1


async def test_keys_that_nobody_knows_are_left_out_and_the_others_count(signer: Client, published: Published) -> None:
    strange: list[dict[str, Any]] = [{"kty": "AKP", "kid": "pq"}, {"kid": "x"}, {**RSA.jwk, "use": "enc"}]
    published.body = jwks(*strange, RSA).encode()
    assert await status(signer) == 200


async def test_many_at_once_fetch_once(signer: Client, published: Published) -> None:
    published.gate = asyncio.Event()
    waiting = [asyncio.create_task(status(signer)) for _ in range(10)]
    while not published.requests:
        await asyncio.sleep(0)
    published.gate.set()
    assert await asyncio.gather(*waiting) == [200] * 10
    assert published.requests == 1


@pytest.mark.parametrize("is_revoked", [False, True])
async def test_who_is_trusted_no_more_while_keys_are_fetched_gets_no_token(
    signer: Client, published: Published, is_revoked: bool
) -> None:
    published.gate = asyncio.Event()
    waiting = asyncio.create_task(asked(signer, signed(claims(signer))))
    while not published.requests:
        await asyncio.sleep(0)
    actor = governor(signer.scim)
    if is_revoked:
        await clients.revoke(actor, signer.id)
    else:
        await clients.change(actor, signer.id, trust=Trust(jwks=jwks(EC)))
    published.gate.set()
    assert "have just been changed" in refusal(await waiting, "invalid_client", 401)
    assert await sql.value("SELECT count(*) FROM oauth_token") == 0


async def test_of_a_set_that_is_full_of_the_same_id_few_keys_are_tried(signer: Client, published: Published) -> None:
    published.body = jwks(STRANGE, STRANGE, STRANGE, RSA).encode()
    assert await status(signer) == 401
    published.body = jwks(STRANGE, STRANGE, RSA).encode()
    other = await known_by_keys(signer.scim, jwks_uri=f"{published.url}/2")
    assert await status(other) == 200


async def test_two_clients_with_the_same_url_share_a_set(signer: Client, published: Published, sibling: Scim) -> None:
    other = await known_by_keys(sibling, jwks_uri=published.url)
    assert [await status(signer), await status(other)] == [200, 200]
    assert published.requests == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/keys",
        "https://127.0.0.1:{port}/keys",
        "https://localhost:{port}/keys",
        "https://2130706433:{port}/keys",
        "https://[::1]:{port}/keys",
        "https://[::ffff:127.0.0.1]:{port}/keys",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/keys",
        "http://192.0.2.1/keys",
    ],
)
async def test_nothing_inside_is_reached(scim: Scim, published: Published, url: str) -> None:
    """Without the operator's leave: the application of the tests has none."""
    assert published.stranger is not None
    client = await known_by_keys(scim, jwks_uri=url.format(port=published.stranger.port))
    answer = await asked(client, signed(claims(client)))
    assert "(trace" in refusal(answer, "invalid_client", 401)
    assert published.stranger.connections == 0
