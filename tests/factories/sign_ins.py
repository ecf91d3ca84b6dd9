"""Sign-ins of which host applications told."""

from __future__ import annotations

from datetime import UTC, datetime

from factory import LazyAttribute, LazyFunction, SubFactory

from db.enums import ReportOutcome
from db.ids import new_id
from db.tables import SignInReport

from .rows import RowFactory
from .tokens import ApiTokenFactory


class SignInReportFactory(RowFactory[SignInReport]):
    """A sign-in that failed."""

    class Meta:
        model = SignInReport

    token = SubFactory(ApiTokenFactory)
    organization = LazyAttribute(lambda made: made.token.organization_id)
    id = LazyFunction(new_id)
    call_id = LazyFunction(lambda: f"msg_{new_id().hex}")
    digest = b"-" * 32
    outcome = ReportOutcome.IGNORED
    received_at = LazyFunction(lambda: datetime.now(UTC))
