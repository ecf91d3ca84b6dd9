"""The few questions that cross organizations."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from db import pages, sql
from db.ids import OrganizationId, first_id
from db.mail_rows import EndingKeyRow
from db.oauth_rows import ClientRow, KnownClient, SecretRow
from db.pages import Order, Page, Span
from db.request_rows import RequestView
from db.rows import KeyRow
from db.rule_rows import CountsRow, OrganizationView
from db.sso_rows import ConnectionRow

from . import pulls, request_views, sso

FORGOTTEN = "requests_forgotten"
"""How history calls it that an organization's retention was carried out."""

CHECKED = "drift_checked"
"""How history calls it that an organization was looked through for drift."""

_OF_ITS_DIRECTORY = "d.provider, d.settings, o.schema_version, o.plan, o.add_ons"
_KEY = f"""
SELECT k.id, k.organization_id, k.directory_id, k.last_four, k.expires_at, k.revoked_at, k.last_used_at,
       {_OF_ITS_DIRECTORY}
FROM directory_key k
JOIN directory d ON d.organization_id = k.organization_id AND d.id = k.directory_id
JOIN organization o ON o.id = k.organization_id
WHERE k.hash = $1
"""


async def directory_key(digest: bytes) -> KeyRow | None:
    """The key with that SHA-256, live or not."""
    found = await sql.row(_KEY, digest)
    return KeyRow(*found) if found else None


_ACCESS_TOKEN = f"""
SELECT NULL, c.organization_id, c.directory_id, NULL, least(t.expires_at, s.expires_at),
       least(c.revoked_at, s.revoked_at), c.last_used_at, {_OF_ITS_DIRECTORY}, c.id
FROM oauth_token t
JOIN oauth_client c ON c.organization_id = t.organization_id AND c.id = t.client_id
LEFT JOIN oauth_secret s ON s.organization_id = t.organization_id AND s.id = t.secret_id
JOIN directory d ON d.organization_id = c.organization_id AND d.id = c.directory_id
JOIN organization o ON o.id = c.organization_id
WHERE t.hash = $1
"""


async def access_token(digest: bytes) -> KeyRow | None:
    """The access token with that SHA-256, live or not; it ends with its client and its secret."""
    found = await sql.row(_ACCESS_TOKEN, digest)
    return KeyRow(*found) if found else None


_CLIENT = """
SELECT c.organization_id, c.id, c.directory_id, c.name, c.jwks::text, c.jwks_uri, c.issuer, c.subject, c.audience,
       c.created_by, c.created_at, c.revoked_at, c.last_used_at,
       s.organization_id, s.id, s.client_id, s.last_four, s.created_at, s.expires_at, s.revoked_at, s.last_used_at
FROM oauth_client c
LEFT JOIN oauth_secret s ON s.organization_id = c.organization_id AND s.client_id = c.id AND s.hash = $2
WHERE c.id = $1
"""
_OF_CLIENT = 13


async def oauth_client(client: uuid.UUID, digest: bytes | None) -> KnownClient | None:
    """A client, and its secret with that SHA-256 if it has such a one; both live or not."""
    found = await sql.row(_CLIENT, client, digest)
    if found is None:
        return None
    of_client, of_secret = tuple(found)[:_OF_CLIENT], tuple(found)[_OF_CLIENT:]
    return KnownClient(ClientRow(*of_client), SecretRow(*of_secret) if of_secret[0] else None)


async def forget_oauth(before: datetime, *, limit: int) -> int:
    """Delete some access tokens and used assertions that ended before a moment; how many."""
    gone = 0
    for table in ("oauth_token", "oauth_assertion"):
        found = await sql.rows(
            f"DELETE FROM {table} WHERE ctid = ANY(ARRAY("
            f"SELECT ctid FROM {table} WHERE expires_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)) RETURNING 1",
            before,
            limit,
        )
        gone += len(found)
    return gone


