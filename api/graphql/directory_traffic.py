"""What directories sent within the last day."""

from __future__ import annotations

from datetime import datetime

import strawberry

from api.provisioning import traffic
from api.provisioning.traffic import Received
from db.enums import Provider
from db.provisioning_rows import DirectoryView

from .access import field
from .context import Info


@strawberry.type(description="How the requests of a directory within one hour went.")
class TrafficHour:
    at: datetime = strawberry.field(description="When the hour began.")
    written: int = strawberry.field(description="Requests that were to change something, and were carried out.")
    read: int
    refused: int
    is_known: bool = strawberry.field(description="False where there were too many to count.")


@strawberry.type(description="An attribute that people look for, what consoles call it, and how often it came.")
class AttributeReceived:
    name: str = strawberry.field(description="Its name in SCIM.")
    label: str = strawberry.field(description="What people call it.")
    console_name: str | None = strawberry.field(
        description="What the console of the directory's provider calls it; null where it is not sent by default."
    )
    is_needed: bool = strawberry.field(description="Whether it is always kept: it says who somebody is.")
    okta: str | None
    jump_cloud: str | None
    entra_id: str | None
    received: int = strawberry.field(description="So many users came with it.")


@strawberry.type(description="Which attributes came with the users that a directory sent within the last 24 hours.")
class AttributesReceived:
    since: datetime
    users: int = strawberry.field(description="So many users were sent, and are still there; 5000 are looked at.")
    attributes: list[AttributeReceived]


@strawberry.type
class DirectoryTraffic:
    """What a directory shows of what it sent."""

    row: strawberry.Private[DirectoryView]

    @field(weight=5, assumed=24, description="How its requests of the last 24 hours went, by the hour, oldest first.")
    async def traffic(self, info: Info) -> list[TrafficHour]:
        found = await info.context.load(traffic.hours, self.row.organization_id, self.row.id)
        return [
            TrafficHour(at=each.at, written=each.written, read=each.read, refused=each.refused, is_known=each.is_known)
            for each in found or ()
        ]

    @field(weight=10, description="Which attributes came with the users that it sent within the last 24 hours.")
    async def attributes_received(self, info: Info) -> AttributesReceived:
        found = await info.context.load(traffic.received, self.row.organization_id, self.row.id)
        assert found is not None
        return _received(Provider(self.row.provider), found)


def _received(provider: Provider, found: Received) -> AttributesReceived:
    return AttributesReceived(
        since=found.since,
        users=found.users,
        attributes=[
            AttributeReceived(
                name=each.name,
                label=each.label,
                console_name=each.consoles.get(provider, each.name),
                is_needed=each.is_needed,
                okta=each.consoles[Provider.OKTA],
                jump_cloud=each.consoles[Provider.JUMPCLOUD],
                entra_id=each.consoles[Provider.ENTRA_ID],
                received=count,
            )
            for each, count in found.having
        ],
    )
