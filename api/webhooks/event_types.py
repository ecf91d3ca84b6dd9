"""Which events there are, and which changes become which of them. Pure.

Every change that is remembered stands in `CHANGES`: with the event that it is, with the rule by which that is found, or
with the reason why nobody is told of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from api.provisioning.lifecycle import CAN_USE
from db.enums import Hold

TEST = "webhook.test"
REVOKED = "member.access_revoked"

TYPES: Mapping[str, str] = {
    "member.created": "Somebody became a member, by whatever way; `member.canUse` says whether they can use it now.",
    "member.updated": "E-mail address, name, wanted seat type, who manages them or a hold became another.",
    "member.profile_changed": "What a directory says of a person changed; by the names of OpenID Connect.",
    "member.status_changed": "The status became another.",
    REVOKED: (
        "Somebody who could use the organization cannot any more: end their sessions and tokens before `deadline`, and"
        " confirm it with `accessRevocationConfirm`."
    ),
    "member.access_restored": "Somebody who was known and could not use the organization can now.",
    "member.role_changed": "The effective role became another, for whatever reason.",
    "member.seat_changed": "A seat was taken, given back, or exchanged for one of another type.",
    "member.erased": "All that was known of somebody is gone; only the id remains. It means no access, too.",
    "group.created": "A directory sent a new group.",
    "group.updated": "A directory changed what it says of a group.",
    "group.deleted": "A directory deleted a group.",
    "group.members_added": "People or groups joined a group.",
    "group.members_removed": "People or groups left a group.",
    "group.role_changed": "A group was mapped to another role, or to none.",
    "group.marked": "It was decided whether a group gives access, or whether its removals are urgent.",
    "directory.created": "A directory was connected.",
    "directory.updated": "The settings of a directory changed.",
    "directory.deleted": "A directory was deleted; it can be restored for thirty days.",
    "directory.restored": "A deleted directory is back.",
    "key.rotated": "A directory has a new key; `othersEndAt` says until when the others count.",
    "key.revoked": "A key of a directory ended at once.",
    "seat.limit_changed": "There are more or fewer seats of a type.",
    "seat.limit_reached": "All seats of a type are taken; told where 100 % is a threshold of the organization.",
    "seat.alert": "Usage of seats of a type reached thresholds.",
    "seat.alert_cleared": "Usage of seats of a type fell below thresholds.",
    "seat.purchased": "Seats were bought, because somebody needed one.",
    "seat.purchase_confirmed": "Whoever charges for seats charges for some that were bought.",
    "seat.purchase_failed": "Seats that were bought will not be charged for, unless somebody tries again.",
    "removal.held": "A removal waits for somebody's decision, because a directory removes too many people at once.",
    "removal.decided": "Somebody decided about removals, or undid some; the members have events of their own.",
    "domain.added": "A domain was added.",
    "domain.verified": "A domain is known to belong to the organization.",
    "domain.lapsed": "A domain is not known to belong to the organization any more; nobody who is in loses anything.",
    "domain.updated": "What counts for a domain changed.",
    "domain.removed": "A domain was removed.",
    "role.added": "There is a new role.",
    "role.archived": "A role is gone; whoever had it has another.",
    "role.default_changed": "Another role is the default.",
    "role.permissions_changed": "A role permits something else.",
    "role.reordered": "The roles have another order.",
    "policy.changed": "The organization chose other policies.",
    "plan.changed": "The organization has another plan, or other add-ons.",
    "job.finished": "Many changes that somebody asked for together are done.",
    TEST: "Somebody tries whether messages arrive; nothing has changed.",
}
"""Every type of event with what it means. What follows from one change may be several events."""


@dataclass(frozen=True, slots=True)
class Is:
    """The change is one event, whatever it altered."""

    type: str


@dataclass(frozen=True, slots=True)
class Differs:
    """A change of a member: which events it is follows from what it altered."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Thresholds of seats were reached, perhaps the last of them."""


@dataclass(frozen=True, slots=True)
class Untold:
    """Nobody is told of the change."""

    because: str


Rule = Is | Differs | Alert | Untold

