"""Whoever charges for seats: adapters for the port `api.provisioning.billing`, and what workers do for it."""
