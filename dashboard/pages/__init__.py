"""Pages, a module for each entry of the navigation. A handler asks by named documents and renders a template."""

from . import (
    accounts,
    activity,
    decisions,
    developers,
    domains,
    held,
    home,
    importing,
    jobs_of_people,
    mailbox,
    members,
    people,
    people_bulk,
    signing_in,
    webhooks,
)

PAGES = [
    *signing_in.PAGES,
    *home.PAGES,
    *accounts.PAGES,
    *mailbox.PAGES,
    *people.PAGES,
    *members.PAGES,
    *activity.PAGES,
    *held.PAGES,
    *decisions.PAGES,
    *importing.PAGES,
    *jobs_of_people.PAGES,
    *people_bulk.PAGES,
    *domains.PAGES,
    *developers.PAGES,
    *webhooks.PAGES,
]
