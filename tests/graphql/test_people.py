"""Filters, orders and acts of members over GraphQL."""

from __future__ import annotations

import pytest

from api.provisioning.actor import Right
from tests.conftest import NewDirectory
from tests.scim.conversation import ENTERPRISE, USER, Scim, document
from tests.scim.governing import member_of, person, team

from .conftest import Api, NewApi

LIST = """query ($filter: MemberFilter, $text: String, $orderBy: MemberOrder, $after: String) { organization {
  members(filter: $filter, query: $text, orderBy: $orderBy, first: 2, after: $after) {
    totalCount nodes { email } pageInfo { endCursor hasNextPage } }
  memberCounts { byStatus { status count } byRole { count } } } }"""


LADDER = "{ organization { roles { id key } } }"
TEAMS = (("account-manager", "Sales"), ("admin", "Board"))


@pytest.fixture
async def ann(scim: Scim, api: Api) -> str:
    """The global id of somebody whom a directory brought."""
    document(await scim.post("/Users", person("ann")))
    return api.id("Member", (await member_of(scim, "ann@example.com"))["id"])


def _acting(name: str, declared: str, given: str) -> str:
    return f"""mutation ($ref: MemberRef!{declared}) {{ {name}(ref: $ref{given}) {{
      member {{ displayName status version override {{ reason }} fields {{ name value isLocked }} }}
      userErrors {{ code }} auditEntry {{ action reason }} }} }}"""


ACTS = {
    "memberUpdate": _acting(
        "memberUpdate",
        ", $n: String, $v: Int",
        ', input: {displayName: $n, lockedFields: ["display_name"]}, expectedVersion: $v',
    ),
    "memberSeatSet": _acting("memberSeatSet", "", ", seatType: LITE"),
    "memberRoleOverrideSet": _acting("memberRoleOverrideSet", ", $r: ID!", ', roleId: $r, reason: "on call"'),
    "memberRevokeNow": _acting("memberRevokeNow", "", ', reason: "stolen laptop"'),
    "memberRemove": _acting("memberRemove", "", ', confirmEmail: "nobody@example.com"'),
    "memberErase": _acting("memberErase", "", ', reason: "asked"'),
}


async def _given(api: Api, name: str) -> dict[str, object]:
    if name != "memberRoleOverrideSet":
        return {}
    found = (await api.ask("{ organization { roles { id isAdmin } } }"))["organization"]["roles"]
    return {"r": next(each["id"] for each in found if not each["isAdmin"])}


async def test_members_are_filtered_sorted_and_counted(scim: Scim, api: Api) -> None:
    for name in ("cy", "a_b", "axb"):
        document(await scim.post("/Users", person(name, displayName=name.upper())))

    async def emails(**asked: object) -> list[str]:
        found = (await api.ask(LIST, **asked))["organization"]["members"]
        assert found["totalCount"] >= len(found["nodes"])
        return [node["email"].partition("@")[0] for node in found["nodes"]]

    assert await emails(text="A_b") == ["a_b"]
    assert await emails(text="%") == []
    for order in ("NAME", "EMAIL", "STATUS_SINCE", "UPDATED_AT", "CREATED_AT"):
        by = {"field": order}
        page = (await api.ask(LIST, orderBy=by))["organization"]["members"]
        rest = (await api.ask(LIST, orderBy=by, after=page["pageInfo"]["endCursor"]))["organization"]["members"]
        assert len({node["email"] for node in page["nodes"] + rest["nodes"]}) == 3
    assert await emails(orderBy={"field": "EMAIL", "isDescending": True}) == ["cy", "axb"]
    assert await emails(filter={"hasOverride": True}) == []
    assert await emails(filter={"directoryId": api.id("Directory", scim.access.directory_id)}, text="cy") == ["cy"]
    group = await team(scim, None)
    assert await emails(filter={"groupId": api.id("Group", group["id"])}) == []
    counts = (await api.ask(LIST))["organization"]["memberCounts"]
    assert {each["status"]: each["count"] for each in counts["byStatus"]}["ACTIVE"] == 3


async def test_a_filter_by_another_organizations_things_finds_nothing_of_them(
    api: Api, new_directory: NewDirectory
) -> None:
    other = await new_directory()
    filter = {"directoryId": api.id("Directory", other.directory_id, other.organization_id)}
    assert (await api.refused(LIST, filter=filter))["extensions"]["code"] == "NOT_FOUND"


async def test_an_edit_is_locked_told_and_refused_when_stale(api: Api, ann: str) -> None:
    answer = (await api.ask(ACTS["memberUpdate"], ref={"id": ann}, n="Annie"))["memberUpdate"]
    assert answer["userErrors"] == []
    assert answer["auditEntry"]["action"] == "edited"
    assert {"name": "display_name", "value": "Annie", "isLocked": True} in answer["member"]["fields"]
    again = (await api.ask(ACTS["memberUpdate"], ref={"id": ann}, n="Anna", v=1))["memberUpdate"]
    assert again["userErrors"] == [{"code": "STALE_VERSION"}]


