"""Help with pages: questions that people ask there, answered by the policies in force (R154).

What is said changes with what an organization has chosen, so that help never tells of another one's rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .words import count

Policies = Mapping[str, Any]
"""What the fragment Here has of an organization's policies, by the names of GraphQL."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A question and its answer."""

    key: str
    question: str
    answer: str


def _both(chosen: Policies) -> str:
    ways = (
        "Here single sign-on is the only way in, so whoever comes needs both."
        if chosen["ssoEnforced"]
        else "Here people may come in without single sign-on, so SCIM alone is enough."
    )
    jit = (
        " Just in time is on: whoever signs in by single sign-on and is not known yet becomes a member then."
        if chosen["jitEnabled"]
        else " Just in time is off: nobody becomes a member by signing in."
    )
    return (
        "SCIM is how your directory says who works for you: it makes people here, changes them and takes them away."
        f" Single sign-on is how they show who they are. Each works without the other. {ways}{jit}"
    )


def _timing(_: Policies) -> str:
    return (
        "Rollcall does what a directory asks before it answers, so a change that was sent is there. When it is sent is"
        " up to the identity provider: Okta and JumpCloud within minutes, Entra ID about every 40 minutes, Google"
        " Workspace is asked by Rollcall. Each directory's page shows its last request and when the next is expected."
    )


def _removed(chosen: Policies) -> str:
    again = "Sent again, they are the same member as before."
    if chosen["deleteAction"] == "REMOVE_MEMBER":
        days = chosen["graceDays"]
        when = f"{days} days later" if days != 1 else "a day later"
        return (
            "Whom no directory has any more loses access and seat at once, and is erased"
            f" {when if days else 'at once'}: only an id and dates are kept. Until then nothing is lost. {again}"
        )
    return (
        "Whom no directory has any more loses access and seat at once. They are kept with their history, and nobody is"
        f" erased. {again}"
    )


