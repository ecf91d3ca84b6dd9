"""What browsers load besides pages: ours, or vendored with a checksum, under addresses that change with them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import httpx

from dashboard import rendering

VENDORED = {
    "graphiql-4.1.2.min.css": "30487e07635d312a63f647b140d37740a73c53332b0975bf4b1fe985ca6ec885",
    "graphiql-4.1.2.min.js": "867226ba8af5ce7949903fc53932f78dac9f4bfc6cc8da0fd3869b8bc6c5256b",
    "htmx-2.0.11.min.js": "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    "react-18.3.1.min.js": "d949f1c3687aedadcedac85261865f29b17cd273997e7f6b2bfc53b2f9d4c4dd",
    "react-dom-18.3.1.min.js": "35f4f974f4b2bcd44da73963347f8952e341f83909e4498227d4e26b98f66f0d",
}
OF_GRAPHIQL = frozenset({*VENDORED, "graphiql.js"}) - {"htmx-2.0.11.min.js"}


def test_vendored_files_are_as_they_were_published() -> None:
    assets = rendering.assets()
    assert {name: hashlib.sha256(assets[name].body).hexdigest() for name in VENDORED} == VENDORED
    notices = (Path(rendering.__file__).parent / "static" / "NOTICES.md").read_text()
    assert all(name.removesuffix(".css") in notices for name in VENDORED)


async def test_assets_may_be_kept_for_ever_and_come_packed(client: httpx.AsyncClient) -> None:
    plain = await client.get("/static/style.css", headers={"accept-encoding": "identity"})
    packed = await client.get("/static/style.css", headers={"accept-encoding": "gzip"})
    assert plain.content == packed.content == rendering.assets()["style.css"].body
    assert packed.headers["content-encoding"] == "gzip"
    assert "immutable" in plain.headers["cache-control"]
    assert (await client.get("/static/nothing.css")).status_code == 404
    assert (await client.get("/static/..%2Fapp.py")).status_code == 404


def test_a_page_and_all_that_it_loads_is_small() -> None:
    of_pages = [each for name, each in rendering.assets().items() if name not in OF_GRAPHIQL]
    assert sum(len(each.zipped) for each in of_pages) < 40_000
