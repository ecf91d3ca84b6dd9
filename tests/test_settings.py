"""Settings: what the environment may say, and what is told when it says nonsense."""

from __future__ import annotations

import pytest

from api import settings
from api.settings import VARIABLES, SettingsError


def test_nothing_has_to_be_set() -> None:
    chosen = settings.read({})
    assert chosen.database_url is None
    assert chosen.public_url == "http://127.0.0.1:8000"
    assert chosen.scim_url == "http://127.0.0.1:8000/scim/v2"


def test_an_empty_variable_counts_as_unset() -> None:
    empty = {variable.name: "" for variable in VARIABLES.values()}
    assert settings.read(empty) == settings.read({})


def test_the_public_url_follows_host_and_port_unless_it_is_set() -> None:
    moved = {"ROLLCALL_HOST": "192.0.2.1", "ROLLCALL_PORT": "9000"}
    assert settings.read(moved).scim_url == "http://192.0.2.1:9000/scim/v2"
    named = {**moved, "ROLLCALL_PUBLIC_URL": "https://rollcall.example.com/base/"}
    assert settings.read(named).scim_url == "https://rollcall.example.com/base/scim/v2"


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("DATABASE_URL", "mysql://db.example.com/rollcall"),
        ("ROLLCALL_PUBLIC_URL", "rollcall.example.com"),
        ("ROLLCALL_PUBLIC_URL", "ftp://rollcall.example.com"),
        ("ROLLCALL_PUBLIC_URL", "https://rollcall.example.com/?a=b"),
        ("ROLLCALL_PORT", "0"),
        ("ROLLCALL_PORT", "65536"),
        ("ROLLCALL_PORT", "eighty"),
        ("ROLLCALL_WORKERS", "0"),
        ("ROLLCALL_WORKERS", "-1"),
        ("ROLLCALL_WORKERS", "1.5"),
        ("ROLLCALL_DATABASE_CONNECTIONS", "1"),
        ("ROLLCALL_WITH_WORKER", "true"),
        ("ROLLCALL_WORKER_CONCURRENCY", "1"),
        ("ROLLCALL_MAX_BODY_BYTES", "99999"),
        ("ROLLCALL_SEAT_TYPE_URN", "seat_type"),
        ("ROLLCALL_BILLING", "paypal"),
        ("ROLLCALL_STRIPE_URL", "https://stripe.example.com"),
        ("ROLLCALL_STRIPE_URL", "http://127.0.0.1.example.com"),
        ("ROLLCALL_STRIPE_URL", "localhost"),
        ("ROLLCALL_SEAT_TYPE_URN", "urn:example:seats:2.0:User"),
        ("ROLLCALL_LOG_LEVEL", "INFO"),
        ("ROLLCALL_LOG_FORMAT", "xml"),
    ],
)
def test_nonsense_stops_the_start_and_names_the_variable(variable: str, text: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{variable}=.* must be"):
        settings.read({variable: text})


def test_every_variable_becomes_a_setting_of_its_own() -> None:
    assert set(VARIABLES) == set(settings.Settings.__dataclass_fields__)
    assert len({variable.name for variable in VARIABLES.values()}) == len(VARIABLES)


@pytest.mark.parametrize("variable", VARIABLES.values(), ids=lambda variable: variable.name)
def test_every_default_is_itself_a_value_that_makes_sense(variable: settings.Variable) -> None:
    if variable.default is not None:
        variable.parse(variable.default)
    assert variable.meaning.endswith((".", "unset."))
