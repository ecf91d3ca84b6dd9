"""Plans by the command line, and a catalogue that is read at the start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api import settings
from api.app import create_app
from api.provisioning import plans
from api.provisioning.errors import BadSetting
from api.provisioning.plan_catalogue import UNLIMITED, Catalogue
from api.settings import SettingsError
from tests.commands.conftest import Ask, read, read_list

GOLD = '{"default": "GOLD", "plans": {"GOLD": {"name": "Gold", "scim": "included"}}}'


@pytest.fixture
def afterwards() -> Iterator[None]:
    """Leaves the plans as other tests expect them."""
    yield
    plans.use(UNLIMITED)


async def test_a_plan_is_chosen_and_an_add_on_granted_and_withdrawn(ask: Ask, vendor: Catalogue) -> None:
    made = read(await ask("organizations", "create", "Acme"))
    assert (made["plan"], made["add_ons"]) == ("FREE", [])
    assert "plan Growth" not in (await ask("organizations", "plan", made["id"], "GROWTH")).text
    granted = await ask("organizations", "grant", made["id"], "scim")
    assert granted.text == "The organization has the plan GROWTH with the add-on scim."
    shown = await ask("organizations", "show", made["id"])
    assert (read(shown)["plan"], read(shown)["add_ons"]) == ("GROWTH", ["scim"])
    [listed] = read_list(await ask("organizations", "list"))
    assert listed.items() <= read(shown).items()
    assert read(await ask("organizations", "withdraw", made["id"], "scim")) == {"plan": "GROWTH", "add_ons": []}
    with pytest.raises(BadSetting, match="FREE, GROWTH, PREMIUM, ENTERPRISE"):
        await ask("organizations", "plan", made["id"], "growth")


async def test_plans_are_listed_with_what_they_have_and_who_has_them(ask: Ask, vendor: Catalogue) -> None:
    made = read(await ask("organizations", "create", "Acme"))
    await ask("organizations", "plan", made["id"], "GROWTH")
    listed = await ask("plans", "list")
    assert {each["key"]: each["organizations"] for each in read_list(listed)} == {
        "FREE": 0,
        "GROWTH": 1,
        "PREMIUM": 0,
        "ENTERPRISE": 0,
    }
    [growth] = [line for line in listed.text.splitlines() if line.startswith("GROWTH")]
    assert growth.split() == ["GROWTH", "Growth", "add_on", "none", "Sales", "(sales@example.com)", "1"]


def test_the_application_takes_its_plans_from_the_file(tmp_path: Path, afterwards: None) -> None:
    file = tmp_path / "plans.json"
    file.write_text(GOLD)
    create_app(settings.read({"ROLLCALL_PLANS": str(file)}))
    assert list(plans.catalogue().plans) == ["GOLD"]
    create_app(settings.read({}))
    assert plans.catalogue() is UNLIMITED


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "plans.json' cannot be read: No such file"),
        (GOLD.replace("included", "yes"), "plans.json' is no catalogue of plans: Plan GOLD: Invalid enum value 'yes'"),
    ],
)
def test_a_file_that_makes_no_sense_stops_the_start(tmp_path: Path, text: str | None, told: str) -> None:
    file = tmp_path / "plans.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(SettingsError) as refusal:
        create_app(settings.read({"ROLLCALL_PLANS": str(file)}))
    assert str(refusal.value).startswith("ROLLCALL_PLANS=")
    assert told in str(refusal.value)
    assert plans.catalogue() is UNLIMITED