_BY_MEMBERS = Untold("What it does to members is told of each of them.")
_INSIDE = Untold("It concerns Rollcall and its operator only.")
_NOT_YET = Untold("It is a wish; what becomes of it is told when it comes about.")
_CHECK = Untold("Something was looked at, counted or tidied up; what it put right is told of the members.")

CHANGES: Mapping[tuple[str, str], Rule] = {
    ("member", "created"): Is("member.created"),
    ("member", "erased"): Is("member.erased"),
    **{
        ("member", action): Differs()
        for action in (
            *("updated", "role_changed", "edited", "bulk_updated", "signed_in", "invited", "invitation_accepted"),
            *("invitation_withdrawn", "deactivated", "revoked", "let_in", "removed"),
        )
    },
    ("member", "override_set"): _BY_MEMBERS,
    ("member", "override_cleared"): _BY_MEMBERS,
    ("directory_user", "created"): _BY_MEMBERS,
    ("directory_user", "updated"): Is("member.profile_changed"),
    ("directory_user", "deleted"): _BY_MEMBERS,
    ("directory_user", "recounted"): _CHECK,
    ("directory_group", "created"): Is("group.created"),
    ("directory_group", "updated"): Is("group.updated"),
    ("directory_group", "deleted"): Is("group.deleted"),
    ("directory_group", "members_added"): Is("group.members_added"),
    ("directory_group", "members_removed"): Is("group.members_removed"),
    ("directory_group", "group_mapped"): Is("group.role_changed"),
    ("directory_group", "group_marked"): Is("group.marked"),
    ("directory", "directory_created"): Is("directory.created"),
    ("directory", "directory_changed"): Is("directory.updated"),
    ("directory", "directory_deleted"): Is("directory.deleted"),
    ("directory", "directory_restored"): Is("directory.restored"),
    ("directory", "pull_changed"): Untold("How people are fetched is between Rollcall and the provider."),
    ("directory", "directory_purged"): Untold("Whoever wants to know was told of the deletion thirty days before."),
    ("directory", "key_rotated"): Is("key.rotated"),
    ("directory", "key_revoked"): Is("key.revoked"),
    **{
        ("oauth_client", action): Untold("How a directory gets its access tokens is between Rollcall and the provider.")
        for action in (
            *("oauth_client_created", "oauth_client_changed", "oauth_client_revoked"),
            *("oauth_secret_added", "oauth_secret_revoked"),
        )
    },
    ("organization", "seat_limit_changed"): Is("seat.limit_changed"),
    ("organization", "seat_alert_raised"): Alert(),
    ("organization", "seat_alert_cleared"): Is("seat.alert_cleared"),
    ("organization", "seats_purchased"): Is("seat.purchased"),
    ("purchase", "purchase_confirmed"): Is("seat.purchase_confirmed"),
    ("purchase", "purchase_failed"): Is("seat.purchase_failed"),
    ("purchase", "purchase_retried"): _NOT_YET,
    ("purchase", "purchase_cancelled"): _NOT_YET,
    ("organization", "removals_decided"): Is("removal.decided"),
    ("domain", "domain_added"): Is("domain.added"),
    ("domain", "domain_verified"): Is("domain.verified"),
    ("domain", "domain_lapsed"): Is("domain.lapsed"),
    ("domain", "domain_changed"): Is("domain.updated"),
    ("domain", "domain_challenged"): _NOT_YET,
    ("domain", "domain_claimed"): Untold("Its contacts are told by mail; somebody has to settle it."),
    ("domain", "domain_removed"): Is("domain.removed"),
    ("role", "role_added"): Is("role.added"),
    ("role", "role_archived"): Is("role.archived"),
    ("role", "default_role_changed"): Is("role.default_changed"),
    ("role", "permissions_changed"): Is("role.permissions_changed"),
    ("organization", "roles_ordered"): Is("role.reordered"),
    ("organization", "policies_changed"): Is("policy.changed"),
    ("organization", "plan_chosen"): Is("plan.changed"),
    ("organization", "add_on_granted"): Is("plan.changed"),
    ("organization", "add_on_withdrawn"): Is("plan.changed"),
    ("job", "job_created"): _NOT_YET,
    ("job", "job_finished"): Is("job.finished"),
    ("link_request", "link_decided"): _NOT_YET,
    ("extension", "extension_proposed"): _NOT_YET,
    ("extension", "extension_registered"): Untold("Values of it are told as parts of profiles when somebody has some."),
    ("extension", "extension_approved"): Untold("Values of it are told as parts of profiles when somebody has some."),
    ("extension", "extension_refused"): _NOT_YET,
    **{("portal_link", f"portal_link_{each}"): _INSIDE for each in ("created", "used", "revoked")},
    ("api_token", "token_created"): _INSIDE,
    ("api_token", "token_revoked"): _INSIDE,
    ("organization", "organization_created"): Untold("Nobody can want to be told before there is an organization."),
    ("organization", "retention_changed"): _INSIDE,
    ("organization", "requests_forgotten"): _CHECK,
    ("organization", "drift_checked"): _CHECK,
    ("organization", "seats_recounted"): _CHECK,
    ("organization", "seat_price_changed"): _INSIDE,
    ("organization", "billing_terms_changed"): _INSIDE,
    ("organization", "purchase_cap_accepted"): _INSIDE,
    ("organization", "billing_provider_chosen"): _INSIDE,
    ("organization", "stripe_account_set"): _INSIDE,
    ("organization", "billing_host_set"): _INSIDE,
    ("organization", "billing_host_secret_rotated"): _INSIDE,
    ("organization", "suggestion_dismissed"): _INSIDE,
    **{("contact", action): _INSIDE for action in ("contact_added", "contact_changed", "contact_removed")},
    ("organization", "attributes_noted"): _INSIDE,
    ("organization", "contact_chosen"): _INSIDE,
    **{("member", f"break_glass_{action}"): _INSIDE for action in ("granted", "withdrawn", "used")},
    **{("account", f"operator_{action}"): _INSIDE for action in ("added", "removed")},
    ("organization", "help_requested"): _INSIDE,
    ("organization", "digests_ended"): _INSIDE,
    **{
        ("webhook_endpoint", action): _INSIDE
        for action in (
            *("endpoint_added", "endpoint_changed", "endpoint_disabled", "endpoint_removed", "secret_rotated"),
            "deliveries_replayed",
        )
    },
    **{
        ("sso_connection", f"sso_connection_{action}"): _INSIDE
        for action in ("created", "changed", "activated", "switched_off", "removed")
    },
    ("sso_connection", "sign_in_refused"): Untold("Nothing has changed; admins find it with the connection."),
    ("member", "sso_identities_forgotten"): Untold("It decides by what they are recognised when they sign in next."),
    ("member", "revocation_confirmed"): Untold("The host application said so itself."),
}
"""By subject and action, as history has them: what becomes of a change."""

