"""OAuth clients, their secrets and access tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from factory import LazyAttribute, LazyFunction, SubFactory

from api.provisioning.key_text import ACCESS_PREFIX, SECRET_PREFIX, digest, new_key
from db.ids import new_id
from db.tables import OauthAssertion, OauthClient, OauthSecret, OauthToken

from .directories import DirectoryFactory
from .rows import RowFactory


class OauthClientFactory(RowFactory[OauthClient]):
    """A client that has nothing to be believed by."""

    class Meta:
        model = OauthClient

    directory = SubFactory(DirectoryFactory)
    organization = LazyAttribute(lambda made: made.directory.organization_id)
    id = LazyFunction(new_id)
    name = "Okta"
    created_by = "the operator"


class OauthSecretFactory(RowFactory[OauthSecret]):
    """A live secret; give `text` to know it."""

    class Meta:
        model = OauthSecret
        exclude = ("text",)

    client = SubFactory(OauthClientFactory)
    organization = LazyAttribute(lambda made: made.client.organization_id)
    id = LazyFunction(new_id)
    text = LazyFunction(lambda: new_key(SECRET_PREFIX))
    hash = LazyAttribute(lambda made: digest(made.text))
    last_four = LazyAttribute(lambda made: made.text[-4:])
    expires_at = LazyFunction(lambda: datetime.now(UTC) + timedelta(days=365))


class OauthTokenFactory(RowFactory[OauthToken]):
    """A live access token; give `text` to know it."""

    class Meta:
        model = OauthToken
        exclude = ("text",)

    client = SubFactory(OauthClientFactory)
    organization = LazyAttribute(lambda made: made.client.organization_id)
    id = LazyFunction(new_id)
    text = LazyFunction(lambda: new_key(ACCESS_PREFIX))
    hash = LazyAttribute(lambda made: digest(made.text))
    expires_at = LazyFunction(lambda: datetime.now(UTC) + timedelta(hours=1))


class OauthAssertionFactory(RowFactory[OauthAssertion]):
    """An assertion that was used."""

    class Meta:
        model = OauthAssertion

    client = SubFactory(OauthClientFactory)
    organization = LazyAttribute(lambda made: made.client.organization_id)
    hash = LazyFunction(lambda: digest(new_key()))
    expires_at = LazyFunction(lambda: datetime.now(UTC) + timedelta(minutes=5))
