"""Operations about seats."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from api.provisioning import seat_pools
from api.provisioning.actor import operator
from db.enums import BillingInterval
from tests.graphql.conftest import Api
from tests.scim.conversation import Scim

from . import Sample


async def _organization(api: Api, scim: Scim) -> dict[str, Any]:
    organization = scim.access.organization_id
    return {"id": api.id("Organization", organization, organization)}


async def _with_terms(api: Api, scim: Scim) -> dict[str, Any]:
    """An organization that has terms to buy by."""
    await seat_pools.set_terms(
        operator(scim.access.organization_id),
        currency="EUR",
        interval=BillingInterval.MONTH,
        anchor=date(2026, 1, 1),
        pack_size=1,
        is_enrolled=True,
    )
    return await _organization(api, scim)


def _sample(
    field: str, arguments: str, variables: Callable[[Api, Scim], Awaitable[dict[str, Any]]] = _organization
) -> Sample:
    text = f"mutation ($id: ID!) {{ {field}(organizationId: $id{arguments}) {{ userErrors {{ code message }} }} }}"
    return Sample(text, variables)


_TERMS = ', input: {currency: "EUR", interval: MONTH, anchor: "2026-01-01", isEnrolled: true}'

SAMPLES: dict[str, Sample] = {
    "seatLimitsSet": _sample("seatLimitsSet", ", limits: [{seatType: FULL, limit: 5}]"),
    "seatPriceSet": _sample("seatPriceSet", ", input: {seatType: FULL, price: 3000}"),
    "billingTermsSet": _sample("billingTermsSet", _TERMS),
    "spendingCapAccept": _sample("spendingCapAccept", ", monthlyCap: 30000", _with_terms),
    "spendingCapWithdraw": _sample("spendingCapWithdraw", "", _with_terms),
    "suggestionDismiss": _sample("suggestionDismiss", ", code: SCIM"),
}
