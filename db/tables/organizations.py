"""Organizations and the SCIM extensions that they registered."""

from piccolo.columns import JSONB, UUID, Integer, Text, Timestamptz
from piccolo.table import Table


class Organization(Table):
    """A customer: the tenant to which everything else belongs."""

    id = UUID(primary_key=True, default=None)
    name = Text(default=None)
    schema_version = Integer(default=1, help_text="Rises whenever an extension is registered or withdrawn.")
    request_retention_days = Integer(default=400, help_text="How long the headline of a request is kept.")
    body_retention_days = Integer(default=30, help_text="How long the bodies of a request are kept.")
    policies = JSONB(default="{}", help_text="What the organization chose, as provisioning.policy_values has it.")
    created_at = Timestamptz()


class Extension(Table):
    """A SCIM schema extension that one organization registered, as data (RFC 7643 §7)."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    urn = Text(default=None)
    urn_key = Text(default=None, help_text="The URN in lower case; unique in the organization.")
    definition = JSONB(default=None)
    created_at = Timestamptz()