async def test_acts_are_carried_out(api: Api, ann: str) -> None:
    name = "memberRoleOverrideSet"
    answer = (await api.ask(ACTS[name], ref={"id": ann}, **await _given(api, name)))[name]
    assert answer["member"]["override"] == {"reason": "on call"}
    cleared = await api.ask(_acting("memberRoleOverrideClear", "", ""), ref={"id": ann})
    assert cleared["memberRoleOverrideClear"]["userErrors"] == []
    assert cleared["memberRoleOverrideClear"]["member"]["override"] is None
    assert (await api.ask(ACTS["memberSeatSet"], ref={"id": ann}))["memberSeatSet"]["userErrors"] == []
    assert (await api.ask(ACTS["memberRemove"], ref={"id": ann}))["memberRemove"]["userErrors"] == [{"code": "INVALID"}]
    answer = (await api.ask(ACTS["memberRevokeNow"], ref={"id": ann}))["memberRevokeNow"]
    assert answer["member"]["status"] == "DEACTIVATED"


@pytest.mark.parametrize("name", ACTS)
async def test_without_the_right_or_in_another_organization_nothing_happens(
    scim: Scim, api: Api, new_api: NewApi, new_directory: NewDirectory, ann: str, name: str
) -> None:
    given = await _given(api, name)
    reader = await new_api(scim.access.organization_id, [Right.ORGANIZATION_READ])
    assert (await reader.ask(ACTS[name], ref={"id": ann}, **given))[name]["userErrors"] == [{"code": "FORBIDDEN"}]
    stranger = await new_api((await new_directory()).organization_id)
    refused = (await stranger.ask(ACTS[name], ref={"id": ann}, **given))[name]["userErrors"]
    assert refused == [{"code": "NOT_FOUND"}]
    assert (await member_of(scim, "ann@example.com"))["version"] == 1


async def test_the_role_of_somebody_who_is_not_there_yet(scim: Scim, api: Api) -> None:
    group = await team(scim, "admin")
    ask = "query ($o: ID!, $g: [ID!]!) { explainRole(organizationId: $o, groupIds: $g) { result { key } text } }"
    organization = api.id("Organization", scim.access.organization_id)
    found = (await api.ask(ask, o=organization, g=[api.id("Group", group["id"])]))["explainRole"]
    assert found["result"] == {"key": "admin"}
    refused = await api.refused(ask, o=organization, g=[api.id("Group", scim.access.directory_id)])
    assert refused["extensions"]["code"] == "NOT_FOUND"


async def test_the_role_of_somebody_were_groups_mapped_otherwise(scim: Scim, api: Api) -> None:
    """What a member would have who leaves or joins a group, before and after a mapping that nobody has made yet."""
    ask = """query ($o: ID!, $g: [ID!]!, $m: [MappingInput!]) {
      explainRole(organizationId: $o, groupIds: $g, mappings: $m) { result { key } } }"""
    organization = api.id("Organization", scim.access.organization_id)
    sales, board = [api.id("Group", (await team(scim, role, name=name))["id"]) for role, name in TEAMS]
    roles = {each["key"]: each["id"] for each in (await api.ask(LADDER))["organization"]["roles"]}

    async def role(groups: list[str], **mapped: str | None) -> str | None:
        named = {"sales": sales, "board": board}
        mappings = [{"groupId": named[name], "roleId": key and roles[key]} for name, key in mapped.items()]
        found = (await api.ask(ask, o=organization, g=groups, m=mappings))["explainRole"]["result"]
        return found["key"] if found else None

    assert await role([sales]) == "account-manager"
    assert await role([sales, board]) == "admin"
    assert await role([sales], sales="admin") == "admin"
    assert await role([sales], board="viewer") == "account-manager"
    assert await role([sales, board], board=None) == "account-manager"
    assert await role([sales], sales=None) == await role([])
    for id in (organization, api.id("Role", scim.access.directory_id)):
        mappings = [{"groupId": sales, "roleId": id}]
        refused = await api.refused(ask, o=organization, g=[], m=mappings)
        assert refused["extensions"]["code"] == "NOT_FOUND"
    found = (await api.ask("{ organization { groups(first: 5) { nodes { role { key } } } } }"))["organization"][
        "groups"
    ]
    assert {each["role"]["key"] for each in found["nodes"]} == {"account-manager", "admin"}


async def test_the_profile_has_the_names_of_openid_connect(scim: Scim, api: Api) -> None:
    """R087: as the directory said it, from the work address to what no name stands for."""
    document(
        await scim.post(
            "/Users",
            {
                **person("ann"),
                "schemas": [USER, ENTERPRISE],
                "displayName": "Ann Lee",
                "name": {"givenName": "Ann", "familyName": "Lee", "formatted": "Dr. Ann Lee"},
                "locale": "en-GB",
                "photos": [{"value": f"https://example.com/{n}.png", "primary": n == 2} for n in (1, 2)],
                "phoneNumbers": [{"value": "+1 (555) 555-555", "type": "mobile"}],
                ENTERPRISE: {"department": "Tour Operations"},
            },
        )
    )
    text = """{ organization { members(first: 1) { nodes { profile {
      email preferredUsername name givenName familyName picture phoneNumber locale customAttributes } } } } }"""
    [found] = (await api.ask(text))["organization"]["members"]["nodes"]
    assert found["profile"] == {
        "email": "ann@example.com",
        "preferredUsername": "ann",
        "name": "Ann Lee",
        "givenName": "Ann",
        "familyName": "Lee",
        "picture": "https://example.com/2.png",
        "phoneNumber": "+1 (555) 555-555",
        "locale": "en-GB",
        "customAttributes": {ENTERPRISE: {"department": "Tour Operations"}},
    }
