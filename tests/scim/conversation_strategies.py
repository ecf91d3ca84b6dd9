"""Random steps of a conversation about users, of which two servers should think alike."""

from __future__ import annotations

from typing import Any, TypeAlias

from hypothesis import Phase
from hypothesis import strategies as st

from .conversation import ENTERPRISE, USER, Json

WITHOUT_SHRINKING = [phase for phase in Phase if phase not in (Phase.shrink, Phase.explain)]
"""Conversations are short, and each try at a shorter one asks servers again: it took minutes and found little."""

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
    "active": st.sampled_from([{"value": True}, [1]]),
    "emails": st.sampled_from(["a@example.com", [1]]),
    "name": st.sampled_from(["Ann", 1]),
}
USERS = st.fixed_dictionaries(
    {
        "schemas": st.just([USER]),
        "userName": st.sampled_from(["ann", "ANN", "bob", "Ärni", "ärni", "eve"]),
        "active": st.booleans(),
    },
    optional=ATTRIBUTES,
)
BROKEN_USERS = st.one_of(
    USERS.map(lambda body: {name: value for name, value in body.items() if name != "userName"}),
    st.sampled_from(sorted(WRONG)).flatmap(lambda n: st.builds(lambda body, value: body | {n: value}, USERS, WRONG[n])),
)
PLACES = st.integers(0, 3)

PATHS = st.one_of(
    st.sampled_from([name for name in ATTRIBUTES if name not in ("emails", "name")]),
    st.sampled_from(["name.givenName", "name.familyName", "emails", "name", f"{ENTERPRISE}:department"]),
    st.builds('emails[type eq "{}"].value'.format, st.sampled_from(KINDS)),
)


@st.composite
def _operations(draw: st.DrawFn) -> Json:
    path = draw(PATHS)
    op = draw(st.sampled_from(["add", "replace"] if "[" in path else ["add", "replace", "remove"]))
    if op == "remove":
        return {"op": op, "path": path}
    value = draw(ATTRIBUTES.get(path, TEXT))
    if path.startswith("emails["):
        value = draw(st.sampled_from(["a@example.com", "new@example.com"]))
    return {"op": op, "path": path, "value": value}


TEXTS = ["userName", "title", "nickName", "displayName", "externalId", "name.givenName", "emails.value", "emails.type"]
TERMS = st.one_of(
    st.builds(
        '{} {} "{}"'.format,
        st.sampled_from([*TEXTS, f"{ENTERPRISE}:department", f"{ENTERPRISE}:manager.value"]),
        st.sampled_from(["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]),
        st.sampled_from(["a", "A", "b", "ab", "ann", "x", "work", "Ä", "100%"]),
    ),
    st.builds("{} pr".format, st.sampled_from(["title", "emails", "name", "externalId", f"{ENTERPRISE}:manager"])),
    st.builds(
        'emails[type eq "{}" and value co "{}"]'.format, st.sampled_from(KINDS), st.sampled_from(["a@", "org", "C"])
    ),
    st.builds("active eq {}".format, st.sampled_from(["true", "false"])),
)
FILTERS = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=4,
)
ORDERS = st.sampled_from(["ascending", "descending"])
PAGES = st.fixed_dictionaries(
    {"sortBy": st.just("userName")},
    optional={"sortOrder": ORDERS, "startIndex": st.integers(-1, 5), "count": st.integers(-1, 4), "filter": FILTERS},
)
SORTED = st.sampled_from(["title", "nickName", "externalId", "displayName"])
WHOLE = st.fixed_dictionaries({}, optional={"filter": FILTERS, "sortBy": SORTED, "sortOrder": ORDERS})
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
    st.tuples(st.just("page"), PAGES),
    st.tuples(st.just("list"), WHOLE),
    st.tuples(st.just("list"), WHOLE),
)
