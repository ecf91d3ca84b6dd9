"""An organization with a directory and endpoints, and a host application that listens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from api.provisioning import clock, organizations
from db.ids import OrganizationId

from .receiver import Receiver, receiving


@pytest.fixture(autouse=True)
def _loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Receivers of the tests are on this machine, where nothing is sent unless the operator allows it."""
    monkeypatch.setenv("ROLLCALL_ALLOW_NETWORKS", "127.0.0.1/32")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A host application that takes everything."""
    with receiving() as there:
        yield there


@pytest.fixture
async def acme(database: None) -> OrganizationId:
    """An organization."""
    return await organizations.create("Acme")


class Moved:
    """A clock that can be moved."""

    def __init__(self) -> None:
        self.by = timedelta()
        self._now = clock.now

    def __call__(self) -> datetime:
        return self._now() + self.by

    def to(self, at: datetime) -> None:
        """Let it be then, and a second later."""
        self.by = at - self._now() + timedelta(seconds=1)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Moved:
    """The application's clock."""
    moved = Moved()
    monkeypatch.setattr(clock, "now", moved)
    return moved