_FIELDS = ("email", "display_name", "seat_type", "managed_by", "hold")
_WAITS = frozenset({Hold.REMOVAL, Hold.SUSPENSION})

Document = Mapping[str, object]


def of(subject_type: str, action: str, before: Document, after: Document) -> tuple[str, ...]:
    """The types of the events that a change is; KeyError for a change that nobody has thought of."""
    match CHANGES[subject_type, action]:
        case Is(type):
            return (type,)
        case Differs():
            return tuple(_of_member(before, after))
        case Alert():
            return ("seat.alert", "seat.limit_reached") if _is_full(after) else ("seat.alert",)
        case Untold():
            return ()


def _of_member(before: Document, after: Document) -> Iterator[str]:
    if "status" in before and "status" in after:
        yield "member.status_changed"
        could, can = before["status"] in CAN_USE, after["status"] in CAN_USE
        if could and not can:
            yield REVOKED
        if can and not could:
            yield "member.access_restored"
    if "role" in before:
        yield "member.role_changed"
    if "seat" in before:
        yield "member.seat_changed"
    if any(name in before for name in _FIELDS):
        yield "member.updated"
    if "hold" in before and after.get("hold") in _WAITS:
        yield "removal.held"


def _is_full(alert: Document) -> bool:
    percents = alert.get("percents")
    return isinstance(percents, list) and max(percents, default=0) >= 100
