"""The days of the demo: what is done at which hour, and what a worker would have done in the nights between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import msgspec

from api.mail import times as mails
from api.provisioning import domain_proofs, maintenance, request_log, settlements, tasks
from api.provisioning.actor import operator
from api.provisioning.caller import the_operator
from api.provisioning.proofs import Said
from api.provisioning.settlements import Settlement
from api.provisioning.tasks import TaskState
from api.scim import profile
from api.webhooks import deliveries, endpoints
from api.webhooks import work as webhooks
from api.webhooks.lanes import Lane
from db import moment
from db.ids import OrganizationId
from db.pages import Span

LENGTH = 124
"""How many days there are."""

_EVENING, _NIGHT = time(23, 40), time(23, 50)
_SOON, _PAUSE = timedelta(minutes=1), timedelta(minutes=20)
_WITHOUT = frozenset({"retention", "drift"})
"""What of a worker's tasks is left to it: it finds nothing, or not by the days of the demo."""

_FAN_OUT = webhooks.fan_out(profile.known)


@dataclass(slots=True)
class Zone:
    """What DNS says in the demo: the records that somebody has published, by their names."""

    records: dict[str, str] = field(default_factory=dict)

    async def texts(self, name: str) -> Sequence[Said]:
        """The answer of one resolver."""
        found = self.records.get(name)
        return [Said("192.0.2.53", [found] if found else [], negative_seconds=None if found else 3600)]


@dataclass(slots=True)
class Days:
    """Goes through the days, forwards only.

    `organizations` are those that have endpoints, and `evenings` what identity providers ask each evening.
    """

    today: datetime
    dns: Zone = field(default_factory=Zone)
    organizations: list[OrganizationId] = field(default_factory=list)
    evenings: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    @property
    def start(self) -> datetime:
        """When it begins."""
        return self._at(LENGTH, "08:00")

    @property
    def number(self) -> int:
        """How many days have passed since then."""
        return (moment.now() - self.start).days

    @property
    def ago(self) -> int:
        """How many days are still to come."""
        return (self.today.date() - moment.now().date()).days

    async def to(self, days_ago: int, clock: str) -> None:
        """Go on to an hour of a day, or one minute if that is over; nobody works at weekends."""
        await self._on(self._working_day(self._at(days_ago, clock)))

    async def to_minutes_ago(self, minutes: int) -> None:
        """Go on to so many minutes before now."""
        await self._on(self.today - timedelta(minutes=minutes))

    async def carry_out(self) -> None:
        """Do what a worker would do within a minute."""
        await request_log.flush()
        for each in (await tasks.page(the_operator(), TaskState.WAITING, settlements.SETTLE, Span(50))).rows:
            await settlements.settle(msgspec.json.decode(each.payload, type=Settlement))
        while await _FAN_OUT.run():
            pass
        for organization in self.organizations:
            for endpoint in await endpoints.all_of(operator(organization)):
                await deliveries.deliver(Lane(organization, endpoint.id))

    async def end(self) -> None:
        """Do what is to be done before somebody looks."""
        await self.carry_out()
        await _maintain()
        await _tell()

    async def _on(self, target: datetime) -> None:
        if target - moment.now() > _PAUSE:
            moment.go_to(moment.now() + _SOON)
            await self.carry_out()
        while (night := self._next(_NIGHT)) < target:
            moment.go_to(min(night, self._next(_EVENING)))
            for ask in self.evenings:
                await ask()
            moment.go_to(night)
            await self._sleep()
        moment.go_to(max(target, moment.now() + _SOON))

    async def _sleep(self) -> None:
        await self.carry_out()
        await domain_proofs.recheck_due(self.dns)
        await _maintain()
        await _tell()

    def _at(self, days_ago: int, clock: str) -> datetime:
        day = (self.today - timedelta(days=days_ago)).date()
        return datetime.combine(day, time.fromisoformat(clock), self.today.tzinfo)

    def _working_day(self, at: datetime) -> datetime:
        return at if _is_working_day(at) else at - timedelta(days=at.weekday() - 4)

    def _next(self, hour: time) -> datetime:
        now = moment.now()
        at = datetime.combine(now.date(), hour, now.tzinfo)
        return at if at > now else at + timedelta(days=1)


async def _maintain() -> None:
    for task in maintenance.TASKS:
        if task.name not in _WITHOUT:
            await maintenance.carry_out(task)


async def _tell() -> None:
    for tell in (mails.sum_purchases_up, mails.watch_directories, mails.warn_of_keys, mails.tell_of_removals):
        await tell()


def _is_working_day(at: datetime) -> bool:
    return at.weekday() < 5
