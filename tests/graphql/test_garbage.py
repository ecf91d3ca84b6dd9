"""What an answer leaves behind for Python's search for garbage, during which nobody else is answered."""

from __future__ import annotations

import gc

from tests.graphql.conftest import Api
from tests.scim.conversation import Scim

_PAGE = """query ($id: ID!, $first: Int!) { organization(id: $id) { members(first: $first) {
  nodes { id email effectiveRole { key } roleExplanation { text } groups(first: 5) { nodes { displayName } } } } } }"""


async def _left_by(api: Api, first: int) -> int:
    id = api.id("Organization", api.organization)
    gc.collect()
    gc.disable()
    try:
        found = await api.ask(_PAGE, id=id, first=first)
        assert len(found["organization"]["members"]["nodes"]) == first
        return gc.collect()
    finally:
        gc.enable()


async def test_a_long_page_leaves_no_more_garbage_than_a_short_one(api: Api, scim: Scim) -> None:
    for number in range(20):
        await scim.make_user(f"person{number}@example.com")
    await _left_by(api, 1)
    assert await _left_by(api, 20) <= await _left_by(api, 1) + 20
