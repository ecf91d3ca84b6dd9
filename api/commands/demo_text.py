"""What `demo` says once all is there: where to go, who to be, and what to paste."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

from api.demo import keeping, people
from api.demo.access import Access
from api.settings import Settings

from .results import listing

_QUESTION = (
    "{ organization { name members(first: 3) { nodes { email effectiveRole { name } roleExplanation { text } } } } }"
)


def text(chosen: Settings, found: Access, token: str, *, is_embedded: bool) -> str:
    """All of it."""
    who = {
        people.ADMIN: f"an admin of {people.ORGANIZATION}",
        people.MANAGER: "an account manager there, who may look at everything",
        people.VIEWER: "a viewer there, who sees only what is theirs",
        people.OPERATOR: "runs this installation: all organizations",
    }
    facts = {
        "Organization": f"{people.ORGANIZATION}, {found.organization}",
        "Directory": f"{people.DIRECTORY}, {found.directory}",
        "SCIM URL": chosen.scim_url,
        "Key": found.key,
        "GraphQL URL": f"{chosen.public_url}/graphql",
        "API token": token,
        "Health": f"{chosen.public_url}/readyz",
        "Database": "embedded PostgreSQL" if is_embedded else "the one that DATABASE_URL names",
    }
    if not is_embedded:
        facts["Secret keys"] = f"{chosen.secret_keys}, for ROLLCALL_SECRET_KEYS wherever else it is served"
    json_too = "-H 'Content-Type: application/json'"
    organization = f"--organization {found.organization}"
    blocks = [
        "Rollcall is ready to be tried.",
        f"Sign in at {chosen.public_url} with one of these addresses; the code is in the mailbox,"
        f" {chosen.public_url}/mailbox.",
        _indented(listing(who)),
        _indented(listing(facts)),
        f"Key and token are kept beside {keeping.key_file(chosen)} for the next time.",
        *([found.note] if found.note else []),
        "Ask as an identity provider does who is there:",
        f"  curl -H 'Authorization: Bearer {found.key}' '{chosen.scim_url}/Users?count=2'",
        "Ask over GraphQL who has which role, and why:",
        f"  curl -H 'Authorization: Bearer {token}' {json_too} {chosen.public_url}/graphql \\\n"
        f"    -d '{json.dumps({'query': _QUESTION})}'",
        "See why somebody is not here, what waits for a decision, and what was asked and answered:",
        f"  {ourselves()} members why {people.STRANGER.email} {organization}\n"
        f"  {ourselves()} removals list {organization}\n"
        f"  {ourselves()} requests list {organization}",
    ]
    return "\n" + "\n\n".join(blocks) + "\n"


def ourselves() -> str:
    """The command that this is, by the shortest path that works from here."""
    program = Path(sys.executable)
    here = Path.cwd()
    path = program.relative_to(here) if program.is_relative_to(here) else program
    return f"{shlex.quote(str(path))} -m api"


def _indented(lines: str) -> str:
    return "\n".join(f"  {line}" for line in lines.splitlines())