def _on_hold(chosen: Policies) -> str:
    if chosen["breakerResponse"] == "OFF":
        return "Nothing is held back here: however many people a directory removes, they lose access at once."
    limit = (
        f"more than {chosen['breakerPeople']} people, and more than {chosen['breakerPercent']} percent of all, within"
        f" {chosen['breakerMinutes']} minutes"
    )
    if chosen["breakerResponse"] == "THROTTLE":
        return f"A directory that removes {limit} is told to try again later. Nobody beyond that loses access."
    hours = chosen["breakerHours"]
    span = count(hours, "hour") if hours % 24 else count(hours // 24, "day")
    then = "loses access" if chosen["breakerTimeout"] == "RELEASE" else "stays"
    return (
        f"When a directory removes {limit}, the others keep access until somebody decides under Activity, Held"
        f" removals. Whoever is not decided about within {span} {then}."
    )


def _role(chosen: Policies) -> str:
    groups = (
        "the roles that are called like their groups"
        if chosen["groupMode"] == "GROUPS_AS_ROLES"
        else "the roles to which their groups are mapped"
    )
    by_hand = {
        "RAISE_ONLY": "A role chosen by hand can raise somebody; below what groups give it has no effect.",
        "CAP": "A role chosen by hand goes before what groups give, higher or lower.",
        "FORBIDDEN": "Roles cannot be chosen by hand.",
    }[chosen["overrideMode"]]
    otherwise = {
        "DEFAULT_ROLE": "Whoever is in no such group has the default role.",
        "NO_ROLE": "Whoever is in no such group has no role.",
        "SUSPEND": "Whoever is in no such group is suspended.",
    }[chosen["onNoMappedGroup"]]
    return f"Everybody has the highest of {groups}. {by_hand} {otherwise} A member's page says how theirs came about."


def _fields(chosen: Policies) -> str:
    if chosen["controlPlane"] == "IDP_EXCLUSIVE":
        return (
            "What a directory says of somebody is changed there, and not here: it is the only source. Change it in the"
            " directory, and it arrives with its next request."
        )
    return (
        "What a directory says of somebody can be changed here, too. The next change that the directory sends of the"
        " same field replaces it, unless the field is locked."
    )


def _address(chosen: Policies) -> str:
    return {
        "IMMUTABLE": "Addresses cannot be changed by a directory here. Its request is refused, and says so.",
        "SYNC": "When the directory changes an address, it changes here, whatever the domain.",
        "SYNC_WITHIN_DOMAINS": "When the directory changes an address to one of your domains, it changes here. Others"
        " are refused, and the directory is told why.",
    }[chosen["emailChange"]]


_SEATS = {"FULL": "a full seat", "LITE": "a lite seat", "FREE": "a guest seat"}


def _seat(chosen: Policies) -> str:
    full = {
        "BLOCK": "the directory is refused, and told that no seat is free",
        "AUTO_PURCHASE": "another one is bought, within the monthly cap; guest seats are never bought",
        "HOLD": "they wait, and get the next seat that is free",
        "DOWNGRADE_TO_FREE": "they get a guest seat instead",
        "ALLOW_OVERAGE": "they get one nevertheless, and the organization has more people than seats",
    }[chosen["seatLimit"]]
    return f"Whoever comes without a wish gets {_SEATS[chosen['defaultSeatType']]}. When none is left, {full}."


def _domain(chosen: Policies) -> str:
    return {
        "VERIFIED": "A directory brings people of your verified domains only. Others are refused; invite them.",
        "REGISTERED": "A directory brings people of the domains in your list, proved or not. Invite others.",
        "OFF": "A directory may bring people of any domain. Just in time needs a verified domain nevertheless.",
    }[chosen["domainRule"]]


def _missing(_: Policies) -> str:
    return (
        "Search for their address under Activity, “Why is this person not here?”. It says whether the directory ever"
        " sent them, whether they were refused and why, whether they are on hold, or gone."
    )


def _who(_: Policies) -> str:
    return (
        "Everything that somebody did here, in the dashboard, over GraphQL, by SCIM or by signing in. Nothing can be"
        " changed or taken out unseen, because entries are chained and sealed."
    )


def _tokens(_: Policies) -> str:
    return (
        "A token lets a program of yours ask and change what its permissions allow, over GraphQL at /graphql. It is"
        " shown once. Webhooks tell your application of every change, signed, in the order in which it happened."
    )


def _proof(_: Policies) -> str:
    return (
        "Whoever can publish a record in a domain's DNS owns it. Rollcall looks for the record again each month; when"
        " it is gone for long, nobody new comes in by the domain, and nobody who is in loses anything."
    )


_TOPICS: Mapping[str, tuple[str, Callable[[Policies], str]]] = {
    "both": ("Do I need SCIM and single sign-on?", _both),
    "timing": ("How soon does a change arrive?", _timing),
    "missing": ("Somebody is missing. Where do I look?", _missing),
    "removed": ("What happens to whom the directory removes?", _removed),
    "on-hold": ("Why are removals on hold?", _on_hold),
    "role": ("How does somebody get their role?", _role),
    "fields": ("May I change what a directory says of somebody?", _fields),
    "address": ("What if an address changes?", _address),
    "seat": ("Who gets which seat?", _seat),
    "domain": ("Whose addresses may come in?", _domain),
    "proof": ("Why the record in DNS?", _proof),
    "tokens": ("What are tokens and webhooks for?", _tokens),
    "who": ("What stands in the audit?", _who),
}
_ON: Mapping[str, Sequence[str]] = {
    "overview": ("timing", "missing", "on-hold"),
    "people": ("missing", "fields", "address", "removed"),
    "groups": ("role", "timing"),
    "roles": ("role",),
    "seats": ("seat", "removed"),
    "provisioning": ("both", "timing", "removed", "on-hold"),
    "activity": ("missing", "timing", "on-hold"),
    "domains": ("domain", "proof"),
    "security": ("both", "removed"),
    "developers": ("tokens",),
    "audit": ("who",),
    "help": tuple(_TOPICS),
}


def of(page: str, chosen: Policies) -> list[Topic]:
    """What is asked on a page, named by its icon."""
    return [Topic(key, _TOPICS[key][0], _TOPICS[key][1](chosen)) for key in _ON.get(page, ())]
