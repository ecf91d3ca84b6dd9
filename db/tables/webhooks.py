"""Where the host application is told of changes, and what it is still to be told of."""

from piccolo.columns import UUID, Array, BigSerial, Boolean, Text, Timestamptz
from piccolo.table import Table


class WebhookEndpoint(Table):
    """A URL of the host application that is told of an organization's changes."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    url = Text(default=None)
    description = Text(default="")
    event_types = Array(base_column=Text(), default=list, help_text="Empty for all.")
    is_enabled = Boolean(default=True)
    disabled_reason = Text(null=True, default=None)
    failing_since = Timestamptz(null=True, default=None, help_text="Since when nothing has arrived; null if it does.")
    created_at = Timestamptz()


class Outbox(Table):
    """A change that an organization's endpoints are still to be told of; a trigger on `change` writes it.

    Its number is taken in the transaction of the change, while what was changed is locked: it orders the changes of a
    member.
    """

    number = BigSerial(primary_key=True)
    organization_id = UUID(default=None)
    change_id = UUID(default=None)
