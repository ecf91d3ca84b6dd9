"""What tests do as an admin, or let people do, and what they look at then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api.provisioning import clock
from api.provisioning.actor import Actor, admin
from api.provisioning.outcome import MemberOutcome
from db import sql
from db.ids import new_id
from tests.scim.conversation import Scim


def an_admin(scim: Scim) -> Actor:
    """An admin of the directory's organization."""
    return admin(scim.access.organization_id, new_id(), "dana@example.com")


def texts(outcome: MemberOutcome) -> list[str]:
    """Why it came so, in words."""
    return [each.text for each in outcome.decisions]


async def history_of(member: object) -> list[dict[str, Any]]:
    """What was changed on a member, oldest first."""
    found = await sql.rows(
        "SELECT actor_kind, action, before, after FROM change WHERE subject_id = $1 ORDER BY id", member
    )
    return [dict(row) for row in found]


def after(monkeypatch: pytest.MonkeyPatch, **passed: float) -> None:
    """Let time pass."""
    at = clock.now() + timedelta(**passed)
    monkeypatch.setattr(clock, "now", lambda: at)