_NO_KEY = f"""
SELECT NULL, d.organization_id, d.id, NULL, NULL, NULL, NULL, {_OF_ITS_DIRECTORY}
FROM directory d JOIN organization o ON o.id = d.organization_id
WHERE d.organization_id = $1 AND d.id = $2 AND d.deleted_at IS NULL
"""


async def without_key(organization: uuid.UUID, directory: uuid.UUID) -> KeyRow | None:
    """What a request needs to know of a directory that comes without a key; None when it is deleted."""
    found = await sql.row(_NO_KEY, organization, directory)
    return KeyRow(*found) if found else None


_TOUCH = """
UPDATE directory_key k SET last_used_at = used.at, first_used_at = coalesce(k.first_used_at, k.last_used_at, used.at)
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS used (organization_id, id, at)
WHERE k.organization_id = used.organization_id AND k.id = used.id
  AND (k.last_used_at IS NULL OR k.last_used_at < used.at)
"""
_TOUCH_CLIENTS = """
UPDATE oauth_client k SET last_used_at = used.at
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS used (organization_id, id, at)
WHERE k.organization_id = used.organization_id AND k.id = used.id
  AND (k.last_used_at IS NULL OR k.last_used_at < used.at)
"""


async def touch_keys(used: Sequence[tuple[uuid.UUID, uuid.UUID, datetime]]) -> None:
    """Note when keys (organization, key, time) were last used."""
    await sql.rows(_TOUCH, [u[0] for u in used], [u[1] for u in used], [u[2] for u in used])


async def touch_clients(used: Sequence[tuple[uuid.UUID, uuid.UUID, datetime]]) -> None:
    """Note when OAuth clients (organization, client, time) were last used."""
    await sql.rows(
        _TOUCH_CLIENTS,
        [u[0] for u in used],
        [u[1] for u in used],
        [u[2] for u in used],
    )


async def ping() -> None:
    """Raise unless the database answers."""
    await sql.value("SELECT 1")


async def organizations() -> list[dict[str, object]]:
    """All organizations, oldest first, with how many directories and members each has."""
    found = await sql.rows(
        """SELECT o.id, o.name, o.created_at, o.plan, ARRAY(SELECT jsonb_array_elements_text(o.add_ons)) AS add_ons,
                  (SELECT count(*) FROM directory d
                    WHERE d.organization_id = o.id AND d.deleted_at IS NULL) AS directories,
                  (SELECT count(*) FROM member m WHERE m.organization_id = o.id) AS members
           FROM organization o ORDER BY o.id"""
    )
    return [dict(row) for row in found]


# Of each organization its newest by its own index, and the newest of these: no index of all requests has to be kept.
_NEWEST_REQUESTS = """(
    SELECT of_one.* FROM organization o CROSS JOIN LATERAL (
        SELECT r.* FROM request r
         WHERE r.organization_id = o.id AND r.id >= $1 AND ($3::uuid IS NULL OR r.id {sign} $3::uuid) {refused}
         ORDER BY r.id {direction} LIMIT $2
    ) of_one ORDER BY of_one.id {direction} LIMIT $2
) r"""


async def requests(since: datetime, span: Span, *, refused: bool) -> Page[RequestView]:
    """Requests of all organizations since a moment, newest first; only those that were refused, if that is asked."""
    narrow = _NEWEST_REQUESTS.format(
        sign=">" if span.is_backwards else "<",
        direction="ASC" if span.is_backwards else "DESC",
        refused="AND r.status >= 400" if refused else "",
    )
    select = request_views.READ.replace("FROM request r", f"FROM {narrow}")
    args = [first_id(since), span.limit + 1, span.place.id if span.place else None]
    found = await pages.page(select, [], args, request_views.NEWEST_FIRST, span)
    return Page([RequestView(*row[:-2]) for row in found.rows], found.places, found.has_more)


