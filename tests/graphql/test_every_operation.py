"""Every query and mutation: with all rights, without the one it needs, and from another organization."""

from __future__ import annotations

import importlib
import pkgutil
import re
from typing import Any

import pytest

from api.graphql import ids, schema
from api.provisioning import organizations, request_log
from api.provisioning.actor import NARROW, Right
from db.ids import new_id
from tests.scim.conversation import Scim
from tests.scim.invariants import digest

from . import operations
from .conftest import Api, NewApi
from .operations import Sample
from .test_schema import FOR_ANYBODY, fields, needs

SAMPLES: dict[str, Sample] = {
    name: sample
    for module in pkgutil.iter_modules(operations.__path__)
    for name, sample in importlib.import_module(f"{operations.__name__}.{module.name}").SAMPLES.items()
}
ROOTS = {name: (type_ == "Mutation", needs(field)) for type_, name, field in fields() if type_ in ("Query", "Mutation")}
OPERATORS = {name for name, (_, rights) in ROOTS.items() if Right.PLATFORM_MANAGE in rights}
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def test_there_is_a_sample_of_each() -> None:
    assert set(SAMPLES) == set(ROOTS) - FOR_ANYBODY


@pytest.fixture
def catalogue(name: str, scim: Scim, request: pytest.FixtureRequest) -> None:
    """Plans that differ, where something is about add-ons."""
    if name.startswith("addOn"):
        request.getfixturevalue("vendor")


async def _caller(name: str, scim: Scim, new_api: NewApi, without: Right | None = None) -> Api:
    """A token that may do everything but one thing, of the operator where only that does it."""
    organization = None if name in OPERATORS else scim.access.organization_id
    everything = [right for right in Right if right not in (Right.PROVISION, without, *NARROW)]
    if organization is not None:
        everything = [right for right in everything if right is not Right.PLATFORM_MANAGE]
    return await new_api(organization, everything)


async def _answer(api: Api, sample: Sample, variables: dict[str, Any]) -> dict[str, Any]:
    answer = (await api.post(sample.document, variables)).json()
    answer.pop("extensions", None)
    for error in answer.get("errors", ()):
        assert error["extensions"]["code"] != "INTERNAL", error
        error.pop("locations", None)
    return dict(answer)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.usefixtures("catalogue")
async def test_it_does_what_it_says_for_whoever_may(name: str, scim: Scim, api: Api, new_api: NewApi) -> None:
    sample = SAMPLES[name]
    variables = await sample.variables(api, scim)
    caller = await _caller(name, scim, new_api)
    answer = await _answer(caller, sample, variables)
    assert "errors" not in answer, answer
    assert set(answer["data"]) == {name}
    assert answer["data"][name] is not None
    if ROOTS[name][0]:
        assert answer["data"][name]["userErrors"] == []


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.usefixtures("catalogue")
async def test_without_its_permission_nothing_is_told_and_nothing_done(
    name: str, scim: Scim, api: Api, new_api: NewApi
) -> None:
    sample, (is_mutation, rights) = SAMPLES[name], ROOTS[name]
    variables = await sample.variables(api, scim)
    assert len(rights) == 1
    caller = await _caller(name, scim, new_api, without=Right(str(rights[0])))
    await request_log.flush()
    before = await digest(scim.access.organization_id)
    answer = await _answer(caller, sample, variables)
    if is_mutation:
        [error] = answer["data"][name]["userErrors"]
        assert error["code"] == "FORBIDDEN"
        assert str(rights[0]) in error["message"]
    else:
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert not (answer.get("data") or {}).get(name)
    assert await digest(scim.access.organization_id) == before


ALSO = {name: [Right.ORGANIZATION_READ] for name in ("preview", "platformRequest", "platformRequests")}
"""What else somebody needs, as the description says."""


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.usefixtures("catalogue")
async def test_its_permission_is_all_that_it_takes(name: str, scim: Scim, api: Api, new_api: NewApi) -> None:
    sample, (is_mutation, rights) = SAMPLES[name], ROOTS[name]
    variables = await sample.variables(api, scim)
    organization = None if name in OPERATORS else scim.access.organization_id
    caller = await new_api(organization, [Right(str(rights[0])), *ALSO.get(name, ())])
    answer = await _answer(caller, sample, variables)
    assert "errors" not in answer, answer
    assert not is_mutation or answer["data"][name]["userErrors"] == []


@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in OPERATORS])
async def test_another_organization_is_as_if_it_had_never_been(
    name: str, scim: Scim, api: Api, new_api: NewApi
) -> None:
    """The answer to another's ids is word for word the answer to ids that nobody ever had."""
    sample = SAMPLES[name]
    variables = await sample.variables(api, scim)
    stranger = await new_api(await organizations.create("Other"))
    before = await digest(scim.access.organization_id)
    theirs = await _answer(stranger, sample, variables)
    nobodys = await _answer(stranger, sample, _made_up(variables))
    assert _without_ids(theirs) == _without_ids(nobodys)
    assert await digest(scim.access.organization_id) == before


def _made_up(value: Any) -> Any:
    """The same variables with ids that nobody has."""
    if isinstance(value, dict):
        return {key: _made_up(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_made_up(each) for each in value]
    place = ids.read(value) if isinstance(value, str) else None
    if place is not None:
        own = place.organization == place.id
        organization = new_id()
        return ids.write(place.type, organization, organization if own else new_id())
    if isinstance(value, str) and _UUID.fullmatch(value):
        return str(new_id())
    return value


def _without_ids(answer: dict[str, Any]) -> str:
    """An answer as text, with the ids that were sent cut out of what is said of them."""
    return _UUID.sub("…", str(answer))


def test_the_schema_is_the_one_that_is_committed() -> None:
    from api.graphql.__main__ import FILE

    assert FILE.read_text() == schema.sdl()
