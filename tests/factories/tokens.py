"""API tokens, what they spent, and what was asked for with an idempotency key."""

from __future__ import annotations

from datetime import UTC, datetime

from factory import LazyAttribute, LazyFunction, SelfAttribute, SubFactory

from api.provisioning.key_text import API_PREFIX, digest, new_key
from db.ids import new_id
from db.tables import ApiBudget, ApiToken, IdempotencyKey

from .organizations import OrganizationFactory
from .rows import RowFactory


class ApiTokenFactory(RowFactory[ApiToken]):
    """A live token that may do nothing; give `text` to know it."""

    class Meta:
        model = ApiToken
        exclude = ("text",)

    organization = SubFactory(OrganizationFactory)
    id = LazyFunction(new_id)
    name = "Backstage"
    text = LazyFunction(lambda: new_key(API_PREFIX))
    hash = LazyAttribute(lambda made: digest(made.text))
    last_four = LazyAttribute(lambda made: made.text[-4:])
    created_by = "the operator"


class ApiBudgetFactory(RowFactory[ApiBudget]):
    """A token's budget of which nothing is spent."""

    class Meta:
        model = ApiBudget

    token = SubFactory(ApiTokenFactory)
    spent = 0.0
    at = LazyFunction(lambda: datetime.now(UTC))


class IdempotencyKeyFactory(RowFactory[IdempotencyKey]):
    """Something that is being done."""

    class Meta:
        model = IdempotencyKey

    caller = SubFactory(ApiTokenFactory)
    organization = SelfAttribute("caller.organization_id")
    id = LazyFunction(new_id)
    key = "once"
    digest = b"-" * 32
