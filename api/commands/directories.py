"""`directories create|change|list`; `deletions` adds the rest."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Collection

import msgspec

from api.provisioning import connections, directories
from api.provisioning.directories import ChangeDirectory
from api.provisioning.health import Condition, Health
from api.settings import Settings
from db.enums import Provider
from db.ids import DirectoryId, OrganizationId

from . import deletions
from .acts import can_be_previewed, look
from .results import Result, listing, table
from .verbs import Verbs, acting_in, an_id, noun, query

_UNWELL = (Health.NEVER_CALLED, Health.STALE, Health.FAILING)

NAMES = {
    Provider.ENTRA_ID: "Microsoft Entra ID",
    Provider.OKTA: "Okta",
    Provider.JUMPCLOUD: "JumpCloud",
    Provider.GOOGLE_WORKSPACE: "Google Workspace",
    Provider.ONELOGIN: "OneLogin",
    Provider.PING: "Ping",
    Provider.RIPPLING: "Rippling",
    Provider.CYBERARK: "CyberArk",
    Provider.AUTHENTIK: "authentik",
    Provider.KEYCLOAK: "Keycloak",
    Provider.RAUTHY: "Rauthy",
    Provider.GENERIC: "SCIM 2.0",
}
"""What a directory is called when nobody names it."""

_POLICIES = """\
The key is shown once and kept as a hash only. Policies:
  profile=TOLERANT              put right what identity providers are known to get wrong (default)
  profile=STRICT                RFC 7644 to the letter
  unknown_attributes=IGNORE_AND_REPORT | REJECT
  repeated_group_names=false | true
  state=LIVE | PILOT | PAUSED   a pilot lets in pilot_users=1 people; a pause answers 503 and loses nothing
  import_new_users=true | false whether people may come who are no members yet
  import_changes=true | false   whether members get the names, addresses and seat types of the directory
  suspend_on_leaving_groups=false | true
                                whether people are let in by the groups that give access, see `groups access`
  left_out=title,…              attributes of the catalogue that are not kept; none unless you say so"""


def add(nouns: Verbs) -> None:
    """The verbs of directories."""
    verbs = noun(nouns, "directories", about="Connect identity providers to organizations")
    parser = query(
        verbs,
        "create",
        create,
        does="Connect an identity provider: makes its directory, and the SCIM URL and key to put into it",
        more=_POLICIES,
        example="python -m api directories create --organization $ORG --provider OKTA --policy profile=STRICT",
    )
    providers = ", ".join(Provider)
    parser.add_argument("--provider", required=True, type=_provider, metavar="PROVIDER", help=f"one of {providers}")
    parser.add_argument("--name", metavar="NAME", help="what people call it; the provider's name if left out")
    parser.add_argument(
        "--policy", nargs="+", action="extend", default=[], type=_policy, metavar="KEY=VALUE", help="see above"
    )
    parser = query(
        verbs,
        "change",
        change,
        does="Choose other policies for a directory, such as to pause it or to end its pilot",
        more=_POLICIES,
        example="python -m api directories change $DIRECTORY state=PAUSED --organization $ORG",
    )
    parser.add_argument("directory", type=an_id, metavar="ID", help="see `directories list`")
    parser.add_argument("policies", nargs="+", type=_policy, metavar="KEY=VALUE", help="see above")
    can_be_previewed(parser)
    query(
        verbs,
        "list",
        show_all,
        does="List the directories of an organization, with policies, counts, keys and health",
        example="python -m api directories list --organization $ORG",
    ).add_argument("--deleted", action="store_true", help="list those that can be restored instead")
    deletions.add(verbs)


async def create(arguments: Namespace, chosen: Settings) -> Result:
    """A new directory with what its identity provider needs to be told."""
    actor = await acting_in(arguments.organization)
    provider: Provider = arguments.provider
    settings = directories.parse_settings(dict(arguments.policy))
    name = arguments.name or NAMES[provider]
    made = await directories.connect(actor, name=name, provider=provider, settings=settings)
    connection = {
        "organization_id": actor.organization,
        "directory_id": made.id,
        "scim_url": chosen.scim_url,
        "key": made.key,
    }
    facts = {"Organization": actor.organization, "Directory": made.id, "SCIM URL": chosen.scim_url, "Key": made.key}
    return Result(connection, f"{listing(facts)}\n\nThe key is shown this once. Put it into the identity provider now.")


async def change(arguments: Namespace, _: Settings) -> Result:
    """Other policies."""
    actor = await acting_in(arguments.organization)
    directory, values = DirectoryId(arguments.directory), dict(arguments.policies)
    if arguments.preview:
        return await look(actor, ChangeDirectory(directory, values))
    changed = await directories.change(actor, directory, values, token=arguments.token)
    data = msgspec.to_builtins(changed)
    return Result(data, f"The directory has {_policies({'settings': data})} from its next request on.")


async def show_all(arguments: Namespace, chosen: Settings) -> Result:
    """The directories of an organization, and what to do about those that are not well."""
    actor = await acting_in(arguments.organization)
    if arguments.deleted:
        return await deletions.show_all(actor)
    found = await directories.overview(OrganizationId(actor.organization))
    conditions = await connections.conditions(actor, scim_url=chosen.scim_url)
    each = [one | {"condition": conditions.get(one["id"])} for one in found]  # type: ignore[call-overload]  # a UUID
    rows = [[one["id"], one["name"], one["provider"], one["users"], one["groups"], *_condition(one)] for one in each]
    head = ("ID", "NAME", "PROVIDER", "USERS", "GROUPS", "HEALTH", "LAST REQUEST", "POLICIES")
    listed = table(rows, head=head, otherwise="The organization has no directory yet.")
    return Result(each, "\n\n".join([listed, *_troubles(conditions.values())]))


def _condition(directory: dict[str, object]) -> list[object]:
    condition = directory["condition"]
    known = (condition.health, condition.last_request_at) if isinstance(condition, Condition) else (None, None)
    return [*known, _policies(directory)]


def _troubles(conditions: Collection[Condition]) -> list[str]:
    unwell = [f"{each.text}\n  → {each.next_step}" for each in conditions if each.health in _UNWELL]
    return [*unwell, *(hint for each in conditions for hint in each.hints)]


def _policies(directory: dict[str, object]) -> str:
    settings = directory["settings"]
    assert isinstance(settings, dict)
    return " ".join(
        f"{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in settings.items()
    )


def _provider(text: str) -> Provider:
    try:
        return Provider(text.upper().replace("-", "_"))
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is none of {', '.join(Provider)}") from None


def _policy(text: str) -> tuple[str, str]:
    key, is_given, value = text.partition("=")
    if not is_given or not key:
        raise ArgumentTypeError(f"{text!r} is not KEY=VALUE")
    return key, value
