"""What is said of things that are not there; another directory's look the same."""

from __future__ import annotations

from api.provisioning.errors import NotFound


def no_user(id: str) -> NotFound:
    """There is no such user."""
    return NotFound(f"There is no user with the id {id[:100]!r} in this directory.")


def no_group(id: str) -> NotFound:
    """There is no such group."""
    return NotFound(f"There is no group with the id {id[:100]!r} in this directory.")
