"""Random conversations with Rollcall and with scim2-server end alike, but for the deviations that are listed here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from scim2_models import ScimProvider

from tests.conftest import NewDirectory

from .conversation import MESSAGES, USER, Json, Scim
from .conversation_strategies import STEPS, WITHOUT_SHRINKING, Step
from .peer import Peer, described


@dataclass
class Pair:
    """Both servers, and the ids that they gave to the same users."""

    scim: Scim
    peer: Peer
    ids: list[tuple[str, str]] = field(default_factory=list)
    complaint: str = ""
    """What Rollcall said of its last error."""

    async def ask(self, method: str, path: str, body: object = None) -> tuple[tuple[int, Json], tuple[int, Json]]:
        """Status and document of both, with ids replaced by the number of the user; `{n}` in a path is such a number."""
        answers = []
        for side in (0, 1):
            ids = [pair[side] for pair in self.ids]
            filled = path.format(*ids) if "{" in path else path
            if side == 0:
                answer = await self.scim.send(method, filled, body)
                status, found = answer.status_code, answer.json() if answer.content else {}
                self.complaint = found.get("detail", "")
            else:
                status, found = self.peer.send(method, filled, body)
            answers.append((status, _comparable(found, {id: f"#{number}" for number, id in enumerate(ids)})))
        return answers[0], answers[1]


def _comparable(value: Any, ids: dict[str, str]) -> Any:
    """A document without what servers choose: ids, times, versions, the order of keys and the words of errors."""
    if isinstance(value, list):
        return _once([_comparable(each, ids) for each in value])
    if not isinstance(value, dict):
        return ids.get(value, value) if isinstance(value, str) else value
    if value.get("schemas") == [f"{MESSAGES}Error"]:
        return {}
    kept = {name: _comparable(each, ids) for name, each in value.items() if name not in ("meta", "$ref")}
    if "schemas" in kept:
        kept["schemas"] = sorted(kept["schemas"])
    return kept


def _once(values: list[Any]) -> list[Any]:
    """Values without repetitions, which Rollcall does not show ("SHOULD NOT", RFC 7643 §2.4) and the peer does."""
    found: dict[object, Any] = {}
    for number, value in enumerate(values):
        is_value = isinstance(value, dict) and "value" in value
        key = (value.get("type"), value["value"]) if is_value else number
        found[key] = found[key] | value if key in found else value
    return list(found.values())


async def _play(pair: Pair, step: Step) -> tuple[tuple[int, Json], tuple[int, Json]] | None:
    """What both answer to a step; None for one about a user who was never made."""
    match step:
        case ("create", body):
            mine, other = await pair.ask("POST", "/Users", body)
            if mine[0] == other[0] == 201:
                pair.ids.append((mine[1].pop("id"), other[1].pop("id")))
            return mine, other
        case ("page", query):
            return await pair.ask("GET", "/Users?" + urlencode(query))
        case ("list", query):
            mine, other = await pair.ask("GET", "/Users?" + urlencode(query))
            return _by_values(mine, query.get("sortBy")), _by_values(other, query.get("sortBy"))
        case (_, number, *_) if number >= len(pair.ids):
            return None
        case ("replace", number, body):
            return await pair.ask("PUT", f"/Users/{{{number}}}", body)
        case ("patch", number, operations):
            message = {"schemas": [f"{MESSAGES}PatchOp"], "Operations": operations}
            mine, other = await pair.ask("PATCH", f"/Users/{{{number}}}", message)
            return (mine, other) if max(mine[0], other[0]) > 299 else await pair.ask("GET", f"/Users/{{{number}}}")
        case ("delete", number):
            return await pair.ask("DELETE", f"/Users/{{{number}}}")
        case ("read", number, parameter, names):
            mine, other = await pair.ask("GET", f"/Users/{{{number}}}?{urlencode({parameter: names})}")
            for _, shown in (mine, other):
                shown.pop("schemas", None)
            return mine, other
    raise AssertionError(step)


def _by_values(answer: tuple[int, Json], sort_by: str | None) -> tuple[int, Json]:
    """A list with what it was sorted by, and its resources in an order that does not depend on the ids behind it."""
    status, found = answer
    shown = found.pop("Resources", [])
    found["order"] = [str(each.get(sort_by, "")).lower() for each in shown] if sort_by else None
    found["Resources"] = sorted(shown, key=lambda each: str(each["userName"]))
    return status, found


@pytest.fixture
async def provider(scim: Scim) -> ScimProvider:
    """The service that Rollcall describes."""
    return await described(scim)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), phases=WITHOUT_SHRINKING)
@given(st.lists(STEPS, min_size=3, max_size=12))
async def test_random_conversations_end_alike(
    scim: Scim, provider: ScimProvider, new_directory: NewDirectory, steps: list[Step]
) -> None:
    directory = Scim(scim.http, await new_directory(profile="STRICT"))
    pair = Pair(directory, Peer(provider))
    for step in steps:
        answers = await _play(pair, step)
        if answers is None:
            continue
        mine, other = answers
        note(f"{step}\n  mine  {mine}\n  other {other}")
        if mine[0] == 409 and other[0] < 300 and SOMEBODY_ELSES in pair.complaint:
            return
        assert mine[0] // 100 == other[0] // 100
        if mine[0] < 300:
            assert mine[1] == other[1]


SOMEBODY_ELSES = "Another member of this organization has the e-mail address"
ANN: Json = {"schemas": [USER], "userName": "ann"}
DEVIATIONS: dict[str, list[Step]] = {
    # RFC 7643 §4.1.1 leaves open what a missing `active` means; clients that read it back need an answer.
    "a user who is made without active is active": [("create", ANN)],
    # A PUT that does not say `active` must not let anybody in who was locked out.
    "a replacement without active keeps it": [("create", ANN | {"active": False}), ("replace", 0, ANN)],
    # Rollcall's own rule, that an address is one member: two who are known cannot become the same.
    "nobody takes the address of another member": [
        ("create", ANN | {"active": True}),
        ("create", ANN | {"userName": "bob", "active": True, "emails": [{"value": "bob@example.com"}]}),
        ("replace", 0, ANN | {"active": True, "emails": [{"value": "bob@example.com"}]}),
    ],
    # RFC 7643 §2.3.2: a boolean is true or false; the peer's library takes 1 and "yes", too.
    "a strict directory wants booleans for booleans": [("create", ANN | {"active": "yes"})],
    # RFC 7644 §3.12, table 9: noTarget "occurs when the path value contains a filter that yields no match".
    "a removal whose filter matches nothing has no target": [
        ("create", ANN | {"active": True}),
        ("patch", 0, [{"op": "remove", "path": 'emails[type eq "home"].value'}]),
    ],
    # RFC 7644 §3.4.2 leaves the order open; the peer goes by its random ids.
    "a list without an order is in the order in which its users were made": [
        *(("create", ANN | {"userName": name, "active": True}) for name in "abcdefgh"),
        ("page", {"count": 8}),
    ],
}


@pytest.mark.parametrize("name", DEVIATIONS)
async def test_each_listed_deviation_is_still_one(scim: Scim, strict: Scim, provider: ScimProvider, name: str) -> None:
    pair, answers = Pair(strict, Peer(provider)), None
    for step in DEVIATIONS[name]:
        answers = await _play(pair, step)
    assert answers is not None
    assert answers[0] != answers[1]
