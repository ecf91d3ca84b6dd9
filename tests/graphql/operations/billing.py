"""Operations about whoever charges for seats."""

from __future__ import annotations

from typing import Any

from api.billing import host_accounts
from api.provisioning.actor import operator
from db.enums import PurchaseState
from tests.factories import SeatPurchaseFactory
from tests.graphql.conftest import Api
from tests.scim.conversation import Scim

from . import Sample
from .members import own


async def waiting(api: Api, scim: Scim) -> dict[str, Any]:
    """A purchase that waits to be confirmed."""
    made = await SeatPurchaseFactory.make(organization=scim.access.organization_id, state=PurchaseState.RESERVED)
    return {"id": api.id("SeatPurchase", made.id)}


async def hosted(api: Api, scim: Scim) -> dict[str, Any]:
    """An organization whose host application is asked."""
    await host_accounts.set_url(operator(scim.access.organization_id), "https://app.example.com/billing")
    return await own(api, scim)


_DONE = "userErrors { code message } auditEntry { action }"
_ACCOUNT = f"{{ billing {{ provider isDefault stripe {{ customer items {{ seatType item }} }} }} {_DONE} }}"
_PURCHASE = f"{{ purchase {{ id state provider reason nextAttemptAt }} {_DONE} }}"

SAMPLES: dict[str, Sample] = {
    "billingProviderSet": Sample(
        f"mutation ($id: ID!) {{ billingProviderSet(organizationId: $id, provider: STRIPE) {_ACCOUNT} }}", own
    ),
    "stripeAccountSet": Sample(
        f"""mutation ($id: ID!) {{ stripeAccountSet(organizationId: $id, input: {{customer: "cus_1",
              subscription: "sub_1", items: [{{seatType: FULL, item: "si_1"}}]}}) {_ACCOUNT} }}""",
        own,
    ),
    "billingHostSet": Sample(
        f"""mutation ($id: ID!) {{ billingHostSet(organizationId: $id, url: "https://app.example.com/billing") {{
              secret billing {{ hostUrl }} {_DONE} }} }}""",
        own,
    ),
    "billingHostSecretRotate": Sample(
        f"mutation ($id: ID!) {{ billingHostSecretRotate(organizationId: $id) {{ secret {_DONE} }} }}", hosted
    ),
    "purchaseRetry": Sample(f"mutation ($id: ID!) {{ purchaseRetry(id: $id) {_PURCHASE} }}", waiting),
    "purchaseCancel": Sample(f"mutation ($id: ID!) {{ purchaseCancel(id: $id) {_PURCHASE} }}", waiting),
}
