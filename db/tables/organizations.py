"""Organizations and the SCIM extensions that they registered."""

from piccolo.columns import JSONB, UUID, Integer, Text, Timestamptz
from piccolo.table import Table

from db.enums import ExtensionState


class Organization(Table):
    """A customer: the tenant to which everything else belongs."""

    id = UUID(primary_key=True, default=None)
    name = Text(default=None)
    schema_version = Integer(default=1, help_text="Rises whenever an extension is registered or withdrawn.")
    request_retention_days = Integer(default=400, help_text="How long the headline of a request is kept.")
    body_retention_days = Integer(default=30, help_text="How long the bodies of a request are kept.")
    policies = JSONB(default="{}", help_text="What the organization chose, as provisioning.policy_values has it.")
    plan = Text(default="UNLIMITED", help_text="A key of the plan catalogue.")
    add_ons = JSONB(default="[]", help_text="What the operator granted besides, a list of texts.")
    dismissed = JSONB(default="[]", help_text="Suggestions that nobody wants to see again, a list of codes.")
    support_contact = JSONB(null=True, default=None, help_text="Whom to ask instead of the plan's contact (R020).")
    attribute_notes = JSONB(default="{}", help_text="Notes beside attributes by their SCIM names (R085).")
    created_at = Timestamptz()


class Extension(Table):
    """A SCIM schema extension that one organization registered, as data (RFC 7643 §7)."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    urn = Text(default=None)
    urn_key = Text(default=None, help_text="The URN in lower case; unique in the organization.")
    definition = JSONB(default=None)
    state = Text(default="APPROVED", choices=ExtensionState)
    proposed_by = Text(null=True, default=None, help_text="Who, in words for people.")
    decided_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()
