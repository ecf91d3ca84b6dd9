"""The HTML of every page is valid: elements where they may be, ids that are there once, labels, and no style in it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from . import addresses, validator
from .place import Place
from .validator import Validator
from .world import World


@pytest.fixture(scope="session")
def validating() -> Iterator[Validator]:
    """What says whether HTML is valid."""
    with validator.running() as found:
        yield found


def test_the_validator_finds_what_is_wrong(validating: Validator) -> None:
    """Otherwise the tests below would prove nothing."""
    html = '<!DOCTYPE html><html lang="en"><head><title>x</title></head><body><p id="a"><div id="a"></p></body></html>'
    told = " ".join(validating.wrong(html))
    assert "no-dup-id" in told
    assert "close-order" in told or "element-permitted-content" in told


@pytest.mark.parametrize("path", addresses.paths())
async def test_a_page_is_valid_html(
    path: str, validating: Validator, served: Place, full: World, operators_session: str
) -> None:
    """As it is served, before scripts."""
    for address in addresses.of(path, full, operators_session):
        cookie = "; ".join(f"{name}={value}" for name, value in address.cookies.items())
        answer: httpx.Response = await served.http.get(
            address.path, headers={"accept": "text/html", "cookie": cookie}, follow_redirects=True
        )
        assert answer.status_code == 200, address.path
        assert validating.wrong(answer.text) == [], address.path
