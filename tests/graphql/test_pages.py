"""Every list of an organization is read in pages forwards and backwards, and has each thing once, in the same order."""

from __future__ import annotations

from typing import Any

import pytest

from api.provisioning import budgets
from tests.scim.conversation import Scim

from .conftest import Api, NewApi
from .test_no_statement_per_row import grow, lists

EMPTY = {"unconfirmedRevocations"}
PAGE = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor }"
FIRST = "first: 50"


async def _walk(api: Api, text: str, *, is_backwards: bool) -> list[str]:
    """The cursors of a list in its order, read two by two."""
    size, place = ("last: 2", "before") if is_backwards else ("first: 2", "after")
    seen, cursor, more = list[str](), None, True
    while more:
        paging = f'{size}, {place}: "{cursor}"' if cursor else size
        page: Any = await api.ask(text.replace(FIRST, paging))
        while "pageInfo" not in page:
            [page] = page.values()
        found, info = [edge["cursor"] for edge in page["edges"]], page["pageInfo"]
        seen = found + seen if is_backwards else seen + found
        cursor = info["startCursor" if is_backwards else "endCursor"]
        more = info["hasPreviousPage" if is_backwards else "hasNextPage"]
        assert (cursor is None) is (not found)
        assert len(found) == 2 or not more
    return seen


async def test_every_list_both_ways(scim: Scim, api: Api, new_api: NewApi, monkeypatch: pytest.MonkeyPatch) -> None:
    async def free_of_charge(*_: Any) -> budgets.Spending:
        return budgets.Spending(0)

    monkeypatch.setattr(budgets, "spend", free_of_charge)
    users = list[str]()
    for number in range(5):
        await grow(scim, api, new_api, users, number)
    directory, lengths = api.id("Directory", scim.access.directory_id), dict[str, int]()
    for name, text, _ in lists(directory):
        if FIRST not in text:
            continue
        whole = text.replace("nodes %s", PAGE)
        forwards = await _walk(api, whole, is_backwards=False)
        assert len(set(forwards)) == len(forwards), name
        assert await _walk(api, whole, is_backwards=True) == forwards, name
        lengths[name] = len(forwards)
    assert {name: length for name, length in lengths.items() if length < 5 and name not in EMPTY} == {}
    assert {"members", "groups", "ledger", "purchases", "audit", "requests", "snapshot"} <= set(lengths)
