"""Invitations to become a member; of their tokens only the hash is known here."""

from __future__ import annotations

import uuid
from datetime import datetime

from db.together import Part


def accepted_part(organization: uuid.UUID, member: uuid.UUID, at: datetime) -> Part:
    """The write that an invitation was accepted."""
    return Part(
        "invitation_accepted",
        "UPDATE invitation SET accepted_at = $3 WHERE organization_id = $1 AND member_id = $2 AND accepted_at IS NULL",
        (organization, member, at),
    )