async def request_organization(request: uuid.UUID) -> uuid.UUID | None:
    """The organization of a request, by its trace id."""
    found = await sql.row(
        "SELECT o.id FROM organization o WHERE EXISTS ("
        "SELECT FROM request r WHERE r.organization_id = o.id AND r.id = $1)",
        request,
    )
    return found[0] if found else None


_PAGE = """
SELECT o.id, o.name, o.created_at, o.plan, ARRAY(SELECT jsonb_array_elements_text(o.add_ons)),
       o.request_retention_days, o.body_retention_days, o.support_contact::text, o.attribute_notes::text
FROM organization o"""


async def views(ids: Sequence[uuid.UUID]) -> list[OrganizationView]:
    """Organizations by id."""
    return [OrganizationView(*row) for row in await sql.rows(f"{_PAGE}\nWHERE o.id = ANY($1)", list(ids))]


async def organization_page(
    text: str | None, plan: str | None, among: Sequence[uuid.UUID] | None, span: Span
) -> Page[OrganizationView]:
    """Organizations in the order in which they were made; with a text in their name, a plan, and of some, if given."""
    conditions, args = list[str](), list[object]()
    if text:
        args.append(text)
        conditions.append(f"strpos(lower(o.name), lower(${len(args)})) > 0")
    if plan is not None:
        args.append(plan)
        conditions.append(f"o.plan = ${len(args)}")
    if among is not None:
        args.append(list(among))
        conditions.append(f"o.id = ANY(${len(args)})")
    found = await pages.page(_PAGE, conditions, args, Order("o.id", "o.id"), span)
    return Page([OrganizationView(*row[:-2]) for row in found.rows], found.places, found.has_more)


async def counts(organizations: Sequence[uuid.UUID]) -> list[CountsRow]:
    """How many members, tombstones included, and directories organizations have."""
    found = await sql.rows(
        """SELECT o.id, (SELECT count(*) FROM member m WHERE m.organization_id = o.id),
                  (SELECT count(*) FROM directory d WHERE d.organization_id = o.id AND d.deleted_at IS NULL)
           FROM unnest($1::uuid[]) AS o (id)""",
        list(organizations),
    )
    return [CountsRow(*row) for row in found]


async def plans() -> dict[str, int]:
    """How many organizations have each plan that at least one has."""
    found = await sql.rows("SELECT plan, count(*) FROM organization GROUP BY plan ORDER BY plan")
    return {row[0]: row[1] for row in found}


async def domain_owner(name: str) -> uuid.UUID | None:
    """The organization that has this domain verified."""
    found = await sql.row("SELECT organization_id FROM domain WHERE name = $1 AND state = 'VERIFIED'", name)
    return found[0] if found else None


async def invitation(digest: bytes) -> tuple[OrganizationId, uuid.UUID] | None:
    """The organization and member that a token invites, by its SHA-256."""
    found = await sql.row("SELECT organization_id, member_id FROM invitation WHERE token_hash = $1", digest)
    return (OrganizationId(found[0]), found[1]) if found else None


async def portal_link(digest: bytes) -> tuple[OrganizationId, uuid.UUID] | None:
    """The organization and id of a portal link, by the SHA-256 of the link's token."""
    found = await sql.row("SELECT organization_id, id FROM portal_link WHERE hash = $1", digest)
    return (OrganizationId(found[0]), found[1]) if found else None


async def portal_session(digest: bytes) -> tuple[OrganizationId, uuid.UUID] | None:
    """The organization and id of a portal link, by the SHA-256 of the token of the session that it began."""
    found = await sql.row("SELECT organization_id, id FROM portal_link WHERE session_hash = $1", digest)
    return (OrganizationId(found[0]), found[1]) if found else None


async def sso_connection(connection: uuid.UUID) -> ConnectionRow | None:
    """A connection to an identity provider, for a browser that comes for it and says nothing else."""
    found = await sql.row(f"{sso.READ} WHERE c.id = $1", connection)
    return ConnectionRow(*found) if found else None


