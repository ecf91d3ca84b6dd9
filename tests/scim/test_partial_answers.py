"""`attributes`, `excludedAttributes` and `sortBy` (RFC 7644 §3.4.2.3, §3.4.2.5, §3.9)."""

from __future__ import annotations

import pytest

from .conversation import ENTERPRISE, USER, Json, Scim, assert_error, document, search, user

pytestmark = pytest.mark.usefixtures("neighbours")
ALWAYS = {"schemas", "id"}


@pytest.fixture
async def ann(scim: Scim) -> Json:
    """A user with something of every kind, in a group."""
    made = await scim.make_user(
        "ann",
        title="Major",
        name={"givenName": "Ann", "familyName": "Arbor"},
        emails=[{"value": "a@example.com", "type": "work"}, {"value": "b@example.org", "type": "home"}],
        **{ENTERPRISE: {"department": "D", "manager": {"value": "m"}}},
    )
    await scim.make_group("Team", [made["id"]])
    return await scim.read(f"/Users/{made['id']}")


@pytest.mark.parametrize(
    ("attributes", "wanted"),
    [
        ("userName", {"userName"}),
        ("USERNAME,title", {"userName", "title"}),
        (" title , userName ,", {"userName", "title"}),
        (f"{USER}:title", {"title"}),
        ("name", {"name"}),
        ("meta", {"meta"}),
        ("groups", {"groups"}),
        (ENTERPRISE, {ENTERPRISE}),
        ("nonsense", set()),
        ("password", set()),
        ("title,nonsense", {"title"}),
    ],
)
async def test_only_what_is_asked_for_is_shown(scim: Scim, ann: Json, attributes: str, wanted: set[str]) -> None:
    shown = await scim.read(f"/Users/{ann['id']}", attributes=attributes)
    assert set(shown) == ALWAYS | wanted
    assert all(shown[name] == ann[name] for name in shown if name != "meta")
    [listed] = (await scim.read("/Users", attributes=attributes))["Resources"]
    assert listed == shown


async def test_sub_attributes_can_be_asked_for(scim: Scim, ann: Json) -> None:
    asked = f"name.givenName,emails.value,{ENTERPRISE}:manager.value,meta.version"
    shown = await scim.read(f"/Users/{ann['id']}", attributes=asked)
    assert shown == {
        "schemas": ann["schemas"],
        "id": ann["id"],
        "name": {"givenName": "Ann"},
        "emails": [{"value": "a@example.com"}, {"value": "b@example.org"}],
        ENTERPRISE: {"manager": {"value": "m"}},
        "meta": {"version": 'W/"1"'},
    }


@pytest.mark.parametrize(
    "excluded", ["title", "emails,name", "groups", "meta", ENTERPRISE, "id,schemas", "TITLE", "nonsense"]
)
async def test_what_is_excluded_is_not_shown(scim: Scim, ann: Json, excluded: str) -> None:
    gone = {name.lower() for name in excluded.split(",")} - ALWAYS
    wanted = {name: value for name, value in ann.items() if name.lower() not in gone}
    if excluded == "groups":
        wanted["meta"] = ann["meta"] | {"version": 'W/"1"'}  # the groups that are shown are part of the entity tag
    assert await scim.read(f"/Users/{ann['id']}", excludedAttributes=excluded) == wanted
    [listed] = (await scim.read("/Users", excludedAttributes=excluded))["Resources"]
    assert listed == wanted


async def test_sub_attributes_can_be_excluded(scim: Scim, ann: Json) -> None:
    shown = await scim.read(f"/Users/{ann['id']}", excludedAttributes=f"emails.type,{ENTERPRISE}:manager")
    assert shown["emails"] == [{"value": "a@example.com"}, {"value": "b@example.org"}]
    assert shown[ENTERPRISE] == {"department": "D"}


async def test_asking_for_and_excluding_at_once_is_refused(scim: Scim, ann: Json) -> None:
    for path in (f"/Users/{ann['id']}", "/Users", "/Groups"):
        assert_error(await scim.get(path, attributes="id", excludedAttributes="meta"), 400, "invalidValue")


