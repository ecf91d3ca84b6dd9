"""Jobs and their rows."""

from __future__ import annotations

from factory import LazyAttribute, LazyFunction, SubFactory

from db.enums import JobState, RowOutcome
from db.ids import new_id
from db.tables import Job, JobRow

from .organizations import OrganizationFactory
from .rows import RowFactory


class JobFactory(RowFactory[Job]):
    """A job that is ready to run."""

    class Meta:
        model = Job

    organization = SubFactory(OrganizationFactory)
    id = LazyFunction(new_id)
    kind = "members.update"
    state = JobState.READY
    asked_by = "dana@example.com"


class JobRowFactory(RowFactory[JobRow]):
    """A change that waits."""

    class Meta:
        model = JobRow

    job = SubFactory(JobFactory)
    organization = LazyAttribute(lambda made: made.job.organization_id)
    number = 1
    wanted = "{}"
    outcome = RowOutcome.WAITING
