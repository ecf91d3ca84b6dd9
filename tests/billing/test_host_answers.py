"""Answers of a host application that are none, and places where it must not be: nothing is charged by them."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from api import settings
from api.billing import adapters, host_client
from api.billing.host_messages import Cancelled, Confirmed, Purchase, Quoted, Refusal, Reserved
from api.outbox.work import Later
from api.provisioning import clock
from tests.scim.conversation import Scim
from tests.webhooks.receiver import Receiver, Reply

from .host_application import Application
from .hosting import LOOPBACK, ask_at
from .settling import buy, purchase, settle, tried

ROOT = Path(__file__).parents[2]
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"not JSON",
        b"{}",
        b'{"reservation": ""}',
        b'{"reservation": 5}',
        b'{"reservation": null}',
        b'{"reservation": "R-\\u0000"}',
        b'{"reservation": "R-\xff"}',
        b'{"reservation": "' + b"R" * 501 + b'"}',
        b'{"reservation": "R-1", "amountMinor": -1}',
        b'{"reservation": "R-1", "amountMinor": 20.5}',
        b'{"reservation": "R-1", "amountMinor": "2000"}',
        b'{"reservation": "R-1", "amountMinor": true}',
        b'{"reservation": "R-1", "amountMinor": 1000000000000001}',
        b'{"reservation": "R-1", "amount": 2000}',
        b'{"reservation": "R-1"} {"reservation": "R-2"}',
        b'{"reservation": "R-1"' + b" " * 70_000 + b"}",
    ],
    ids=lambda body: body[:60].decode(errors="replace"),
)
async def test_what_is_no_answer_charges_nothing_and_is_asked_again(
    hosted: Scim, receiver: Receiver, body: bytes
) -> None:
    await ask_at(hosted, receiver.url)
    receiver.otherwise = Reply(200, JSON, body)
    await buy(hosted, "ann")
    await tried(hosted)
    found = await purchase()
    assert (found["state"], found["reservation"]) == ("RESERVED", None)
    assert "answers" in found["reason"]
    assert receiver.types == ["billing.reserve"]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(200, {}, b'{"reservation": "R-1"}'), "does not answer with JSON"),
        (Reply(200, {"content-type": "text/html"}, b'{"reservation": "R-1"}'), "does not answer with JSON"),
        (Reply(201, JSON, b'{"reservation": "R-1"}'), "answers HTTP 201"),
        (Reply(301, {"location": "http://127.0.0.1:1/"}), "answers HTTP 301"),
        (Reply(401), "answers HTTP 401"),
        (Reply(404), "answers HTTP 404"),
        (Reply(500, JSON, b'{"reason": "No."}'), "answers HTTP 500"),
        (Reply(402, JSON, b'{"message": "No."}'), "answers something else"),
        (Reply(402, {}, b"No."), "does not answer with JSON"),
    ],
)
async def test_only_a_plain_no_fails_a_purchase(hosted: Scim, receiver: Receiver, reply: Reply, reason: str) -> None:
    """A URL that leads elsewhere, or a proxy in front of it, must not."""
    await ask_at(hosted, receiver.url)
    receiver.otherwise = reply
    await buy(hosted, "ann")
    await tried(hosted)
    found = await purchase()
    assert (found["state"], found["reservation"]) == ("RESERVED", None)
    assert reason in found["reason"]


async def test_a_reason_is_one_line_and_can_be_kept(hosted: Scim, receiver: Receiver) -> None:
    await ask_at(hosted, receiver.url)
    receiver.otherwise = Reply(402, JSON, json.dumps({"reason": "No.\0\r\nBcc: all\u202e"}).encode())
    await buy(hosted, "ann")
    await settle(hosted)
    assert (await purchase())["reason"] == "The host application refuses: No.   Bcc: all"


async def test_it_says_when_to_ask_again(hosted: Scim, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    await ask_at(hosted, receiver.url)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    receiver.otherwise = Reply(503, {"retry-after": "1800"})
    await buy(hosted, "ann")
    with pytest.raises(Later) as later:
        await settle(hosted)
    assert later.value.when == now + timedelta(seconds=1800)


@pytest.mark.parametrize(
    "nonsense", ["soon", "-1", "Mon, 1 Jan 2024 0:00 +99999999999999999999", f"Mon, 1 Jan {9**40}"]
)
async def test_what_is_no_time_to_ask_again_is_left_out(hosted: Scim, receiver: Receiver, nonsense: str) -> None:
    await ask_at(hosted, receiver.url)
    receiver.otherwise = Reply(503, {"retry-after": nonsense})
    await buy(hosted, "ann")
    await tried(hosted)
    assert "answers HTTP 503" in (await purchase())["reason"]


async def test_who_never_answers_is_not_waited_for(
    hosted: Scim, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_client, "SECONDS", 0.05)
    await ask_at(hosted, receiver.url)
    receiver.otherwise = Reply(200, JSON, b"{}", seconds=0.5)
    await buy(hosted, "ann")
    await tried(hosted)
    found = await purchase()
    assert (found["state"], found["reason"][:37]) == ("RESERVED", "The host application cannot be asked:")


@pytest.mark.parametrize("chosen", [{}, {"ROLLCALL_ALLOW_NETWORKS": LOOPBACK, "ROLLCALL_PORT": "own"}])
async def test_nobody_is_led_inside(hosted: Scim, there: Application, chosen: dict[str, str]) -> None:
    """Neither to networks that the operator did not allow, nor to Rollcall itself."""
    port = there.url.rpartition(":")[2].partition("/")[0]
    adapters.load(settings.read({name: port if value == "own" else value for name, value in chosen.items()}))
    await buy(hosted, "ann")
    await tried(hosted)
    assert "leads to" in (await purchase())["reason"]
    assert there.asked == []


def test_the_answers_in_the_docs_are_taken() -> None:
    section = (ROOT / "docs" / "billing.md").read_text().split("## Your own application")[1]
    for act, shape in (("reserve", Reserved), ("confirm", Confirmed), ("cancel", Cancelled)):
        [row] = [line for line in section.splitlines() if line.startswith(f"| `billing.{act}`")]
        answers = re.findall(r"`(\{[^`]*\})`", row)
        assert answers
        for answer in answers:
            msgspec.json.decode(answer, type=shape)
    [asked, quoted] = re.findall(r"```json\n(.*?)```", section, re.DOTALL)
    assert msgspec.json.decode(quoted, type=Quoted).lines[0].amount_minor == 2000
    assert set(json.loads(asked)["data"]) == set(Purchase.__struct_encode_fields__)
    refusal = re.search(r"with `(\{\"reason.*?\})`", section)
    assert refusal is not None
    msgspec.json.decode(refusal[1], type=Refusal)
