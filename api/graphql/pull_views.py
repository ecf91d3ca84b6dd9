"""How the people of a directory are fetched, and how that went."""

from __future__ import annotations

from datetime import datetime

import strawberry

from api.google.client import SCOPES
from db.pull_rows import PullRow


@strawberry.type(description="How the people of a directory are fetched from Google Workspace, and how it went.")
class Pull:
    admin_email: str = strawberry.field(description="The administrator in whose name the service account reads.")
    client_email: str = strawberry.field(description="The service account.")
    customer: str
    user_query: str
    takes_groups: bool
    every_minutes: int
    scopes: list[str] = strawberry.field(description="What the service account has to be allowed.")
    started_at: datetime | None
    finished_at: datetime | None = strawberry.field(description="The last time that everything was read.")
    next_at: datetime
    failures: int = strawberry.field(description="Problems in a row.")
    problem: str | None = strawberry.field(description="What went wrong the last time, and what to do.")


def pull(row: PullRow) -> Pull:
    """What the schema shows of it."""
    return Pull(
        admin_email=row.admin_email,
        client_email=row.client_email,
        customer=row.customer,
        user_query=row.user_query,
        takes_groups=row.takes_groups,
        every_minutes=row.every_minutes,
        scopes=list(SCOPES),
        started_at=row.started_at,
        finished_at=row.finished_at,
        next_at=row.next_at,
        failures=row.failures,
        problem=row.problem,
    )
