"""Operations about whoever charges for seats."""

from __future__ import annotations

from typing import Any

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
    "purchaseRetry": Sample(f"mutation ($id: ID!) {{ purchaseRetry(id: $id) {_PURCHASE} }}", waiting),
    "purchaseCancel": Sample(f"mutation ($id: ID!) {{ purchaseCancel(id: $id) {_PURCHASE} }}", waiting),
}
