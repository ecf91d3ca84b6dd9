"""What was passed over or put right in a request: told to people as decisions, or refused where that is the policy."""

from __future__ import annotations

from collections.abc import Sequence

from api.provisioning.decisions import Decided, Decision
from api.provisioning.directories import Settings, UnknownAttributes

from .language.errors import InvalidSyntax

_SHOWN = 20


def refuse_unknown(settings: Settings, ignored: Sequence[str]) -> None:
    """Raise InvalidSyntax for attributes that no schema has, where the directory wants that (REQUIREMENTS C17)."""
    if ignored and settings.unknown_attributes is UnknownAttributes.REJECT:
        names = ", ".join(ignored[:_SHOWN])
        raise InvalidSyntax(f"Not in any schema of this directory: {names}. Remove them from the attribute mapping.")


def decisions(ignored: Sequence[str], repaired: Sequence[str]) -> list[Decision]:
    """What was passed over and put right, for the record of the request."""
    found = [Decision(Decided.REPAIRED, text) for text in dict.fromkeys(repaired)][:_SHOWN]
    if ignored:
        names = ", ".join(ignored[:_SHOWN])
        found.append(Decision(Decided.IGNORED, f"Not kept, because no schema has them: {names}."))
    return found


def left_out(labels: Sequence[str]) -> list[Decision]:
    """What came and is not kept, because the directory leaves it out (R089)."""
    if not labels:
        return []
    return [Decision(Decided.IGNORED, f"Not kept, because this directory leaves it out: {', '.join(labels)}.")]