async def test_writes_answer_with_what_is_asked_for(scim: Scim) -> None:
    answer = await scim.post("/Users", user("bob", title="T"), attributes="userName")
    assert set(document(answer)) == ALWAYS | {"userName"}
    path = f"/Users/{document(answer)['id']}"
    answer = await scim.put(path, user("bob", title="U"), excludedAttributes="meta,active")
    assert set(document(answer)) == ALWAYS | {"userName", "title"}
    answer = await scim.patch(path, {"op": "remove", "path": "title"}, attributes="title")
    assert (answer.status_code, set(document(answer))) == (200, ALWAYS)


async def test_a_refused_projection_writes_nothing(scim: Scim) -> None:
    answer = await scim.post("/Users", user("bob"), attributes="id", excludedAttributes="meta")
    assert_error(answer, 400, "invalidValue")
    assert (await scim.read("/Users"))["totalResults"] == 0


async def test_a_search_by_body_projects_the_same(scim: Scim, ann: Json) -> None:
    page = document(await scim.post("/Users/.search", search(attributes=["title", "name.familyName"])))
    assert page["Resources"] == [
        {"schemas": ann["schemas"], "id": ann["id"], "title": "Major", "name": {"familyName": "Arbor"}}
    ]
    page = document(await scim.post("/Users/.search", search(excludedAttributes=["emails", "groups"])))
    assert set(page["Resources"][0]) == set(ann) - {"emails", "groups"}


PEOPLE: list[Json] = [
    {
        "userName": "d",
        "nickName": "b",
        "emails": [{"value": "z@example.com"}, {"value": "a@example.com", "primary": True}],
    },
    {"userName": "B", "nickName": "Ä", "emails": [{"value": "m@example.com"}, {"value": "b@example.com"}]},
    {"userName": "a", "nickName": "A", "active": False, ENTERPRISE: {"manager": {"value": "9"}, "costCenter": "2"}},
    {"userName": "C", "name": {"familyName": "Last"}, ENTERPRISE: {"costCenter": "10"}},
]


@pytest.mark.parametrize(
    ("by", "ascending"),
    [
        ("userName", "aBCd"),
        ("USERNAME", "aBCd"),
        (f"{USER}:userName", "aBCd"),
        ("nickName", "adBC"),
        ("emails", "dBaC"),
        ("emails.value", "dBaC"),
        ("name.familyName", "CdBa"),
        (f"{ENTERPRISE}:costCenter", "CadB"),
        (f"{ENTERPRISE}:manager", "adBC"),
        ("active", "adBC"),
        ("meta.created", "dBaC"),
        ("id", "dBaC"),
    ],
)
async def test_orders_put_what_has_no_value_last_and_descending_turns_them_round(
    scim: Scim, by: str, ascending: str
) -> None:
    for person in PEOPLE:
        await scim.make_user(person["userName"], **{k: v for k, v in person.items() if k != "userName"})
    page = await scim.read("/Users", sortBy=by)
    assert "".join(each["userName"] for each in page["Resources"]) == ascending
    turned = await scim.read("/Users", sortBy=by, sortOrder="descending")
    ties = _with_ties_by_id(page["Resources"], turned["Resources"])
    assert ties


def _with_ties_by_id(ascending: list[Json], descending: list[Json]) -> bool:
    """Whether one list is the other turned round, but for equal values, which the ids order both times."""
    there, back = [each["id"] for each in ascending], [each["id"] for each in descending]
    return sorted(there) == sorted(back) and (back[-1] != there[-1] or back[0] != there[0])


async def test_groups_can_be_sorted_too(scim: Scim) -> None:
    for name in ("b", "A", "c"):
        await scim.make_group(name)
    page = await scim.read("/Groups", sortBy="displayName", sortOrder="DESCENDING", attributes="displayName")
    assert [each["displayName"] for each in page["Resources"]] == ["c", "b", "A"]


@pytest.mark.parametrize(
    "by",
    ["nonsense", "members", "groups", "schemas", "meta", "password", 'emails[type eq "work"]', "a b", "'", ENTERPRISE],
)
async def test_what_has_no_order_is_refused(scim: Scim, by: str) -> None:
    answer = await scim.get("/Users", sortBy=by)
    assert_error(answer, 400, document(answer)["scimType"])
    assert document(answer)["scimType"] in ("invalidPath", "invalidValue")


async def test_other_directions_are_refused(scim: Scim) -> None:
    assert_error(await scim.get("/Users", sortBy="userName", sortOrder="sideways"), 400, "invalidValue")
