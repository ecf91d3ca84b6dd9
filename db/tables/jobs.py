"""Jobs: many changes in one go, with a result for each."""

from piccolo.columns import JSONB, UUID, Integer, Text, Timestamptz
from piccolo.table import Table

from db.enums import JobState, RowOutcome


class Job(Table):
    """Many changes that somebody asked for together."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    kind = Text(default=None)
    state = Text(default=None, choices=JobState)
    asked_by = Text(default=None, help_text="Who, in words for people.")
    asked_at = Timestamptz()
    finished_at = Timestamptz(null=True, default=None)


class JobRow(Table):
    """One change of a job, and what became of it."""

    organization_id = UUID(default=None)
    job_id = UUID(default=None)
    number = Integer(primary_key=True, default=None)
    wanted = JSONB(default=None)
    outcome = Text(default=None, choices=RowOutcome)
    text = Text(null=True, default=None, help_text="What happened, for people.")
    member_id = UUID(null=True, default=None)
