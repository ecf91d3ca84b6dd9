"""Plans: what an operator offers, and what an organization has of it."""

from __future__ import annotations

import strawberry

from api.provisioning import plans
from api.provisioning.actor import Right
from api.provisioning.plan_catalogue import Access, Feature
from api.provisioning.plan_catalogue import Contact as Asked
from db.rule_rows import OrganizationView

from .access import field
from .context import Info


@strawberry.type(description="What an organization's plan lets it do.")
class Plan:
    key: str
    name: str | None = strawberry.field(description="Null for one that is not offered any more, which has nothing.")
    add_ons: list[Feature] = strawberry.field(description="What was granted besides.")
    features: list[Feature] = strawberry.field(description="All that it has, by the plan or an add-on.")


@strawberry.type(description="Who is asked about a plan.")
class Contact:
    name: str
    mail: str | None
    link: str | None


@strawberry.input(description="Who is to be asked: by mail, by a link, or both.")
class ContactInput:
    name: str
    mail: str | None = None
    link: str | None = None


@strawberry.type(description="A plan that organizations can have.")
class PlanOffer:
    key: str
    name: str | None = strawberry.field(description="Null for one that is not offered any more.")
    scim: Access
    auto_purchase: Access
    contact: Contact | None
    organizations: int = strawberry.field(description="How many have it.")


@strawberry.type
class OrganizationPlan:
    """What an organization shows of its plan."""

    row: strawberry.Private[OrganizationView]

    @field(description="What it may use.")
    async def plan(self) -> Plan:
        catalogue, key, add_ons = plans.catalogue(), self.row.plan, self.row.add_ons
        offered = catalogue.plans.get(key)
        return Plan(
            key=key,
            name=offered.name if offered else None,
            add_ons=[each for each in Feature if each in add_ons],
            features=[each for each in Feature if catalogue.has(key, add_ons, each)],
        )

    @field(description="Who is asked for help: its own contact, or that of its plan.")
    async def support_contact(self) -> Contact | None:
        return _contact(plans.contact_of(self.row.plan, self.row.support_contact))


@strawberry.type
class PlanQuery:
    @field(needs=Right.PLATFORM_MANAGE, description="The plans that are offered, then those that are only in use.")
    async def plans(self, info: Info) -> list[PlanOffer]:
        return [
            PlanOffer(
                key=each.key,
                name=each.name,
                scim=each.scim,
                auto_purchase=each.auto_purchase,
                contact=_contact(each.contact),
                organizations=each.organizations,
            )
            for each in await plans.all_of_them(info.context.caller)
        ]


def _contact(row: Asked | None) -> Contact | None:
    return Contact(name=row.name, mail=row.mail, link=row.link) if row else None
