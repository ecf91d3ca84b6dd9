"""What a worker does about OAuth clients."""

from __future__ import annotations

from datetime import timedelta

from api.outbox.work import Schedule
from api.provisioning import clock
from db.queries import platform

KEPT = timedelta(days=1)
"""So long after its end it is known that there was an access token, to tell an expired one from one that is made up."""

_AT_ONCE = 5000


async def forget() -> None:
    """Forget access tokens that ended long ago, and assertions that nobody can use again."""
    while await platform.forget_oauth(clock.now() - KEPT, limit=_AT_ONCE):
        pass


SCHEDULES = (Schedule("oauth.forget", "53 * * * *", forget),)
