"""An organization in which every list is full, with names as long as people have them, and none like the other."""

from __future__ import annotations

import json
import secrets
import uuid
from datetime import UTC, date, datetime
from typing import Any

from api.provisioning.caller import NOWHERE
from db.enums import SeatType
from db.transaction import transaction
from tests import factories as make
from tests.outbox.failing import failed

from .firm import Firm
from .world import World, furnished

ROWS = 60
_GIVEN = ("Maximiliana", "Bartholomew", "Oluwaseun", "Krzysztof", "Anastasia", "Thiruvalluvan", "Aroha", "Siobhán")
_FAMILY = ("Featherstonehaugh", "Papadopoulos-Lindqvist", "van den Heuvel", "Wojciechowski", "Balasubramanian")
_WHY = (
    "The e-mail address belongs to a member already, whom this directory may not take over before an admin decides.",
    "No full seat is free (25 of 25 used). Add seats, or set seat_type to lite or free.",
    "The domain is outside the verified domains of this organization; verify it, or invite this person by hand.",
)


def name(number: int) -> str:
    """What somebody is called."""
    return f"{_GIVEN[number % len(_GIVEN)]} {_FAMILY[number * 7 % len(_FAMILY)]} {secrets.token_hex(3)}"


async def crowded(firm: Firm) -> World:
    """The organization with more rows in every list than a page has, and so the platform."""
    world = await furnished(firm)

    async def fill() -> None:
        members = await _people(firm, world)
        await _lists(firm, world, members)
        await _record(firm, world)
        await _developers(firm, world)
        await _platform(firm)

    async with firm.place.within():
        await transaction(fill)
    return world


async def _people(firm: Firm, world: World) -> list[uuid.UUID]:
    directory, group = world.ids["directory"], world.ids["group"]
    members = []
    for number in range(ROWS):
        said = name(number)
        address = f"{said.lower().replace(' ', '.')}@{firm.domain}"
        account = await make.AccountFactory.make(email=address)
        member = await make.MemberFactory.make(
            organization=firm.id, account=account.id, email=address, display_name=said, seat=SeatType.FREE
        )
        members.append(member.id)
        user = await make.DirectoryUserFactory.make(
            directory=uuid.UUID(directory), organization=firm.id, member=member.id, user_name=address
        )
        await make.GroupMemberFactory.make(group=uuid.UUID(group), organization=firm.id, value=user.id)
        await make.DirectoryGroupFactory.make(
            directory=uuid.UUID(directory), organization=firm.id, display_name=f"Site inspectors of {said}"
        )
    return members


async def _lists(firm: Firm, world: World, members: list[uuid.UUID]) -> None:
    directory = uuid.UUID(world.ids["directory"])
    for number, member in enumerate(members):
        about: dict[str, Any] = {"organization": firm.id, "member": member}
        await make.SeatEntryFactory.make(**about, cause="ARRIVED")
        await make.SeatPurchaseFactory.make(**about, added_on=date(2026, 4, 1 + number % 28))
        await make.RemovalFactory.make(directory=directory, **about)
        await make.LinkRequestFactory.make(directory=directory, **about, user_name=name(number))
        await make.DomainFactory.make(organization=firm.id, name=f"branch{number}-{secrets.token_hex(6)}.example.com")
        await make.PortalLinkFactory.make(organization=firm.id, created_by=name(number))
        await make.JobFactory.make(organization=firm.id, asked_by=name(number))
        await make.JobRowFactory.make(
            organization=firm.id, job=uuid.UUID(world.ids["done"]), number=10 + number,
            outcome="REFUSED", text=_WHY[number % len(_WHY)],
        )  # fmt: skip


async def _record(firm: Firm, world: World) -> None:
    for number in range(ROWS):
        said = name(number)
        await make.RequestFactory.make(
            organization=firm.id, directory=uuid.UUID(world.ids["directory"]), method="POST", status=409,
            subject_key=f"{said.lower().replace(' ', '.')}@{firm.domain}", detail=_WHY[number % len(_WHY)],
            resource_type="User",
        )  # fmt: skip
        await make.ChangeFactory.make(
            organization=firm.id, actor_kind="ADMIN",
            before=json.dumps({"status": "ACTIVE", "display_name": said, "title": "Site Manager"}),
            after=json.dumps({"status": "SUSPENDED", "display_name": name(number), "title": "Head of Operations"}),
        )  # fmt: skip


async def _developers(firm: Firm, world: World) -> None:
    endpoint = uuid.UUID(world.ids["endpoint"])
    for number in range(ROWS):
        await make.ApiTokenFactory.make(
            organization=firm.id, name=f"Nightly export for {name(number)}",
            rights='["organization.read", "audit.read", "members.manage"]',
        )  # fmt: skip
        message = await make.WebhookMessageFactory.make(organization=firm.id, type="member.profile_changed")
        delivery = await make.WebhookDeliveryFactory.make(
            organization=firm.id, endpoint=endpoint, message=message.id, state="FAILED", due_at=None,
            ended_at=datetime.now(UTC),
        )  # fmt: skip
        await make.WebhookAttemptFactory.make(
            organization=firm.id, delivery=delivery.id, status=503, error=f"The host {name(number)} did not answer."
        )
    for number in range(18):
        await make.WebhookEndpointFactory.make(organization=firm.id, description=name(number), is_enabled=False)


async def _platform(firm: Firm) -> None:
    for number in range(ROWS):
        await make.OrganizationFactory.make(name=f"{name(number)} & Sons of the northern region")
        await make.MailMessageFactory.make(
            organization=firm.id, state="FAILED", last_error=f"550 5.1.1 no mailbox here for {name(number)}"
        )
        await make.ChangeFactory.make(
            organization=NOWHERE, actor_kind="OPERATOR", after=json.dumps({"name": name(number)})
        )
        await failed(because=f"ConnectionError: {name(number)} did not answer within 30 seconds")
