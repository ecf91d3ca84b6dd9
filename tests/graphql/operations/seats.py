"""Operations about seats."""

from __future__ import annotations

from typing import Any

from tests.graphql.conftest import Api
from tests.scim.conversation import Scim

from . import Sample


async def _organization(api: Api, scim: Scim) -> dict[str, Any]:
    organization = scim.access.organization_id
    return {"id": api.id("Organization", organization, organization)}


def _sample(field: str, arguments: str) -> Sample:
    text = f"mutation ($id: ID!) {{ {field}(organizationId: $id{arguments}) {{ userErrors {{ code message }} }} }}"
    return Sample(text, _organization)


_TERMS = ', input: {currency: "EUR", interval: MONTH, anchor: "2026-01-01", isEnrolled: true}'

SAMPLES: dict[str, Sample] = {
    "seatLimitsSet": _sample("seatLimitsSet", ", limits: [{seatType: FULL, limit: 5}]"),
    "seatPriceSet": _sample("seatPriceSet", ", input: {seatType: FULL, price: 3000}"),
    "billingTermsSet": _sample("billingTermsSet", _TERMS),
    "spendingCapAccept": _sample("spendingCapAccept", ", monthlyCap: 30000"),
    "spendingCapWithdraw": _sample("spendingCapWithdraw", ""),
    "suggestionDismiss": _sample("suggestionDismiss", ", code: SCIM"),
}
