"""What became of a member, as commands tell it."""

from __future__ import annotations

import msgspec

from api.provisioning.outcome import MemberOutcome

from .results import Result


def of_member(outcome: MemberOutcome) -> Result:
    """The member as they are now, and why."""
    standing = outcome.status.lower().replace("_", " ")
    seat = f"a {outcome.seat} seat" if outcome.seat else "no seat"
    first = f"{outcome.email or 'The member'} ({outcome.member}) is {standing}, with {outcome.role or 'no role'} and"
    lines = [f"{first} {seat}.", *(f"  {each.text}" for each in outcome.decisions)]
    return Result({**msgspec.to_builtins(outcome), "may_use": outcome.may_use}, "\n".join(lines))
