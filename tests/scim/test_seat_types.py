"""The seat-type extension in every notation that clients use (R091, R126–R129)."""

from __future__ import annotations

import pytest

from db.queries import members

from .conversation import SEAT_TYPE, USER, Json, Scim, assert_error, document, user

SUFFIXED = f"{SEAT_TYPE}:User"
URNS = pytest.mark.parametrize("urn", [SEAT_TYPE, SUFFIXED])


async def _seat(scim: Scim) -> object:
    [member] = await members.page(scim.access.organization_id, after=None, limit=2)
    return member["seat_type"]


def _shown_seat(resource: Json) -> object:
    """The seat type under whichever of its two names the resource shows it, which must be listed in `schemas`."""
    urn = next((urn for urn in (SEAT_TYPE, SUFFIXED) if urn in resource), None)
    if urn is None:
        assert resource["schemas"] == [USER]
        return None
    assert resource["schemas"] == [USER, urn]
    return resource[urn]["seat_type"]


@URNS
@pytest.mark.parametrize("seat_type", ["full", "lite", "free"])
async def test_a_nested_object_chooses_the_seat(scim: Scim, urn: str, seat_type: str) -> None:
    made = await scim.make_user("ann", **{urn: {"seat_type": seat_type}})
    assert (_shown_seat(made), await _seat(scim)) == (seat_type, seat_type)


@URNS
@pytest.mark.parametrize("op", ["add", "replace", "Replace"])
async def test_a_path_with_the_urn_chooses_the_seat(scim: Scim, urn: str, op: str) -> None:
    made = await scim.make_user("ann")
    answer = await scim.patch(f"/Users/{made['id']}", {"op": op, "path": f"{urn}:seat_type", "value": "free"})
    assert answer.status_code == 200
    assert (_shown_seat(document(answer)), await _seat(scim)) == ("free", "free")


@URNS
@pytest.mark.parametrize("shape", ["object at the path", "object in the value", "flat key in the value"])
async def test_patches_of_every_shape_choose_the_seat(scim: Scim, urn: str, shape: str) -> None:
    made = await scim.make_user("ann")
    operation: Json = {
        "object at the path": {"op": "replace", "path": urn, "value": {"seat_type": "lite"}},
        "object in the value": {"op": "replace", "value": {urn: {"seat_type": "lite"}}},
        "flat key in the value": {"op": "replace", "value": {f"{urn}:seat_type": "lite"}},
    }[shape]
    answer = await scim.patch(f"/Users/{made['id']}", operation)
    assert (answer.status_code, _shown_seat(document(answer)), await _seat(scim)) == (200, "lite", "lite")


@URNS
async def test_a_seat_can_be_filtered_for(scim: Scim, stranger: Scim, urn: str) -> None:
    for each in (scim, stranger):
        made = await each.make_user("ann", **{SEAT_TYPE: {"seat_type": "lite"}})
        await each.make_user("bob")
    page = await stranger.read("/Users", filter=f'{urn}:seat_type eq "lite"')
    assert [each["id"] for each in page["Resources"]] == [made["id"]]
    assert (await scim.read("/Users", filter=f'{urn}:seat_type eq "full"'))["totalResults"] == 0


@URNS
@pytest.mark.parametrize("op", ["remove", "replace"])
async def test_a_removed_seat_type_is_unassigned(scim: Scim, urn: str, op: str) -> None:
    made = await scim.make_user("ann", **{SEAT_TYPE: {"seat_type": "lite"}})
    value = {} if op == "remove" else {"value": None}
    answer = await scim.patch(f"/Users/{made['id']}", {"op": op, "path": f"{urn}:seat_type", **value})
    assert (answer.status_code, _shown_seat(document(answer)), await _seat(scim)) == (200, None, None)


@pytest.mark.parametrize("value", ["", None, "  "])
async def test_no_value_means_the_default(scim: Scim, value: object) -> None:
    made = await scim.make_user("ann", **{SEAT_TYPE: {"seat_type": value}})
    assert (_shown_seat(made), await _seat(scim)) == (None, None)


@pytest.mark.parametrize("value", ["guest", "FULLEST", 1, {"value": "full"}])
async def test_other_values_are_refused_with_the_three_that_exist(scim: Scim, value: object) -> None:
    detail = assert_error(
        await scim.post("/Users", user("ann", **{SEAT_TYPE: {"seat_type": value}})), 400, "invalidValue"
    )
    assert all(choice in detail for choice in ("full", "lite", "free"))


async def test_the_schema_names_the_three_seats(scim: Scim) -> None:
    for urn in (SEAT_TYPE, SUFFIXED):
        [attribute] = (await scim.read(f"/Schemas/{urn}"))["attributes"]
        assert (attribute["name"], attribute["canonicalValues"]) == ("seat_type", ["full", "lite", "free"])


@URNS
async def test_a_single_attribute_can_be_asked_for(scim: Scim, urn: str) -> None:
    made = await scim.make_user("ann", title="Major", **{urn: {"seat_type": "lite"}})
    shown = await scim.read(f"/Users/{made['id']}", attributes=f"{urn}:seat_type")
    assert set(shown) == {"schemas", "id", urn}
    assert urn not in await scim.read(f"/Users/{made['id']}", excludedAttributes=urn)
