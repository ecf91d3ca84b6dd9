"""Things of which nothing is known but what has to be are shown like all others: what may be missing is null."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLObjectType

from api.graphql import ids, schema
from api.provisioning.caller import NOWHERE
from tests.factories import (
    AccessRevocationFactory,
    ApiTokenFactory,
    ChangeFactory,
    ContactFactory,
    DirectoryFactory,
    DirectoryGroupFactory,
    DirectoryKeyFactory,
    DirectoryUserFactory,
    DomainFactory,
    ExtensionFactory,
    JobFactory,
    LinkRequestFactory,
    MailMessageFactory,
    MemberFactory,
    OrganizationFactory,
    RemovalFactory,
    RequestFactory,
    RoleFactory,
    SeatEntryFactory,
    SeatPurchaseFactory,
    SsoConnectionFactory,
    WebhookDeliveryFactory,
    WebhookEndpointFactory,
)
from tests.factories.rows import RowFactory, save

from .conftest import NewApi
from .test_no_statement_per_row import all_of

THINGS: dict[str, type[RowFactory[Any]]] = {
    "AccessRevocation": AccessRevocationFactory,
    "ApiToken": ApiTokenFactory,
    "AuditEntry": ChangeFactory,
    "Directory": DirectoryFactory,
    "DirectoryKey": DirectoryKeyFactory,
    "DirectoryUser": DirectoryUserFactory,
    "Domain": DomainFactory,
    "Extension": ExtensionFactory,
    "Group": DirectoryGroupFactory,
    "Job": JobFactory,
    "LinkRequest": LinkRequestFactory,
    "Mail": MailMessageFactory,
    "MailContact": ContactFactory,
    "Member": MemberFactory,
    "Organization": OrganizationFactory,
    "Removal": RemovalFactory,
    "Role": RoleFactory,
    "ScimRequest": RequestFactory,
    "SeatEntry": SeatEntryFactory,
    "SeatPurchase": SeatPurchaseFactory,
    "SsoConnection": SsoConnectionFactory,
    "WebhookDelivery": WebhookDeliveryFactory,
    "WebhookEndpoint": WebhookEndpointFactory,
}


KEPT = {"organization_id", "rank"}
"""What may be null in tables for what is never shown: a role without rank is archived."""


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("type", THINGS)
async def test_what_is_missing_is_null(new_api: NewApi, type: str) -> None:
    made = THINGS[type].build()
    for column in made._meta.columns:
        if column._meta.null and column._meta.name not in KEPT:
            setattr(made, column._meta.name, None)
    await save(made)
    row = made.to_dict()
    organization = row["id"] if type == "Organization" else row.get("organization_id") or NOWHERE
    id = ids.write(type, organization, row["id"])
    shown = schema.core().type_map[type]
    assert isinstance(shown, GraphQLObjectType)
    api = await new_api(None)
    text = f"query ($id: ID!) {{ node(id: $id) {{ ... on {type} {all_of(shown, 2)} }} }}"
    assert (await api.ask(text, id=id))["node"]["__typename"] == type
