"""What the server says about itself is true (RFC 7644 §4, RFC 7643 §5–§7, RFC 9865 §4)."""

from __future__ import annotations

import msgspec
import pytest

from api.provisioning import extensions
from api.provisioning.actor import operator

from .conversation import CORE, ENTERPRISE, GROUP, MESSAGES, SEAT_TYPE, USER, Json, Scim, assert_error, patch

SHOES = "urn:example:params:scim:schemas:extension:shoes:2.0:User"
DEFINITION: Json = {
    "id": SHOES,
    "name": "Shoes",
    "description": "What people wear.",
    "attributes": [
        {"name": "size", "type": "integer", "multiValued": False, "description": "European size."},
        {"name": "laced", "type": "boolean", "multiValued": False},
        {"name": "code", "type": "string", "multiValued": False, "caseExact": True, "mutability": "immutable"},
        {
            "name": "pairs",
            "type": "complex",
            "multiValued": True,
            "subAttributes": [
                {"name": "value", "type": "string", "multiValued": False},
                {"name": "bought", "type": "dateTime", "multiValued": False},
            ],
        },
    ],
}


async def register(scim: Scim, definition: Json = DEFINITION) -> None:
    """Let the organization have the extension."""
    actor, text = operator(scim.access.organization_id), msgspec.json.encode(definition).decode()
    await extensions.register(actor, urn=definition["id"], definition=text)


def _attributes(schema: Json) -> dict[str, Json]:
    return {attribute["name"]: attribute for attribute in schema["attributes"]}


async def test_the_configuration_tells_what_there_is(scim: Scim) -> None:
    config = await scim.read("/ServiceProviderConfig")
    assert config["schemas"] == [f"{CORE}ServiceProviderConfig"]
    for feature in ("patch", "bulk", "filter", "sort", "etag"):
        assert config[feature]["supported"] is True
    assert config["changePassword"]["supported"] is False
    assert config["pagination"]["cursor"] is config["pagination"]["index"] is True
    assert [scheme["type"] for scheme in config["authenticationSchemes"]] == ["oauthbearertoken"]
    assert config["meta"]["location"] == "http://rollcall.test/scim/v2/ServiceProviderConfig"


@pytest.mark.parametrize("path", ["/ResourceTypes", "/Schemas"])
async def test_everything_listed_can_be_read_by_its_id_and_location(scim: Scim, path: str) -> None:
    page = await scim.read(path)
    assert page["schemas"] == [MESSAGES + "ListResponse"]
    assert page["totalResults"] == page["itemsPerPage"] == len(page["Resources"])
    for each in page["Resources"]:
        assert await scim.read(f"{path}/{each['id']}") == each
        assert each["meta"]["location"] == f"http://rollcall.test/scim/v2{path}/{each['id']}"


async def test_resource_types_name_schemas_that_exist_and_endpoints_that_answer(scim: Scim) -> None:
    types = (await scim.read("/ResourceTypes"))["Resources"]
    schemas = {each["id"] for each in (await scim.read("/Schemas"))["Resources"]}
    assert [each["id"] for each in types] == ["User", "Group"]
    named = {each["schema"] for each in types} | {
        extension["schema"] for each in types for extension in each["schemaExtensions"]
    }
    assert named == {USER, GROUP, ENTERPRISE, f"{SEAT_TYPE}:User"}
    assert schemas == named | {SEAT_TYPE}
    for each in types:
        assert (await scim.get(each["endpoint"])).status_code == 200


@pytest.mark.parametrize(
    "path", ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas", f"/Schemas/{USER}", "/ResourceTypes/User"]
)
async def test_discovery_cannot_be_filtered(scim: Scim, path: str) -> None:
    assert_error(await scim.get(path, filter="id pr"), 403)
    assert_error(await scim.get(f"{path}?FILTER="), 403)


@pytest.mark.parametrize(
    "path", ["/Schemas/urn:nothing", "/ResourceTypes/Agent", "/ResourceTypes/user", "/ServiceProviderConfig/x"]
)
async def test_what_is_not_there_is_404(scim: Scim, path: str) -> None:
    assert_error(await scim.get(path), 404)