async def followed_connections() -> list[uuid.UUID]:
    """The connections that people sign in by whose identity providers publish their keys."""
    found = await sql.rows(
        "SELECT id FROM sso_connection WHERE state = 'ACTIVE' AND settings ->> 'metadata_url' IS NOT NULL ORDER BY id"
    )
    return [row[0] for row in found]


async def organization_ids() -> list[OrganizationId]:
    """All organizations."""
    return await _ids("SELECT id FROM organization ORDER BY id")


async def with_expired_overrides(at: datetime) -> list[OrganizationId]:
    """The organizations in which a role that was chosen by hand has expired."""
    return await _ids("SELECT DISTINCT organization_id FROM role_override WHERE expires_at <= $1", at)


async def with_overdue_removals(at: datetime) -> list[OrganizationId]:
    """The organizations in which a removal on hold is to be decided by now."""
    return await _ids("SELECT DISTINCT organization_id FROM removal WHERE state = 'HELD' AND decide_by <= $1", at)


async def with_other_seats(at: datetime) -> list[OrganizationId]:
    """The organizations of which the seats of today, UTC, are not remembered as they are."""
    return await _ids(
        """WITH counted AS (SELECT organization_id, seat_type, sum(used) AS used FROM seat_count GROUP BY 1, 2)
           SELECT DISTINCT c.organization_id FROM counted c
           LEFT JOIN seat_pool p ON p.organization_id = c.organization_id AND p.seat_type = c.seat_type
           LEFT JOIN seat_snapshot s
             ON s.organization_id = c.organization_id AND s.seat_type = c.seat_type AND s.day = $1
           WHERE s.day IS NULL OR s.used <> c.used OR s.seat_limit IS DISTINCT FROM p.seat_limit""",
        at.astimezone(UTC).date(),
    )


async def with_expired_invitations(at: datetime) -> list[OrganizationId]:
    """The organizations in which an invitation was not accepted in time."""
    return await _ids(
        "SELECT DISTINCT organization_id FROM invitation WHERE accepted_at IS NULL AND expires_at <= $1", at
    )


async def billing_secret(name: str) -> tuple[uuid.UUID, bytes] | None:
    """The id of a secret of the installation's for whoever charges for seats, and what is sealed."""
    found = await sql.row("SELECT id, secret FROM billing_secret WHERE organization_id IS NULL AND name = $1", name)
    return (found[0], found[1]) if found else None


async def lock_billing_secret(name: str) -> tuple[uuid.UUID, bytes] | None:
    """The same, locked."""
    found = await sql.row(
        "SELECT id, secret FROM billing_secret WHERE organization_id IS NULL AND name = $1 FOR UPDATE", name
    )
    return (found[0], found[1]) if found else None


async def keep_billing_secret(id: uuid.UUID, name: str, secret: bytes, at: datetime) -> None:
    """Keep what is sealed, in place of what was."""
    await sql.rows(
        "INSERT INTO billing_secret (id, name, secret, set_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (id) DO UPDATE SET secret = excluded.secret, set_at = excluded.set_at",
        id,
        name,
        secret,
        at,
    )


async def billing_secrets() -> dict[str, datetime]:
    """When each secret of whoever charges for seats was set."""
    found = await sql.rows("SELECT name, set_at FROM billing_secret WHERE organization_id IS NULL ORDER BY name")
    return {row[0]: row[1] for row in found}


async def of_stripe_subscription(subscription: str) -> OrganizationId | None:
    """The organization that has a subscription at Stripe."""
    found = await sql.row("SELECT organization_id FROM billing_account WHERE stripe_subscription = $1", subscription)
    return OrganizationId(found[0]) if found else None


