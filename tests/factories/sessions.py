"""How people sign in."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from factory import LazyFunction, SelfAttribute, Sequence, SubFactory

from db.enums import Way
from db.ids import new_id
from db.tables import BreakGlass, PasswordToken, Rate, Session, SignInCode

from .accounts import AccountFactory
from .members import MemberFactory
from .rows import RowFactory


def _now() -> datetime:
    return datetime.now(UTC)


class SessionFactory(RowFactory[Session]):
    """Somebody who has just signed in by a code."""

    class Meta:
        model = Session

    account = SubFactory(AccountFactory)
    id = LazyFunction(new_id)
    hash = LazyFunction(lambda: secrets.token_bytes(32))
    way = Way.CODE
    address_proved_at = LazyFunction(_now)
    last_seen_at = LazyFunction(_now)
    ends_at = LazyFunction(lambda: _now() + timedelta(hours=12))


class SignInCodeFactory(RowFactory[SignInCode]):
    """A code that somebody asked for and no worker has made yet."""

    class Meta:
        model = SignInCode

    id = LazyFunction(new_id)
    email = Sequence("asks{}@example.com".format)
    email_key = SelfAttribute("email")
    browser_hash = LazyFunction(lambda: secrets.token_bytes(32))
    expires_at = LazyFunction(lambda: _now() + timedelta(minutes=10))


class PasswordTokenFactory(RowFactory[PasswordToken]):
    """A link that nobody has used."""

    class Meta:
        model = PasswordToken

    account = SubFactory(AccountFactory)
    hash = LazyFunction(lambda: secrets.token_bytes(32))
    expires_at = LazyFunction(lambda: _now() + timedelta(minutes=30))


class BreakGlassFactory(RowFactory[BreakGlass]):
    """Somebody who may sign in although single sign-on is enforced."""

    class Meta:
        model = BreakGlass

    member = SubFactory(MemberFactory)
    organization = SelfAttribute("member.organization_id")
    reason = "owns the company"
    granted_by = "the operator"


class RateFactory(RowFactory[Rate]):
    """Something that was tried once."""

    class Meta:
        model = Rate

    key = Sequence("code:asks{}@example.com".format)
    spent = 1.0
    at = LazyFunction(_now)
