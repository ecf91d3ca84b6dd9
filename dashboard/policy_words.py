"""What an organization can choose, in words for admins: each policy with its choices, in the sections that are saved.

Names are those of GraphQL, so a form's fields are what `policyUpdate` takes. What they mean in full stands in
docs/rules.md.
"""

from __future__ import annotations

from .policies import Option, Policy, Section

JIT = Policy(
    "jitEnabled",
    "People become members when they sign in",
    "Whoever signs in by single sign-on from a verified domain of yours, and was not removed, gets a full seat and the"
    " default role.",
)
SSO_ONLY = Policy(
    "ssoEnforced",
    "Single sign-on is the only way in",
    "Codes and passwords let nobody in any more but the people under Break-glass access. Whoever is signed in another"
    " way is out at their next click.",
)
REQUIRE_SSO = Policy(
    "requireSso",
    "Before a directory is connected",
    options=(
        Option("OFF", "Single sign-on is not needed"),
        Option("CONFIGURED", "Single sign-on has to be set up"),
        Option("ENFORCED", "Single sign-on has to be the only way in"),
    ),
)

SSO = Section("sso", "Single sign-on", "", (JIT, SSO_ONLY, REQUIRE_SSO))
WAYS = Section(
    "ways",
    "Other ways in",
    "",
    (
        Policy("codeEnabled", "A code sent by mail", "Eight digits that hold for ten minutes."),
        Policy("passwordEnabled", "A password", "Nobody needs one; whoever wants one chooses it by a link in a mail."),
    ),
)

ARRIVING = Section(
    "arriving",
    "Who comes in",
    "What a directory may bring by itself. Invitations let in anybody.",
    (
        Policy(
            "domainRule",
            "E-mail addresses have to be",
            options=(
                Option("VERIFIED", "Of a verified domain", "A domain that you have proved to be yours."),
                Option("REGISTERED", "Of a registered domain", "A domain of your list, proved or not."),
                Option("OFF", "Of any domain"),
            ),
        ),
        Policy("requireEmail", "Everybody needs an e-mail address", "Users without one are refused."),
        Policy(
            "existingMember",
            "Somebody who is a member already",
            options=(
                Option("LINK", "Is taken over by the directory"),
                Option("ASK", "Waits until an admin has decided", "You find them under Activity, Needs a decision."),
                Option("CONFLICT", "Is refused to the directory"),
            ),
        ),
        Policy(
            "emailChange",
            "When the directory changes an address",
            options=(
                Option("SYNC_WITHIN_DOMAINS", "It changes within your domains", "Others are refused."),
                Option("SYNC", "It always changes"),
                Option("IMMUTABLE", "It is refused"),
            ),
        ),
        Policy(
            "controlPlane",
            "What a directory says of a person",
            options=(
                Option("LAST_WRITE_WINS", "Can be changed here, too", "Until the directory sends something else."),
                Option("IDP_EXCLUSIVE", "Is changed by the directory only"),
            ),
        ),
        Policy(
            "defaultSeatType",
            "The seat of whoever comes without a wish",
            options=(Option("FULL", "Full"), Option("LITE", "Lite"), Option("FREE", "Guest")),
        ),
        Policy(
            "customAttributes",
            "Attributes of extensions that nobody has registered",
            options=(
                Option("REVIEWED", "Are registered by whoever runs Rollcall"),
                Option("SELF_SERVICE", "Are registered by your admins"),
                Option("OFF", "Are not kept"),
            ),
        ),
    ),
)
ROLES = Section(
    "roles",
    "Which role",
    "How groups and choices by hand decide about roles.",
    (
        Policy(
            "groupMode",
            "Groups",
            options=(
                Option("MAP", "Are mapped to roles by you"),
                Option("GROUPS_AS_ROLES", "Are roles", "A group gives the role of the same name."),
            ),
        ),
        Policy(
            "onNoMappedGroup",
            "Whoever is in no mapped group",
            options=(
                Option("DEFAULT_ROLE", "Has the default role"),
                Option("NO_ROLE", "Has no role"),
                Option("SUSPEND", "Is suspended", "They keep their seat, and cannot use the organization."),
            ),
        ),
        Policy(
            "overrideMode",
            "A role by hand",
            options=(
                Option("RAISE_ONLY", "Can raise somebody", "Below what groups grant it has no effect."),
                Option("CAP", "Can raise and lower somebody"),
                Option("FORBIDDEN", "Cannot be chosen"),
            ),
        ),
        Policy("acceptRolesAttribute", "The directory's attribute “roles” counts, too"),
    ),
)
REMOVALS = Section(
    "removals",
    "Who goes",
    "What becomes of people whom a directory removes, and of removals that look like an accident.",
    (
        Policy(
            "deleteAction",
            "Whom no directory has any more",
            options=(
                Option("DEPROVISION_MEMBER", "Loses access", "They are kept, with their history."),
                Option("REMOVE_MEMBER", "Is erased after a while"),
            ),
        ),
        Policy("graceDays", "Erased after", unit="days"),
        Policy(
            "afterDeleteRead",
            "A directory that asks for somebody it deleted",
            options=(
                Option("NOT_FOUND", "Is answered 404"),
                Option("INACTIVE_RESOURCE", "Is shown an inactive user", "As Okta likes it."),
            ),
        ),
        Policy(
            "breakerResponse",
            "Too many removals at once",
            options=(
                Option("HOLD", "Are on hold until somebody decides", "People keep access; the directory sees nothing."),
                Option("THROTTLE", "Are refused for a while", "The directory is answered 503 and tries again."),
                Option("OFF", "Are done like any others"),
            ),
        ),
        Policy("breakerPeople", "Too many are more than", unit="people"),
        Policy("breakerPercent", "and more than", unit="percent of all"),
        Policy("breakerMinutes", "within", unit="minutes"),
        Policy("breakerHours", "If nobody decides within", unit="hours"),
        Policy(
            "breakerTimeout",
            "they are",
            options=(Option("KEEP", "Kept", "Nobody loses access."), Option("RELEASE", "Removed")),
        ),
    ),
)

PROVISIONING = (ARRIVING, ROLES, REMOVALS)