async def with_overdue_purchases(before: datetime) -> list[OrganizationId]:
    """The organizations with purchases that have been reserved since before a moment, and nobody was told of."""
    return await _ids(
        """SELECT DISTINCT organization_id FROM seat_purchase
           WHERE state = 'RESERVED' AND told_at IS NULL AND reserved_at <= $1""",
        before,
    )


async def uncompared(before: datetime, default: str) -> list[OrganizationId]:
    """The organizations that sell seats by a provider which was not asked since a moment for how many it charges."""
    return await _ids(
        """SELECT o.id FROM organization o LEFT JOIN billing_account a ON a.organization_id = o.id
           WHERE coalesce(a.provider, $2) <> 'ledger' AND (a.compared_at IS NULL OR a.compared_at <= $1)
             AND EXISTS (SELECT FROM seat_pool p WHERE p.organization_id = o.id AND p.price_minor IS NOT NULL)""",
        before,
        default,
    )


async def with_due_erasures(at: datetime) -> list[OrganizationId]:
    """The organizations in which a member is to be erased by now."""
    return await _ids("SELECT DISTINCT organization_id FROM member WHERE erase_after <= $1", at)


async def with_old_deletions(before: datetime) -> list[OrganizationId]:
    """The organizations that deleted a directory before a moment."""
    return await _ids("SELECT DISTINCT organization_id FROM directory WHERE deleted_at <= $1", before)


_NOT_SINCE = """
SELECT o.id FROM organization o
WHERE EXISTS (SELECT FROM {table} t WHERE t.organization_id = o.id)
  AND NOT EXISTS (SELECT FROM change c WHERE c.organization_id = o.id AND c.subject_id = o.id
                    AND c.action = $2 AND c.changed_at > $1)
ORDER BY o.id
"""


async def with_requests_to_forget(since: datetime) -> list[OrganizationId]:
    """The organizations whose retention has not been carried out since a moment."""
    return await _ids(_NOT_SINCE.format(table="request"), since, FORGOTTEN)


async def unchecked(since: datetime) -> list[OrganizationId]:
    """The organizations that were not looked through for drift since a moment."""
    return await _ids(_NOT_SINCE.format(table="member"), since, CHECKED)


async def with_unsealed_changes(before: uuid.UUID) -> list[OrganizationId]:
    """The organizations with changes that no seal covers and whose ids are smaller than one.

    What belongs to none has the history of the organization 0.
    """
    return await _ids(
        """SELECT o.id FROM (SELECT id FROM organization UNION ALL SELECT $2) o WHERE EXISTS (
               SELECT FROM change c WHERE c.organization_id = o.id AND c.id < $1 AND c.id > coalesce(
                   (SELECT s.through FROM audit_seal s WHERE s.organization_id = o.id ORDER BY s.number DESC LIMIT 1),
                   '00000000-0000-0000-0000-000000000000'))
           ORDER BY o.id""",
        before,
        uuid.UUID(int=0),
    )


async def with_untold_purchases(before: datetime) -> list[OrganizationId]:
    """The organizations that bought seats before a moment of which nobody was told."""
    return await _ids(
        "SELECT DISTINCT organization_id FROM seat_purchase"
        " WHERE summed_up_at IS NULL AND state <> 'FAILED' AND purchased_at <= $1",
        before,
    )


async def with_untold_removals(before: datetime) -> list[OrganizationId]:
    """The organizations with removals that are on hold since before a moment and of which nobody was told."""
    return await _ids(
        "SELECT DISTINCT organization_id FROM removal WHERE state = 'HELD' AND told_at IS NULL AND removed_at <= $1",
        before,
    )


async def with_urgent_removals(at: datetime) -> list[OrganizationId]:
    """The organizations with removals on hold of which three quarters of the time to decide are over."""
    return await _ids(
        "SELECT DISTINCT organization_id FROM removal WHERE state = 'HELD' AND reminded_at IS NULL"
        " AND decide_by > $1 AND decide_by - (decide_by - removed_at) / 4 <= $1",
        at,
    )


