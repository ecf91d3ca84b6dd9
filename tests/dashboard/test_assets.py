"""What browsers load besides pages: ours, or vendored with a checksum, under addresses that change with them."""

from __future__ import annotations

import gzip
import hashlib

import httpx

from dashboard import rendering

HTMX = ("htmx-2.0.11.min.js", "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717")


def test_htmx_is_as_it_was_published() -> None:
    name, checksum = HTMX
    assert hashlib.sha256(rendering.assets()[name].body).hexdigest() == checksum


async def test_assets_may_be_kept_for_ever_and_come_packed(client: httpx.AsyncClient) -> None:
    plain = await client.get("/static/style.css", headers={"accept-encoding": "identity"})
    packed = await client.get("/static/style.css", headers={"accept-encoding": "gzip"})
    assert plain.content == packed.content == rendering.assets()["style.css"].body
    assert packed.headers["content-encoding"] == "gzip"
    assert "immutable" in plain.headers["cache-control"]
    assert (await client.get("/static/nothing.css")).status_code == 404
    assert (await client.get("/static/..%2Fapp.py")).status_code == 404


def test_a_page_and_all_that_it_loads_is_small() -> None:
    assert sum(len(gzip.compress(each.body)) for each in rendering.assets().values()) < 40_000
