"""Where the host application is told of changes, what it is still to be told of, and how that went."""

from piccolo.columns import UUID, Array, BigInt, BigSerial, Boolean, Bytea, Integer, SmallInt, Text, Timestamptz
from piccolo.table import Table

from db.enums import DeliveryState, WebhookDisabled, WebhookSigning


class WebhookEndpoint(Table):
    """A URL of the host application that is told of an organization's changes."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    url = Text(default=None)
    description = Text(default="")
    event_types = Array(base_column=Text(), default=list, help_text="Empty for all.")
    signing = Text(default="HMAC", choices=WebhookSigning)
    is_enabled = Boolean(default=True)
    disabled_reason = Text(null=True, default=None, choices=WebhookDisabled)
    failing_since = Timestamptz(null=True, default=None, help_text="Since when nothing has arrived; null if it does.")
    failures = Integer(default=0, help_text="How often in a row nothing arrived.")
    waits_until = Timestamptz(null=True, default=None, help_text="Nothing is sent before, since it would fail again.")
    leased_until = Timestamptz(null=True, default=None, help_text="Until when a worker has it to itself.")
    lease = UUID(null=True, default=None, help_text="Which worker that is.")
    created_at = Timestamptz()
    updated_at = Timestamptz()


class WebhookSecret(Table):
    """What messages to an endpoint are signed with; while one replaces another, both count."""

    organization_id = UUID(default=None)
    endpoint_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    signing = Text(default=None, choices=WebhookSigning)
    sealed = Bytea(default=None, help_text="The secret or private key, see api.secrets.")
    public_key = Text(null=True, default=None, help_text="What ED25519 is verified with, as `whpk_…`.")
    created_at = Timestamptz()
    expires_at = Timestamptz(null=True, default=None)


class WebhookMessage(Table):
    """Something that endpoints are told, word for word; the same for all that want to know."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    type = Text(default=None)
    sequence = BigInt(null=True, default=None, help_text="The number that the change had in the outbox.")
    member_id = UUID(null=True, default=None)
    body = Text(default=None)
    occurred_at = Timestamptz()


class WebhookDelivery(Table):
    """A message on its way to an endpoint."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    endpoint_id = UUID(default=None)
    message_id = UUID(default=None)
    state = Text(default="PENDING", choices=DeliveryState)
    attempts = SmallInt(default=0, help_text="Since it was put, or put again.")
    due_at = Timestamptz(null=True, default=None, help_text="When it is sent next; null when it is not.")
    ended_at = Timestamptz(null=True, default=None)


class WebhookAttempt(Table):
    """One time that a message was sent, and what came back."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    delivery_id = UUID(default=None)
    status = SmallInt(null=True, default=None, help_text="Null when there was no answer.")
    error = Text(null=True, default=None, help_text="Why there was none.")
    response = Text(null=True, default=None, help_text="How the answer began.")
    duration_ms = Integer(default=None)
    sent_at = Timestamptz()


class AccessRevocation(Table):
    """Access that ended, and whether the host application has confirmed that it ended there as well."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    member_id = UUID(default=None)
    revoked_at = Timestamptz()
    deadline = Timestamptz()
    confirmed_at = Timestamptz(null=True, default=None)
    confirmed_by = Text(null=True, default=None)


class Outbox(Table):
    """A change that an organization's endpoints are still to be told of; a trigger on `change` writes it.

    Its number is taken in the transaction of the change, while what was changed is locked: it orders the changes of a
    member.
    """

    number = BigSerial(primary_key=True)
    organization_id = UUID(default=None)
    change_id = UUID(default=None)
