"""What is done again and again, and when, as people read it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from . import words

_LATE = timedelta(minutes=5)
_DAYS = ("Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays")

WHAT: Mapping[str, str] = {
    "domains.check": "Domains looked up in DNS again",
    "google.pull": "People fetched from Google",
    "mail.digests": "Weekly summaries sent",
    "mail.directories": "Directories watched for silence and recovery",
    "mail.forget": "Old mails wiped and deleted",
    "mail.keys": "Warnings of keys that end",
    "mail.purchases": "Seats that were bought summed up",
    "mail.reminders": "Reminders of removals on hold",
    "mail.removals": "Removals on hold told of",
    "mail.sweep": "Mails that got stuck taken up again",
    "maintenance.billing": "Seats compared with what is charged",
    "maintenance.deletions": "Deleted directories forgotten for good",
    "maintenance.drift": "Members compared with the facts",
    "maintenance.erasures": "People erased after their grace period",
    "maintenance.invitations": "Invitations ended that nobody accepted",
    "maintenance.overrides": "Roles ended that were chosen for a time",
    "maintenance.purchases": "Purchases told of that nobody confirmed",
    "maintenance.removals": "Removals decided that nobody decided in time",
    "maintenance.retention": "Old requests and bodies deleted",
    "maintenance.seals": "Changes sealed",
    "maintenance.seats": "Seats of the day noted",
    "oauth.forget": "Access tokens that ended deleted",
    "sign-in.forget": "Sessions and codes that ended deleted",
    "sign-in.saml-metadata": "Metadata of SAML providers fetched",
    "tasks.forget": "What became of old tasks forgotten",
    "webhooks.prune": "Old deliveries of webhooks deleted",
}
"""By the name of a schedule."""


def at(cron: str) -> str:
    """When a schedule is due; cron itself where there are no words for it."""
    match cron.split():
        case ["*", "*", "*", "*", "*"]:
            return "Every minute"
        case [often, "*", "*", "*", "*"] if often.startswith("*/"):
            return f"Every {often[2:]} minutes"
        case [minute, "*", "*", "*", "*"] if minute.isdecimal():
            return f"Each hour at :{int(minute):02}"
        case [minute, hour, "*", "*", "*"] if minute.isdecimal() and hour.isdecimal():
            return f"Each day at {int(hour):02}:{int(minute):02} UTC"
        case [minute, hour, "*", "*", day] if (minute + hour + day).isdecimal():
            return f"{_DAYS[int(day) % 7]} at {int(hour):02}:{int(minute):02} UTC"
    return cron


def state(schedule: Mapping[str, Any], now: datetime | None = None) -> str:
    """`RUNNING`, `LATE` where its time has passed and no worker took it, or `WAITING`."""
    if schedule["isRunning"]:
        return "RUNNING"
    due = words.moment(schedule["nextRunAt"])
    assert due is not None
    return "LATE" if (now or datetime.now(UTC)) - due > _LATE else "WAITING"
