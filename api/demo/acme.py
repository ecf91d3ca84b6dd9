"""Acme, where something of everything happens in four months."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import httpx

from api.provisioning import directories, lookups, members, platform, seat_pools
from api.provisioning.actor import operator
from api.provisioning.caller import the_operator
from api.provisioning.directories import Settings as Policies
from api.settings import Settings
from db.enums import BillingInterval, Provider, SeatType
from db.ids import DirectoryId, OrganizationId

from . import people
from .by_hand import Admin
from .days import Days
from .dialects import Entra, JumpCloud, Okta
from .people import CONTRACTED, FIELD, GROUPS, WORKFORCE, Person

PRICES = {SeatType.FULL: 30_00, SeatType.LITE: 12_00}
SEATS = {SeatType.FULL: 23, SeatType.LITE: 11}
_FOURTH = Person("Wiremu", "Parata", "Field Technician", "Field", "free", (), 12)
_PILOT_TRIES = 9
"""On this day JumpCloud is heard of for the last time."""

_WAVE = 119
"""Until this day whole departments arrive; whoever comes later is new at Acme."""

Step: TypeAlias = tuple[int, str, Callable[[], Awaitable[object]]]
"""So many days ago, at an hour, something is done."""


@dataclass(slots=True)
class Acme:
    """Lives through the days; `organization`, `directory` and `key` are known once it has begun."""

    days: Days
    organization: OrganizationId
    directory: DirectoryId
    key: str
    okta: Okta
    entra: Entra
    jumpcloud: JumpCloud
    admin: Admin

    @classmethod
    async def founded(
        cls, days: Days, http: httpx.AsyncClient, settings: Settings, organization: OrganizationId
    ) -> Acme:
        """What the operator does for a new customer: seats, terms, and the directory that they asked for."""
        actor = operator(organization)
        anchor = days.start.date().replace(day=1)
        await seat_pools.set_terms(
            actor, currency="EUR", interval=BillingInterval.MONTH, anchor=anchor, is_enrolled=True, pack_size=5
        )
        for seat_type, price in PRICES.items():
            await seat_pools.set_price(actor, seat_type, price)
        await seat_pools.set_limits(actor, SEATS)
        made = await directories.connect(actor, name=people.DIRECTORY, provider=Provider.OKTA, settings=Policies())
        days.organizations.append(organization)
        okta, entra, jumpcloud = (
            Okta.of(http, settings.seat_type_urn),
            Entra.of(http, settings.seat_type_urn),
            JumpCloud.of(http, settings.seat_type_urn),
        )
        okta.use(made.key)
        return cls(days, organization, made.id, made.key, okta, entra, jumpcloud, Admin(organization, settings, days))

    async def live(self, elsewhere: Sequence[Step]) -> None:
        """All that happens, here and elsewhere, but for today."""
        steps = [*self._workforce(), *self._contractors(), *self._field(), *self._acts(), *elsewhere]
        for days_ago, clock, act in sorted(steps, key=lambda step: (-step[0], step[1])):
            await self.days.to(days_ago, clock)
            await act()

    def _workforce(self) -> list[Step]:
        """What Okta sends as people come, change and go; each evening it looks who is here."""
        self.days.evenings.append(self.okta.look)
        steps: list[Step] = [(122, "09:12", self.okta.test), (122, "09:14", self.okta.test)]
        for number, each in enumerate(WORKFORCE):
            is_new = each.arrives < _WAVE
            steps.append((each.arrives, f"09:{number % 60:02}", partial(self._arrive, each, is_new)))
            if each.leaves is not None:
                steps.append((each.leaves, "17:05", partial(self._leave, each)))
        steps += [(_WAVE, f"11:{number:02}", partial(self._push, name)) for number, name in enumerate(GROUPS)]
        for days_ago, given, title in (
            (93, "Jonas", "Senior Plant Engineer"),
            (64, "Ravi", "Senior Accountant"),
            (41, "Mateo", "Lead Inspector"),
            (13, "Amara", "Sales Director"),
        ):
            who = next(each for each in WORKFORCE if each.given == given)
            steps.append((days_ago, "14:20", partial(self.okta.update, who, title=title)))
        return steps

    async def _arrive(self, person: Person, is_new: bool) -> None:
        await self.okta.provision(person)
        if is_new:
            for name in (*person.groups, people.EVERYBODY):
                await self.okta.join(name, person)

    async def _leave(self, person: Person) -> None:
        await self.okta.update(person, active=False)
        for name in (*person.groups, people.EVERYBODY):
            await self.okta.leave(name, person)

    async def _push(self, name: str) -> None:
        here = [each for each in WORKFORCE if each.arrives >= _WAVE]
        await self.okta.push_group(name, [each for each in here if name == people.EVERYBODY or name in each.groups])

    def _contractors(self) -> list[Step]:
        """What Entra ID sends about people of two agencies."""
        first = [each for each in CONTRACTED if each.arrives >= 108]
        named = {each.given: each for each in CONTRACTED}
        steps: list[Step] = [(each.arrives, "10:40", partial(self.entra.provision, each)) for each in first]
        steps.append((108, "11:20", partial(self.entra.make_group, people.SITE_ACCESS)))
        steps.append((108, "11:21", partial(self.entra.add_members, people.SITE_ACCESS, first)))
        steps += [(each.arrives, "10:40", partial(self._contract, each)) for each in CONTRACTED if each not in first]
        yaw, bronwyn, sione = named["Yaw"], named["Bronwyn"], named["Sione"]
        steps.append((71, "13:20", partial(self.entra.set, sione, "title", "Scaffolding Lead")))
        steps.append((33, "16:00", partial(self.entra.disable, yaw)))
        steps.append((6, "16:40", partial(self.entra.remove_members, people.SITE_ACCESS, [bronwyn])))
        steps.append((3, "16:00", partial(self.entra.delete, yaw)))
        return steps

    async def _contract(self, person: Person) -> None:
        await self.entra.provision(person)
        await self.entra.add_members(people.SITE_ACCESS, [person])

    def _field(self) -> list[Step]:
        """What JumpCloud sends in a pilot."""
        steps: list[Step] = [(23, "15:00", partial(self.jumpcloud.activate, f"jumpcloud-test@{people.DOMAIN}"))]
        return steps + [(each.arrives, "08:50", partial(self.jumpcloud.provision, each)) for each in FIELD]

    def _acts(self) -> list[Step]:
        """What people do by hand."""
        return [
            (121, "16:30", self._first_admin),
            (118, "10:15", self.admin.choose_rules),
            (118, "14:10", partial(self.admin.map_groups, people.ROLES)),
            (113, "09:40", partial(self.admin.claim, people.CONTRACTORS, people.AGENCY)),
            (112, "09:10", partial(self.admin.prove, people.CONTRACTORS, people.AGENCY)),
            (111, "15:05", self._connect_entra),
            (107, "10:05", partial(self.admin.let_in_by, people.SITE_ACCESS)),
            (100, "11:30", self.admin.connect_sso),
            (92, "13:45", partial(self.admin.add_endpoint, "A developer's machine, to see what events look like")),
            (80, "10:20", self.admin.make_token),
            (62, "09:05", self.admin.invite_freelancer),
            (61, "18:20", self.admin.see_acceptance),
            (60, "09:30", self.admin.buy_when_full),
            (58, "12:00", partial(self.admin.lose_record, people.AGENCY)),
            (39, "08:40", self.admin.see_sign_in),
            (36, "09:55", self.admin.end_sso),
            (30, "16:10", self.admin.wait_when_full),
            (28, "10:30", self.admin.stand_in),
            (25, "11:15", self._connect_jumpcloud),
            (19, "15:25", self.admin.put_name_right),
            (15, "17:30", self.admin.lock_out),
            (5, "10:10", self.admin.claim_labs),
            (4, "11:00", self.admin.check_labs),
            (2, "10:25", partial(self.admin.add_endpoint, "The warehouse app, on a test server")),
            (2, "14:45", self.admin.invite_auditor),
        ]

    async def _first_admin(self) -> None:
        actor = operator(self.organization)
        found = await lookups.member_by_email(actor, people.ADMIN)
        assert found is not None
        await members.override_role(
            actor, found, "admin", reason="The first admin, named in the contract", by=actor.who
        )

    async def _connect_entra(self) -> None:
        key, _ = await self.admin.connect("Entra ID contractors", Provider.ENTRA_ID)
        self.entra.use(key)
        await self.entra.test()
        self.days.evenings.append(self._cycle)

    async def _cycle(self) -> None:
        """One of the many cycles in which Entra ID looks whether all is as it was."""
        known = sorted(self.entra.ids)
        await (self.entra.look(known[self.days.number % len(known)]) if known else self.entra.test())

    async def _connect_jumpcloud(self) -> None:
        self.jumpcloud.use(await self.admin.connect_pilot("JumpCloud field offices", Provider.JUMPCLOUD))
        self.days.evenings.append(self._try)

    async def _try(self) -> None:
        """The fourth person of a pilot for three is tried again and again, until the pilot is given up."""
        if _PILOT_TRIES <= self.days.ago <= _FOURTH.arrives:
            await self.jumpcloud.provision(_FOURTH, refused=403)
        elif self.days.ago > _FOURTH.arrives:
            await self.jumpcloud.look()


async def found(name: str, *domains: str) -> OrganizationId:
    """A new organization, made by the operator."""
    return await platform.create(the_operator(), name, domains=domains)
