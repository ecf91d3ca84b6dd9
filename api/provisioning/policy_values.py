"""The policies of an organization: what can be chosen, and what holds otherwise (REQUIREMENTS C1 to C20). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any

import msgspec

from db.enums import SeatType

from .errors import BadSetting


class EmailChange(StrEnum):
    """Whether a directory may change a person's address (C2)."""

    SYNC = "SYNC"
    SYNC_WITHIN_DOMAINS = "SYNC_WITHIN_DOMAINS"
    IMMUTABLE = "IMMUTABLE"


class DomainRule(StrEnum):
    """Whose addresses may come in by themselves (C3)."""

    OFF = "OFF"
    REGISTERED = "REGISTERED"
    VERIFIED = "VERIFIED"


class GroupMode(StrEnum):
    """Whether groups are mapped to roles, or are roles (C6)."""

    MAP = "MAP"
    GROUPS_AS_ROLES = "GROUPS_AS_ROLES"


class OnNoMappedGroup(StrEnum):
    """What a member without a mapped group has (C7)."""

    DEFAULT_ROLE = "DEFAULT_ROLE"
    NO_ROLE = "NO_ROLE"
    SUSPEND = "SUSPEND"


class OverrideMode(StrEnum):
    """What an admin's choice of a role may do (C8)."""

    RAISE_ONLY = "RAISE_ONLY"
    FORBIDDEN = "FORBIDDEN"
    CAP = "CAP"


class ExistingMember(StrEnum):
    """What happens when a directory brings somebody who is a member already (C11)."""

    LINK = "LINK"
    ASK = "ASK"
    CONFLICT = "CONFLICT"


class MatchedBy(StrEnum):
    """What a person is recognised by (C13), in SCIM's words."""

    EXTERNAL_ID = "externalId"
    USER_NAME = "userName"
    EMAIL = "emails"


class DeleteAction(StrEnum):
    """What becomes of a member whom no directory has any more (C1)."""

    DEPROVISION_MEMBER = "DEPROVISION_MEMBER"
    REMOVE_MEMBER = "REMOVE_MEMBER"


class AfterDeleteRead(StrEnum):
    """What a directory reads of a user that it deleted (C1)."""

    NOT_FOUND = "NOT_FOUND"
    INACTIVE_RESOURCE = "INACTIVE_RESOURCE"


class RequireSso(StrEnum):
    """What has to be there before a directory is connected (C4)."""

    OFF = "OFF"
    CONFIGURED = "CONFIGURED"
    ENFORCED = "ENFORCED"


class ControlPlane(StrEnum):
    """Who may change what a directory says of a person (C5)."""

    LAST_WRITE_WINS = "LAST_WRITE_WINS"
    IDP_EXCLUSIVE = "IDP_EXCLUSIVE"


class CustomAttributes(StrEnum):
    """Who decides about extensions of the User schema (C10)."""

    OFF = "OFF"
    REVIEWED = "REVIEWED"
    SELF_SERVICE = "SELF_SERVICE"


class SeatLimit(StrEnum):
    """What happens to whoever needs a seat when all are taken (C12)."""

    BLOCK = "BLOCK"
    AUTO_PURCHASE = "AUTO_PURCHASE"
    HOLD = "HOLD"
    DOWNGRADE_TO_FREE = "DOWNGRADE_TO_FREE"
    ALLOW_OVERAGE = "ALLOW_OVERAGE"


class BreakerResponse(StrEnum):
    """What a directory is answered when it removes too many people at once (D8)."""

    HOLD = "HOLD"
    THROTTLE = "THROTTLE"
    OFF = "OFF"


class BreakerTimeout(StrEnum):
    """What becomes of held removals that nobody has decided about."""

    KEEP = "KEEP"
    RELEASE = "RELEASE"


Percent = Annotated[int, msgspec.Meta(ge=1, le=100)]


