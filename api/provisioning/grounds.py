"""Why somebody acts on a member by hand, and where a directory alone may (REQUIREMENTS R159, C5). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from db.rows import LockedMember

from .errors import BadSetting, DirectoryManaged
from .policy_values import ControlPlane, Policies

_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Grounds:
    """The reason for an act; breaking the glass needs one, and passes where only a directory may change members."""

    reason: str | None = None
    break_glass: bool = False

    def check(self) -> None:
        """Raise BadSetting for a reason that is missing or endless."""
        if self.break_glass and not (self.reason or "").strip():
            raise BadSetting("Breaking the glass needs a reason: say why this cannot wait for the identity provider.")
        if len(self.reason or "") > _LONGEST_REASON:
            raise BadSetting(f"A reason has at most {_LONGEST_REASON} characters.")

    def told(self, by: str) -> dict[str, object]:
        """What history says of who acted and why."""
        reason = {"reason": self.reason.strip()} if self.reason and self.reason.strip() else {}
        return {"by": by, **reason, **({"break_glass": True} if self.break_glass else {})}


NONE = Grounds()


def may_change(locked: LockedMember, policies: Policies, grounds: Grounds) -> None:
    """Raise DirectoryManaged for a member whom only their directory changes here."""
    is_exclusive = policies.control_plane is ControlPlane.IDP_EXCLUSIVE
    if is_exclusive and locked.records and not grounds.break_glass:
        raise DirectoryManaged(
            f"{locked.member.email or 'This member'} is managed by a directory, and only that changes them here"
            " (policy control_plane). Change them in the identity provider, or break the glass with a reason."
        )
