"""Requests of identity providers in words: what was asked, what came of it, and a report to hand to support. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

_ACTIONS = {"POST": "Create", "PUT": "Replace", "PATCH": "Change", "DELETE": "Remove", "GET": "Read"}
_TELLING = ("LINKED", "REVIVED", "HELD", "PARKED", "STATUS", "SEAT", "ROLE", "MEMBERS")
"""Decisions that say what a request did, rather than how it was understood."""

TONES = {
    "MEMBER": "good",
    "REFUSED": "bad",
    "ON_HOLD": "wait",
    "WAITS_FOR_SEAT": "wait",
    "NOT_ALLOWED_IN": "wait",
    "NEVER_RECEIVED": "wait",
    "NO_DIRECTORY": "wait",
    "INACTIVE_IN_DIRECTORY": "wait",
    "OUTSIDE_DOMAINS": "bad",
    "DIRECTORY_UNWELL": "bad",
    "WRONG_URL_OR_KEY": "bad",
    "DIRECTORY_HOLDS_BACK": "wait",
}
"""How bad a finding about somebody is."""

_FOR_PROGRAMS = re.compile(r" \([A-Z]+(?:_[A-Z]+)+\)")


def action(request: Mapping[str, Any]) -> str:
    """What a request wanted, such as “Change user”."""
    path, method = str(request["path"]), str(request["method"])
    if path.endswith("/Bulk"):
        return "Many changes at once"
    kind = str(request["resourceType"] or "").lower() or ("group" if "/Groups" in path else "user")
    if method != "GET" and not path.endswith("/.search"):
        return f"{_ACTIONS.get(method, method)} {kind}"
    if "/Users" not in path and "/Groups" not in path:
        return "Read what Rollcall can do"
    asks_one = path.rstrip("/").rpartition("/")[2] not in ("Users", "Groups", ".search")
    return f"Read {kind}" if asks_one else f"{'Look for' if request['query'] else 'List'} {kind}s"


def effects(request: Mapping[str, Any]) -> list[str]:
    """What came of a request, at most three sentences."""
    if request["detail"]:
        return [str(request["detail"])]
    told = [each["text"] for code in _TELLING for each in request["decisions"] if each["code"] == code]
    told = told or [each["text"] for each in request["decisions"]][:1]
    if not told and request["results"] is not None:
        return [f"{request['results']} found"]
    return list(dict.fromkeys(told))[:3]


def patience(directories: Sequence[Mapping[str, Any]]) -> str:
    """How long it takes until an identity provider comes by itself."""
    providers = {each["provider"] for each in directories}
    told = {
        "ENTRA_ID": "Entra syncs about every 40 minutes.",
        "OKTA": "Okta sends a change within a few minutes of it.",
        "JUMPCLOUD": "JumpCloud sends a change within a few minutes of it.",
        "GOOGLE_WORKSPACE": "Rollcall fetches people from Google every 20 minutes.",
    }
    return " ".join(text for provider, text in told.items() if provider in providers)


_AGAIN = {
    "OKTA": "In Okta, open Dashboard › Tasks, find the failed assignment, and press “Retry selected”.",
    "ENTRA_ID": "In Entra, press “Provision on demand” for this person, or wait for the next cycle.",
    "JUMPCLOUD": "In JumpCloud, take the person out of the application and put them in again.",
    "ONELOGIN": "In OneLogin, open Users › Provisioning and approve or retry the task.",
    "GOOGLE_WORKSPACE": "Rollcall fetches everybody again at its next run.",
}


def again(provider: str | None) -> str:
    """How a request that was refused comes again: only whoever sent it has it whole, bodies are kept redacted."""
    told = _AGAIN.get(provider or "", "In the identity provider, change the person, or assign them anew.")
    return f"Rollcall keeps no passwords, so it cannot send this again in the provider’s name. {told}"


def report(request: Mapping[str, Any]) -> str:
    """What support needs of a request: no key, no body, and nothing of people but the address (R153)."""
    facts = {
        "Trace": request["traceId"],
        "Time": request["at"],
        "Directory": request["directoryName"] or "a deleted one",
        "Client": request["userAgent"] or "unknown",
        "Request": f"{request['method']} {request['path']}",
        "About": request["subject"] or "nobody in particular",
        "Answer": f"{request['status']} {request['scimType'] or ''}".strip() + f", {request['durationMs']:.1f} ms",
        "Refused": request["detail"],
    }
    lines = [f"{name + ':':<11}{value}" for name, value in facts.items() if value]
    return "\n".join([*lines, *(f"{each['code'].lower()}: {each['text']}" for each in request["decisions"])])


def bodies(request: Mapping[str, Any]) -> dict[str, str | None]:
    """What was sent and answered, None for what is not kept or not for whoever looks."""
    return {said: _body(request.get(name)) for said, name in (("Sent", "requestBody"), ("Answered", "responseBody"))}


def _body(text: str | None) -> str | None:
    """Indented where it is JSON."""
    if text is None:
        return None
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


_OF_DIRECTORIES = ("DIRECTORY_HOLDS_BACK", "DIRECTORY_UNWELL", "WRONG_URL_OR_KEY")
"""Findings that are not about the person, but may be why nothing is known of them."""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as people read it: what is so, what to do, where to do that, and the request behind it."""

    code: str
    text: str
    next_steps: Sequence[str]
    places: Sequence[tuple[str, str]]
    trace: str | None