@pytest.mark.parametrize("path", ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas", f"/Schemas/{USER}"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_discovery_is_read_only(scim: Scim, path: str, method: str) -> None:
    answer = await scim.send(method, path, None if method == "DELETE" else {})
    assert_error(answer, 405)
    assert answer.headers["allow"].startswith("GET")


async def test_schemas_are_found_without_regard_to_case(scim: Scim) -> None:
    assert (await scim.read(f"/Schemas/{USER.upper()}"))["id"] == USER


async def test_every_attribute_is_described_completely(scim: Scim) -> None:
    characteristics = {"name", "type", "multiValued", "description", "required", "mutability", "returned"}
    for schema in (await scim.read("/Schemas"))["Resources"]:
        waiting = list(schema["attributes"])
        while waiting:
            attribute = waiting.pop()
            assert characteristics <= attribute.keys(), attribute
            assert attribute["type"] == "complex" or "uniqueness" in attribute
            assert (attribute["type"] == "complex") == ("subAttributes" in attribute)
            waiting += attribute.get("subAttributes", [])


async def test_what_is_said_of_names_is_what_happens(scim: Scim) -> None:
    attributes = _attributes(await scim.read(f"/Schemas/{USER}"))
    assert attributes["userName"]["required"] is True
    assert attributes["userName"]["uniqueness"] == "server"
    assert attributes["userName"]["caseExact"] is False
    assert attributes["groups"]["mutability"] == "readOnly"
    assert _attributes(await scim.read(f"/Schemas/{GROUP}"))["displayName"]["required"] is True


async def test_every_writable_attribute_that_is_announced_is_kept(scim: Scim) -> None:
    """Schemas tell the truth: a value for each attribute comes back as it was sent."""
    schema = await scim.read(f"/Schemas/{USER}")
    body = {a["name"]: _sample(a) for a in schema["attributes"] if a["mutability"] != "readOnly"}
    made = await scim.make_user("ann", **{name: value for name, value in body.items() if name != "userName"})
    assert {name: made[name] for name in body if name not in ("userName", "password")} == {
        name: value for name, value in body.items() if name not in ("userName", "password")
    }


def _sample(attribute: Json) -> object:
    samples: dict[str, object] = {
        "string": attribute.get("canonicalValues", ["text"])[0],
        "boolean": True,
        "reference": "https://example.com/x",
        "binary": "AAAA",
        "integer": 1,
        "dateTime": "2026-01-31T08:00:00Z",
    }
    value = samples.get(attribute["type"])
    if attribute["type"] == "complex":
        value = {sub["name"]: _sample(sub) for sub in attribute["subAttributes"] if sub["mutability"] != "readOnly"}
    return [value] if attribute["multiValued"] else value


async def test_a_registered_extension_is_announced_at_once(scim: Scim) -> None:
    assert_error(await scim.get(f"/Schemas/{SHOES}"), 404)
    await register(scim)
    schema = await scim.read(f"/Schemas/{SHOES}")
    assert (schema["id"], schema["name"], schema["description"]) == (SHOES, "Shoes", "What people wear.")
    shown = _attributes(schema)
    assert (shown["size"]["type"], shown["code"]["caseExact"], shown["code"]["mutability"]) == (
        "integer",
        True,
        "immutable",
    )
    assert [sub["name"] for sub in shown["pairs"]["subAttributes"]] == ["value", "bought"]
    assert SHOES in [each["schema"] for each in (await scim.read("/ResourceTypes/User"))["schemaExtensions"]]


async def test_a_registered_extension_works_like_any_schema(scim: Scim, stranger: Scim) -> None:
    await register(scim)
    await register(stranger)
    values = {"size": 43, "laced": True, "code": "aB", "pairs": [{"value": "Boots", "bought": "2026-01-31T08:00:00Z"}]}
    made = await scim.make_user("ann", **{SHOES: values})
    await stranger.make_user("ann", **{SHOES: values})
    assert made[SHOES] == values
    assert SHOES in made["schemas"]
    for filter in (
        f"{SHOES}:size gt 42",
        f"{SHOES}:laced eq true",
        f'{SHOES}:code eq "aB"',
        f'{SHOES}:pairs[value eq "boots" and bought lt "2026-02-01T00:00:00Z"]',
        f'{SHOES}:pairs.value sw "BOO"',
        f"{SHOES}:pairs pr",
    ):
        page = await scim.read("/Users", filter=filter)
        assert [each["id"] for each in page["Resources"]] == [made["id"]], filter
    for filter in (f'{SHOES}:code eq "AB"', f"{SHOES}:size gt 43", f"not ({SHOES}:laced pr)"):
        assert (await scim.read("/Users", filter=filter))["totalResults"] == 0
    path = f"/Users/{made['id']}"
    answer = await scim.patch(
        path, {"op": "replace", "path": f'{SHOES}:pairs[value eq "Boots"].value', "value": "Clogs"}
    )
    assert answer.json()[SHOES]["pairs"][0]["value"] == "Clogs"
    assert_error(await scim.patch(path, {"op": "replace", "path": f"{SHOES}:code", "value": "C"}), 400, "mutability")
    wrong = patch({"op": "add", "path": f"{SHOES}:size", "value": "large"})
    assert_error(await scim.send("PATCH", path, wrong), 400, "invalidValue")
    shown = await scim.read(path, attributes=f"{SHOES}:size")
    assert shown[SHOES] == {"size": 43}


async def test_an_extension_can_be_registered_again_with_more_attributes(scim: Scim) -> None:
    await register(scim)
    await scim.read(f"/Schemas/{SHOES}")
    more = DEFINITION | {"attributes": [*DEFINITION["attributes"], {"name": "sole", "type": "string"}]}
    await register(scim, more)
    assert "sole" in _attributes(await scim.read(f"/Schemas/{SHOES}"))
    assert (await scim.make_user("ann", **{SHOES: {"sole": "thick"}}))[SHOES] == {"sole": "thick"}
