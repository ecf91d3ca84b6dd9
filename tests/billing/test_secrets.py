"""Secrets of whoever charges are sealed, replaced, sealed anew and never shown."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from api.provisioning import billing_secrets, sealed
from api.provisioning.actor import Right
from api.provisioning.billing_secrets import Name
from api.provisioning.caller import Caller, the_operator
from api.provisioning.errors import BadSetting, Forbidden
from api.secrets import ring
from db import sql
from tests.commands.conftest import Ask, ask

__all__ = ["ask"]
pytestmark = pytest.mark.usefixtures("database")


async def test_a_secret_is_sealed_and_replaced() -> None:
    for text in ("sk_test_1", "rk_test_2"):
        await billing_secrets.keep(the_operator(), Name.STRIPE_KEY, text)
        assert await billing_secrets.reveal(Name.STRIPE_KEY) == text
    [stored] = await sql.rows("SELECT secret, organization_id FROM billing_secret")
    assert b"rk_test_2" not in stored["secret"]
    assert list(await billing_secrets.known(the_operator())) == [Name.STRIPE_KEY]
    assert await billing_secrets.reveal(Name.STRIPE_EVENTS) is None


@pytest.mark.parametrize("text", ["", "pk_test_1", "whsec_1", "sk_é", "sk_\n1", "sk_" + "x" * 500])
async def test_what_is_no_secret_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(BadSetting, match="begin with sk_ or rk_") as refused:
        await billing_secrets.keep(the_operator(), Name.STRIPE_KEY, text)
    assert not text or text not in str(refused.value)


async def test_only_the_operator_keeps_secrets() -> None:
    nobody = Caller(the_operator().kind, None, "Dana", frozenset({Right.BILLING_MANAGE}))
    with pytest.raises(Forbidden):
        await billing_secrets.keep(nobody, Name.STRIPE_KEY, "sk_test_1")
    with pytest.raises(Forbidden):
        await billing_secrets.known(nobody)


async def test_secrets_are_sealed_anew_by_a_newer_key(secret_keys: Path) -> None:
    await billing_secrets.keep(the_operator(), Name.STRIPE_KEY, "sk_test_1")
    before = await sql.value("SELECT secret FROM billing_secret")
    ring.add(secret_keys)
    from api.secrets import at_hand

    at_hand.load(str(secret_keys))
    assert await sealed.seal_anew() == 1
    assert await sql.value("SELECT secret FROM billing_secret") != before
    assert await billing_secrets.reveal(Name.STRIPE_KEY) == "sk_test_1"


async def test_a_secret_is_read_from_standard_input(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await ask("billing", "secrets")).text == "There is none."
    monkeypatch.setattr("sys.stdin", io.StringIO("sk_test_1\n"))
    done = await ask("billing", "secret", "stripe-key")
    assert "sk_test" not in done.text
    assert await billing_secrets.reveal(Name.STRIPE_KEY) == "sk_test_1"
    assert "stripe-key" in (await ask("billing", "secrets")).text