def findings(
    found: Sequence[Mapping[str, Any]], base: str, name: str, *, has_directories: bool
) -> tuple[list[Told], list[Told]]:
    """Findings about somebody, and then about directories, each said once.

    What is part of an earlier text is not told again; what to do about it is told with that.
    """
    ways = _places(base, name, has_directories=has_directories)
    told: list[Told] = []
    for each in found:
        code, step = str(each["code"]), plainly(str(each["nextStep"]))
        here = [ways[code]] if code in ways else []
        same = next((number for number, one in enumerate(told) if str(each["text"]) in one.text), None)
        if same is None:
            told.append(Told(code, plainly(str(each["text"])), [step], here, each["requestId"]))
        else:
            one = told[same]
            told[same] = replace(one, next_steps=[*one.next_steps, step], places=[*one.places, *here])
    return [each for each in told if each.code not in _OF_DIRECTORIES], [
        each for each in told if each.code in _OF_DIRECTORIES
    ]


def person_report(name: str, told: Sequence[Told], organization: str) -> str:
    """What support needs to know of somebody who is missing: no key, and nothing of people but the address (R153)."""
    lines = [f"Why is {name} not in {organization}?"]
    for each in told:
        lines += ["", f"- {each.text}", *(f"  Next: {step}" for step in each.next_steps)]
        lines += [f"  Trace: {each.trace}"] if each.trace else []
    return "\n".join(lines)


def plainly(text: str) -> str:
    """A text for programs and people, without what it adds for programs: names of choices, such as (KEEP_LOCAL)."""
    return _FOR_PROGRAMS.sub("", text)


def _places(base: str, name: str, *, has_directories: bool) -> dict[str, tuple[str, str]]:
    """Where to go on from a finding, by its code: the words of the link, and its address."""
    person = ("Show the person", f"{base}/people?{urlencode({'query': name})}")
    directories = ("Look at directories", f"{base}/provisioning")
    found = {
        **dict.fromkeys(("MEMBER", "NOT_ALLOWED_IN", "INACTIVE_IN_DIRECTORY"), person),
        "ON_HOLD": ("Decide about the removal", f"{base}/activity/held"),
        "WAITS_FOR_SEAT": ("Look at seats", f"{base}/seats"),
        "OUTSIDE_DOMAINS": ("Look at domains", f"{base}/domains"),
        "NEVER_RECEIVED": ("Invite the person", f"{base}/people/invite"),
    }
    if has_directories:
        found |= {
            **dict.fromkeys(_OF_DIRECTORIES, directories),
            "NO_DIRECTORY": ("Connect a directory", f"{base}/provisioning/new"),
        }
    return found