async def with_digest_readers() -> list[OrganizationId]:
    """The organizations of which somebody wants to know what happened in a week."""
    return await _ids("SELECT DISTINCT organization_id FROM contact WHERE wants_digest")


async def unsubscribe(token: str) -> tuple[OrganizationId, str, str] | None:
    """The organization, its name and the address whose digests a token ends."""
    found = await sql.row(
        "SELECT c.organization_id, o.name, c.email_key FROM contact c JOIN organization o ON o.id = c.organization_id"
        " WHERE c.unsubscribe_token = $1",
        token,
    )
    return (OrganizationId(found[0]), found[1], found[2]) if found else None


_ENDING = """
SELECT k.organization_id, k.id, d.name, false, k.last_four, k.created_at, k.expires_at, k.last_used_at,
       (SELECT n.last_four FROM directory_key n
         WHERE n.organization_id = k.organization_id AND n.directory_id = k.directory_id AND n.revoked_at IS NULL
           AND (n.expires_at IS NULL OR n.expires_at > k.expires_at) ORDER BY n.id DESC LIMIT 1), false
FROM directory_key k JOIN directory d ON d.organization_id = k.organization_id AND d.id = k.directory_id
WHERE k.revoked_at IS NULL AND k.expires_at > $1 AND k.expires_at <= $2 AND d.deleted_at IS NULL
UNION ALL
SELECT s.organization_id, s.id, d.name, false, s.last_four, s.created_at, s.expires_at, s.last_used_at,
       (SELECT n.last_four FROM oauth_secret n
         WHERE n.organization_id = s.organization_id AND n.client_id = s.client_id AND n.revoked_at IS NULL
           AND n.expires_at > s.expires_at ORDER BY n.id DESC LIMIT 1), true
FROM oauth_secret s
JOIN oauth_client c ON c.organization_id = s.organization_id AND c.id = s.client_id
JOIN directory d ON d.organization_id = c.organization_id AND d.id = c.directory_id
WHERE s.revoked_at IS NULL AND s.expires_at > $1 AND s.expires_at <= $2 AND c.revoked_at IS NULL
  AND d.deleted_at IS NULL
UNION ALL
SELECT t.organization_id, t.id, t.name, true, t.last_four, t.created_at, t.expires_at, t.last_used_at, NULL, false
FROM api_token t WHERE t.revoked_at IS NULL AND t.expires_at > $1 AND t.expires_at <= $2
"""


async def ending_keys(at: datetime, until: datetime) -> list[EndingKeyRow]:
    """Keys of directories, secrets of their OAuth clients, and API tokens that end between two moments."""
    return [EndingKeyRow(*row) for row in await sql.rows(_ENDING, at, until)]


async def _ids(statement: str, *args: object) -> list[OrganizationId]:
    return [OrganizationId(row[0]) for row in await sql.rows(statement, *args)]


async def due_pulls(at: datetime, *, limit: int) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Organization and directory of those who are to be fetched and that nobody is at; the longest due first."""
    found = await sql.rows(
        f"SELECT p.organization_id, p.directory_id FROM pull p{pulls.LIVE}"
        " WHERE p.next_at <= $1 AND (p.leased_until IS NULL OR p.leased_until <= $1) ORDER BY p.next_at LIMIT $2",
        at,
        limit,
    )
    return [(row[0], row[1]) for row in found]


async def domains_to_check(at: datetime, *, limit: int) -> list[tuple[OrganizationId, uuid.UUID]]:
    """Organization and id of domains that are to be looked for by now, the longest due first."""
    found = await sql.rows(
        "SELECT organization_id, id FROM domain WHERE check_next <= $1 AND challenge IS NOT NULL"
        " ORDER BY check_next LIMIT $2",
        at,
        limit,
    )
    return [(OrganizationId(row[0]), row[1]) for row in found]
