"""A directory in words: a report of how it is, to hand to support. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def report(directory: Mapping[str, Any], refused: Sequence[Mapping[str, Any]], told: str) -> str:
    """What support needs of a directory (R153): no key, no body, and nothing of people but the address.

    `refused` are its last refused requests, `told` is how the last 24 hours went.
    """
    condition = directory["condition"] or {}
    facts = {
        "Directory": f"{directory['name']}, {directory['provider']}, {directory['state']}",
        "Id": directory["id"],
        "URL": directory["scimUrl"],
        "Condition": f"{condition['health']}: {condition['reason']}",
        "Last call": condition["lastRequestAt"] or "never",
        "Last day": told,
        "People": f"{directory['userCount']}, in {directory['groupCount']} groups",
        "Keys": "; ".join(_keys(directory["keys"])) or "none that works",
    }
    lines = [f"{name + ':':<11}{value}" for name, value in facts.items()]
    lines += [f"Hint:      {each}" for each in condition["hints"]]
    return "\n".join([*lines, "", "Refused last:", *(_refused(each) for each in refused)] if refused else lines)


def _keys(keys: Iterable[Mapping[str, Any]]) -> list[str]:
    live = [each for each in keys if each["state"] in ("ACTIVE", "EXPIRING")]
    return [f"…{each['lastFour']}, used {each['lastUsedAt'] or 'never'}" for each in live]


def _refused(request: Mapping[str, Any]) -> str:
    answer = f"{request['status']} {request['scimType'] or ''}".strip()
    return (
        f"- {request['at']} {request['method']} {request['path']}: {answer}, trace {request['traceId']},"
        f" about {request['subject'] or 'nobody in particular'}\n  {request['detail'] or 'no detail'}"
    )
