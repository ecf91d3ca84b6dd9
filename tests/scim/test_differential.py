"""Random conversations with Rollcall and with scim2-server end alike, but for the deviations that are listed here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from scim2_models import ScimProvider

from tests.conftest import NewDirectory

from .conversation import ENTERPRISE, MESSAGES, USER, Json, Scim
from .peer import Peer, described

TEXT = st.sampled_from(["a", "B", "b", "ab", "Ä", "x y", 'q"', "100%", "\\"])
KINDS = ["work", "home", "other"]


@st.composite
def _emails(draw: st.DrawFn) -> list[Json]:
    addresses = st.builds("{}@example.{}".format, st.sampled_from("abC"), st.sampled_from(["com", "org"]))
    found: list[Json] = draw(
        st.lists(
            st.fixed_dictionaries({"value": addresses, "type": st.sampled_from(KINDS)}),
            min_size=1,
            max_size=3,
            unique_by=lambda each: (each["value"].lower(), each["type"]),
        )
    )
    if draw(st.booleans()):
        found[0]["primary"] = True
    return found


STAFF = st.fixed_dictionaries(
    {}, optional={"department": TEXT, "employeeNumber": TEXT, "manager": st.fixed_dictionaries({"value": TEXT})}
).filter(bool)
ATTRIBUTES: dict[str, st.SearchStrategy[Any]] = {
    "title": TEXT,
    "nickName": TEXT,
    "externalId": TEXT,
    "displayName": TEXT,
    "emails": _emails(),
    "name": st.fixed_dictionaries({}, optional={"givenName": TEXT, "familyName": TEXT}).filter(bool),
    ENTERPRISE: STAFF,
}
WRONG: dict[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from([1, ["a"], {"value": "a"}]),
    "active": st.sampled_from(["yes", {}, [1]]),
    "emails": st.sampled_from(["a@example.com", [1]]),
    "name": st.sampled_from(["Ann", 1]),
}
USERS = st.fixed_dictionaries(
    {"schemas": st.just([USER]), "userName": st.sampled_from(["ann", "ANN", "bob", "Ärni", "ärni", "eve"]), "active": st.booleans()},
    optional=ATTRIBUTES,
)
BROKEN_USERS = st.one_of(
    USERS.map(lambda body: {name: value for name, value in body.items() if name != "userName"}),
    st.sampled_from(sorted(WRONG)).flatmap(lambda n: st.builds(lambda body, value: body | {n: value}, USERS, WRONG[n])),
)
PLACES = st.integers(0, 3)

PATHS = st.one_of(
    st.tuples(st.sampled_from([name for name in ATTRIBUTES if name not in ("emails", "name")]), st.none()).map(
        lambda p: p[0]
    ),
    st.sampled_from(["name.givenName", "name.familyName", "emails", "name", f"{ENTERPRISE}:department"]),
    st.builds('emails[type eq "{}"].value'.format, st.sampled_from(KINDS)),
)


@st.composite
def _operations(draw: st.DrawFn) -> Json:
    op, path = draw(st.sampled_from(["add", "replace", "remove"])), draw(PATHS)
    if op == "remove":
        return {"op": op, "path": path}
    value = draw(ATTRIBUTES.get(path, TEXT))
    if path.startswith("emails["):
        value = draw(st.sampled_from(["a@example.com", "new@example.com"]))
    return {"op": op, "path": path, "value": value}


TERMS = st.one_of(
    st.builds(
        '{} {} "{}"'.format,
        st.sampled_from(["userName", "title", "nickName", "displayName", "externalId", "name.givenName", "emails.value", "emails.type",
                         f"{ENTERPRISE}:department", f"{ENTERPRISE}:manager.value"]),
        st.sampled_from(["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]),
        st.sampled_from(["a", "A", "b", "ab", "ann", "x", "work", "Ä", "100%"]),
    ),
    st.builds("{} pr".format, st.sampled_from(["title", "emails", "name", "name.givenName", "externalId", f"{ENTERPRISE}:manager"])),
    st.builds('emails[type eq "{}" and value co "{}"]'.format, st.sampled_from(KINDS), st.sampled_from(["a@", "org", "C"])),
    st.builds("active eq {}".format, st.sampled_from(["true", "false"])),
)  # fmt: skip
FILTERS = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=4,
)
LISTS = st.fixed_dictionaries(
    {},
    optional={
        "filter": FILTERS,
        "sortBy": st.sampled_from(["userName", "title", "name.familyName", "emails", "externalId"]),
        "sortOrder": st.sampled_from(["ascending", "descending"]),
        "startIndex": st.integers(-1, 5),
        "count": st.integers(-1, 4),
    },
)
SHOWN = st.sampled_from(
    ["userName", "title,name", "emails.value", "meta.resourceType", f"{ENTERPRISE}:department", "id,nickName"]
)

Step: TypeAlias = tuple[Any, ...]
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("create"), USERS),
    st.tuples(st.just("create"), USERS),
    st.tuples(st.just("create"), BROKEN_USERS),
    st.tuples(st.just("replace"), PLACES, USERS),
    st.tuples(st.just("patch"), PLACES, st.lists(_operations(), min_size=1, max_size=3)),
    st.tuples(st.just("delete"), PLACES),
    st.tuples(st.just("read"), PLACES, st.sampled_from(["attributes", "excludedAttributes"]), SHOWN),
    st.tuples(st.just("list"), LISTS),
    st.tuples(st.just("list"), LISTS),
)


@dataclass
class Pair:
    """Both servers, and the ids that they gave to the same users."""

    scim: Scim
    peer: Peer
    ids: list[tuple[str, str]] = field(default_factory=list)

    async def ask(self, method: str, path: str, body: object = None) -> tuple[tuple[int, Json], tuple[int, Json]]:
        """Status and document of both, with ids replaced by the number of the user; `{n}` in a path is such a number."""
        answers = []
        for side in (0, 1):
            ids = [pair[side] for pair in self.ids]
            filled = path.format(*ids) if "{" in path else path
            if side == 0:
                answer = await self.scim.send(method, filled, body)
                status, found = answer.status_code, answer.json() if answer.content else {}
            else:
                status, found = self.peer.send(method, filled, body)
            answers.append((status, _comparable(found, {id: f"#{number}" for number, id in enumerate(ids)})))
        return answers[0], answers[1]


def _comparable(value: Any, ids: dict[str, str]) -> Any:
    """A document without what servers choose: ids, times, versions, the order of keys and the words of errors."""
    if isinstance(value, list):
        return [_comparable(each, ids) for each in value]
    if not isinstance(value, dict):
        return ids.get(value, value) if isinstance(value, str) else value
    if value.get("schemas") == [f"{MESSAGES}Error"]:
        return {}
    kept = {name: _comparable(each, ids) for name, each in value.items() if name not in ("meta", "$ref")}
    if "schemas" in kept:
        kept["schemas"] = sorted(kept["schemas"])
    return kept


async def _play(pair: Pair, step: Step) -> tuple[tuple[int, Json], tuple[int, Json]] | None:
    """What both answer to a step; None for one about a user who was never made."""
    match step:
        case ("create", body):
            mine, other = await pair.ask("POST", "/Users", body)
            if mine[0] == other[0] == 201:
                pair.ids.append((mine[1].pop("id"), other[1].pop("id")))
            return mine, other
        case ("list", query):
            return await pair.ask("GET", "/Users?" + urlencode(query))
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


@pytest.fixture
async def provider(scim: Scim) -> ScimProvider:
    """The service that Rollcall describes."""
    return await described(scim)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
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
        assert mine[0] // 100 == other[0] // 100
        if mine[0] < 300:
            assert mine[1] == other[1]