class Policies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The policies of one organization."""

    email_change: EmailChange = EmailChange.SYNC_WITHIN_DOMAINS
    require_email: bool = False
    domain_rule: DomainRule = DomainRule.VERIFIED
    group_mode: GroupMode = GroupMode.MAP
    on_no_mapped_group: OnNoMappedGroup = OnNoMappedGroup.DEFAULT_ROLE
    override_mode: OverrideMode = OverrideMode.RAISE_ONLY
    accept_roles_attribute: bool = False
    existing_member: ExistingMember = ExistingMember.LINK
    match_order: tuple[MatchedBy, ...] = tuple(MatchedBy)
    delete_action: DeleteAction = DeleteAction.DEPROVISION_MEMBER
    grace_days: Annotated[int, msgspec.Meta(ge=0, le=365)] = 30
    after_delete_read: AfterDeleteRead = AfterDeleteRead.NOT_FOUND
    require_sso: RequireSso = RequireSso.OFF
    jit_enabled: bool = False
    sso_enforced: bool = False
    code_enabled: bool = True
    password_enabled: bool = True
    control_plane: ControlPlane = ControlPlane.LAST_WRITE_WINS
    custom_attributes: CustomAttributes = CustomAttributes.REVIEWED
    default_seat_type: SeatType = SeatType.FULL
    seat_limit: SeatLimit = SeatLimit.BLOCK
    seat_thresholds: tuple[Percent, ...] = (80, 90, 100)
    breaker_response: BreakerResponse = BreakerResponse.HOLD
    breaker_people: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 10
    breaker_percent: Percent = 20
    breaker_minutes: Annotated[int, msgspec.Meta(ge=1, le=1440)] = 60
    breaker_hours: Annotated[int, msgspec.Meta(ge=1, le=720)] = 24
    breaker_timeout: BreakerTimeout = BreakerTimeout.KEEP


DEFAULTS = Policies()


@lru_cache(maxsize=4096)
def read(text: str) -> Policies:
    """The policies that an organization's row holds."""
    return msgspec.json.decode(text, type=Policies)


def to_json(policies: Policies) -> str:
    """The policies as an organization's row holds them: all of them, so that new defaults alter nobody's."""
    return msgspec.json.encode(policies).decode()


def changed(policies: Policies, values: Mapping[str, object]) -> Policies:
    """The policies with some values replaced; texts stand for values of any kind, lists with commas between.

    Raises BadSetting that names the policy and what it may be.
    """
    known = {field.name: field for field in msgspec.structs.fields(Policies)}
    wanted: dict[str, Any] = msgspec.structs.asdict(policies)
    for name, value in values.items():
        if name not in known:
            raise BadSetting(f"There is no policy {name!r}. There are: {', '.join(known)}.")
        try:
            wanted[name] = msgspec.convert(_listed(name, value), known[name].type, strict=False)
        except msgspec.ValidationError as error:
            raise BadSetting(f"{name} cannot be {value!r}: {_it_is(name)}.") from error
    if len(set(wanted["match_order"])) != len(wanted["match_order"]) or not wanted["match_order"]:
        raise BadSetting("match_order names each of externalId, userName and emails at most once, and one at least.")
    return Policies(**wanted)


def choices(name: str) -> list[str]:
    """What a policy may be, or be made of; for numbers the least and the most."""
    match getattr(DEFAULTS, name):
        case bool():
            return ["true", "false"]
        case int():
            least, most = _range_of(name)
            return [str(least), str(most)]
        case (int(), *_):
            return ["1", "100"]
        case tuple():
            return [value.value for value in MatchedBy]
    return [each.value for each in type(getattr(DEFAULTS, name))]


def _it_is(name: str) -> str:
    match getattr(DEFAULTS, name):
        case bool():
            return "it is true or false"
        case int():
            return "it is a whole number from {} to {}".format(*choices(name))
        case (int(), *_):
            return "it is a list of whole numbers from {} to {}".format(*choices(name))
    return f"it is one of {', '.join(choices(name))}"


def _range_of(name: str) -> tuple[int, int]:
    known = {field.name: field.type for field in msgspec.structs.fields(Policies)}
    [bounds] = known[name].__metadata__
    return bounds.ge, bounds.le


def _listed(name: str, value: object) -> object:
    is_list = isinstance(getattr(DEFAULTS, name), tuple)
    return [part.strip() for part in value.split(",")] if is_list and isinstance(value, str) else value
