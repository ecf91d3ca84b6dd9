"""Pages, a module for each entry of the navigation. A handler asks by named documents and renders a template."""

from . import (
    accounts,
    activity,
    audit,
    decisions,
    developers,
    domains,
    group,
    groups,
    held,
    home,
    importing,
    jobs_of_people,
    mailbox,
    members,
    operations,
    organizations,
    people,
    people_bulk,
    role,
    roles,
    seat_lines,
    seat_settings,
    seats,
    signing_in,
    webhooks,
)

PAGES = [*signing_in.PAGES, *home.PAGES, *accounts.PAGES, *mailbox.PAGES]
PAGES += [*people.PAGES, *members.PAGES, *people_bulk.PAGES, *importing.PAGES, *jobs_of_people.PAGES]
PAGES += [*groups.PAGES, *group.PAGES, *roles.PAGES, *role.PAGES]
PAGES += [*seats.PAGES, *seat_lines.PAGES, *seat_settings.PAGES]
PAGES += [*activity.PAGES, *held.PAGES, *decisions.PAGES, *domains.PAGES]
PAGES += [*developers.PAGES, *webhooks.PAGES, *audit.PAGES]
PAGES += [*organizations.PAGES, *operations.PAGES]
