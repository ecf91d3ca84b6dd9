"""What is left of members who are erased: ids and times."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db.together import Part

_MEMBER = """
UPDATE member SET status = 'ERASED', status_since = $3, email = NULL, email_key = NULL, display_name = NULL,
    seat_type = NULL, awaits_seat = NULL, awaits_since = NULL, role_id = NULL, hold = NULL, held_role_id = NULL,
    locked_out_at = NULL, local = NULL, erase_after = NULL, updated_at = $3, version = version + 1
WHERE organization_id = $1 AND id = ANY($2)
"""
_ACCOUNT = """
UPDATE account a SET email = NULL, email_key = NULL FROM member m
WHERE m.organization_id = $1 AND m.id = ANY($2) AND a.id = m.account_id
  AND NOT EXISTS (SELECT FROM member o
    WHERE o.account_id = a.id AND o.status <> 'ERASED' AND NOT (o.organization_id = $1 AND o.id = ANY($2)))
"""
_HISTORY = """
UPDATE change SET before = NULL, after = NULL
WHERE organization_id = $1 AND (subject_id = ANY($2) OR member_id = ANY($2))
"""
# Requests about groups are left to retention: they name many people, by ids only.
_REQUESTS = """
UPDATE request SET request_body = NULL, response_body = NULL, subject_key = NULL, query = NULL, detail = NULL,
    decisions = '[]'
WHERE organization_id = $1 AND resource_type = 'User' AND (
    id IN (SELECT c.request_id FROM change c
           WHERE c.organization_id = $1 AND (c.subject_id = ANY($2) OR c.member_id = ANY($2)))
    OR subject_key IN (SELECT unnest(ARRAY[d.user_name_key, d.email_key]) FROM departed_user d
                       WHERE d.organization_id = $1 AND d.member_id = ANY($2))
    OR subject_key IN (SELECT m.email_key FROM member m WHERE m.organization_id = $1 AND m.id = ANY($2))
)
"""
_JOBS = """
UPDATE job_row SET wanted = '{}', text = NULL WHERE organization_id = $1 AND member_id = ANY($2)
"""


def erased_parts(organization: uuid.UUID, members: Sequence[uuid.UUID], at: datetime) -> list[Part]:
    """The writes by which nothing but a tombstone is left of members whom no directory has.

    An account that somebody else uses, in another organization, stays as it is.
    """
    who = (organization, list(members))
    gone = [
        Part(f"{table}_gone", f"DELETE FROM {table} WHERE organization_id = $1 AND member_id = ANY($2)", who)
        for table in ("departed_user", "role_override", "invitation", "link_request")
    ]
    return [
        Part("member_erased", _MEMBER, (*who, at)),
        Part("account_erased", _ACCOUNT, who),
        Part("history_erased", _HISTORY, who),
        Part("requests_erased", _REQUESTS, who),
        Part("jobs_erased", _JOBS, who),
        *gone,
    ]
