"""What is known of somebody who is looked for by an e-mail address or userName."""

from __future__ import annotations

from collections.abc import Sequence

from db import sql
from db.ids import OrganizationId
from db.rule_rows import LookedFor, SeenDirectory, SeenRequest, SeenUser

SIGN_IN = "a sign-in"
"""What stands for the method where it was a sign-in."""

_USERS = """
SELECT d.id, d.name, u.user_name, u.user_name_key, u.active, u.updated_at
FROM directory_user u JOIN directory d ON d.organization_id = u.organization_id AND d.id = u.directory_id
WHERE u.organization_id = $1 AND u.member_id = $2 AND d.deleted_at IS NULL
UNION
SELECT d.id, d.name, u.user_name, u.user_name_key, u.active, u.updated_at
FROM directory d JOIN directory_user u ON u.organization_id = d.organization_id AND u.directory_id = d.id
WHERE d.organization_id = $1 AND d.deleted_at IS NULL AND (u.user_name_key = $3 OR u.email_key = $3)
"""


async def looked_for(organization: OrganizationId, text: str) -> LookedFor:
    """The member with this folded address, or behind a directory user of this name, with all their directory users."""
    member = await sql.row(
        """SELECT m.id AS member_id, m.status, m.email, r.name AS role, m.status_since AS since, m.awaits_seat,
                  m.locked_out_at IS NOT NULL AS is_locked_out
           FROM member m
           LEFT JOIN role r ON r.organization_id = m.organization_id AND r.id = m.role_id
           WHERE m.organization_id = $1 AND m.id = coalesce(
               (SELECT id FROM member WHERE organization_id = $1 AND email_key = $2),
               (SELECT u.member_id FROM directory d
                  JOIN directory_user u ON u.organization_id = $1 AND u.directory_id = d.id AND u.user_name_key = $2
                WHERE d.organization_id = $1 LIMIT 1),
               (SELECT u.member_id FROM directory d
                  JOIN departed_user u ON u.organization_id = $1 AND u.directory_id = d.id AND u.user_name_key = $2
                WHERE d.organization_id = $1 ORDER BY u.id DESC LIMIT 1))""",
        organization,
        text,
    )
    users = await sql.rows(_USERS, organization, member["member_id"] if member else None, text)
    found = [SeenUser(*row) for row in users]
    if member is None:
        return LookedFor(users=found)
    return LookedFor(**{**member, "users": found})


# Of single sign-on only the last refusals are looked through: people may fail to sign in as often as they like.
_ABOUT = f"""
(SELECT r.id, r.method, r.status, r.detail, r.received_at, d.name
 FROM request r JOIN directory d ON d.organization_id = r.organization_id AND d.id = r.directory_id
 WHERE r.organization_id = $1 AND r.subject_key = ANY($2) AND r.method <> 'GET' AND d.deleted_at IS NULL
 ORDER BY r.id DESC LIMIT $3)
UNION ALL
(SELECT s.id, '{SIGN_IN}', CASE s.outcome WHEN 'REFUSED' THEN 403 ELSE 200 END, s.detail, s.received_at, t.name
 FROM sign_in_report s JOIN api_token t ON t.id = s.token_id
 WHERE s.organization_id = $1 AND s.email_key = ANY($2) AND s.outcome <> 'IGNORED'
 ORDER BY s.id DESC LIMIT $3)
UNION ALL
(SELECT c.request_id, '{SIGN_IN}', 403, c.after ->> 'reason', c.changed_at, o.name
 FROM sso_connection o CROSS JOIN LATERAL (
     SELECT * FROM change WHERE organization_id = $1 AND subject_id = o.id ORDER BY id DESC LIMIT 500) c
 WHERE o.organization_id = $1 AND c.action = 'sign_in_refused' AND lower(c.after ->> 'email') = ANY($2)
   AND NOT EXISTS (
     SELECT FROM sso_identity i JOIN member m ON m.organization_id = i.organization_id AND m.id = i.member_id
     WHERE i.organization_id = $1 AND m.email_key = ANY($2) AND i.last_sign_in_at > c.changed_at)
 ORDER BY c.id DESC LIMIT $3)
ORDER BY 5 DESC, 1 DESC LIMIT $3
"""


async def requests_about(organization: OrganizationId, names: Sequence[str], *, limit: int) -> list[SeenRequest]:
    """The newest requests about somebody of one of these folded names that were meant to change something.

    That somebody signed in, or was not let in, is one of them; but that a sign-in failed elsewhere is not.
    """
    found = await sql.rows(
        _ABOUT,
        organization,
        list(names),
        limit,
    )
    return [SeenRequest(*row) for row in found]


async def directories(organization: OrganizationId) -> list[SeenDirectory]:
    """The organization's directories with the time of their last request."""
    found = await sql.rows(
        """SELECT d.name, d.provider, d.settings,
                  (SELECT r.received_at FROM request r
                    WHERE r.organization_id = $1 AND r.directory_id = d.id ORDER BY r.id DESC LIMIT 1) AS last
           FROM directory d WHERE d.organization_id = $1 AND d.deleted_at IS NULL ORDER BY d.id""",
        organization,
    )
    return [SeenDirectory(*row) for row in found]
