"""What Stripe publishes of the endpoints that are used: the parameters of each, and how it refuses others."""

from __future__ import annotations

import re

_SUBSCRIPTION = """add_invoice_items application_fee_percent automatic_tax billing_cycle_anchor billing_schedules
    billing_thresholds cancel_at cancel_at_period_end cancellation_details collection_method days_until_due
    default_payment_method default_source default_tax_rates description discounts expand invoice_settings items metadata
    off_session on_behalf_of pause_collection payment_behavior payment_settings pending_invoice_item_interval
    proration_behavior proration_date transfer_data trial_end trial_from_plan trial_settings"""
_ITEM = """billing_thresholds clear_usage current_trial deleted discounts id metadata plan price price_data quantity
    tax_rates"""
_PREVIEW = """automatic_tax currency customer customer_account customer_details discounts expand invoice_items issuer
    on_behalf_of preview_mode schedule schedule_details subscription subscription_details"""
_DETAILS = """billing_cycle_anchor billing_mode billing_schedules cancel_at cancel_at_period_end cancel_now
    default_tax_rates items metadata pause proration_behavior proration_date resume_at start_date trial_end"""
_PAGES = "ending_before expand limit starting_after"

PUBLISHED = {
    "GET /v1/subscriptions/{id}": {"": "expand"},
    "POST /v1/subscriptions/{id}": {"": _SUBSCRIPTION, "items": _ITEM},
    "GET /v1/subscription_items": {"": f"{_PAGES} subscription"},
    "POST /v1/invoices/create_preview": {
        "": _PREVIEW,
        "subscription_details": _DETAILS,
        "subscription_details.items": _ITEM,
    },
    "GET /v1/invoiceitems": {
        "": f"{_PAGES} created customer customer_account invoice pending",
        "created": "gt gte lt lte",
    },
}
"""The parameters of each endpoint, by where they are, in version 2026-10-28.endive of the API."""

_CHOICES = {
    "payment_behavior": {"allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete"},
    "proration_behavior": {"always_invoice", "create_prorations", "none"},
}


class Refusal(Exception):
    """An answer that is an error; `is_kept` says whether carrying out had begun, so that it is repeated for the key."""

    def __init__(
        self, status: int, type: str, message: str, *, is_kept: bool = False, code: str | None = None, **headers: str
    ) -> None:
        super().__init__(message)
        self.status, self.is_kept, self.headers = status, is_kept, headers
        self.body = {"error": {"type": type, "message": message, **({"code": code} if code else {})}}


def checked(endpoint: str, asked: dict[str, str]) -> None:
    """Refuse what is not published, and what is no value of its kind."""
    for name, value in asked.items():
        # items[0][quantity] is `quantity` in `items`.
        path = [part for part in re.findall(r"[^\[\]]+", name) if not part.isdigit()]
        allowed = PUBLISHED[endpoint].get(".".join(path[:-1]))
        if allowed is None or path[-1] not in allowed.split():
            raise Refusal(400, "invalid_request_error", f"Received unknown parameter: {name}", code="parameter_unknown")
        if path[-1] in ("quantity", "proration_date", "limit", "gte", "lt") and not value.isdigit():
            raise Refusal(400, "invalid_request_error", f"Invalid integer: {value}", code="parameter_invalid_integer")
        if path[-1] in _CHOICES and value not in _CHOICES[path[-1]]:
            raise Refusal(400, "invalid_request_error", f"Invalid {name}: must be one of {_CHOICES[path[-1]]}")
    if asked.get("limit", "10") not in map(str, range(1, 101)):
        raise Refusal(400, "invalid_request_error", "limit must be between 1 and 100")
