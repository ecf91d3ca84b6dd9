"""Pages, a module for each entry of the navigation. A handler asks by named documents and renders a template."""

from . import (
    accounts,
    activity,
    audit,
    decisions,
    developers,
    directories,
    directory_attributes,
    directory_end,
    directory_keys,
    directory_live,
    domains,
    events,
    graphiql,
    group,
    groups,
    held,
    helping,
    home,
    importing,
    jobs_of_people,
    mailbox,
    member_acts,
    member_edit,
    members,
    operations,
    organizations,
    people,
    people_bulk,
    people_rows,
    platform_settings,
    policies,
    portal,
    provisioning,
    role,
    roles,
    seat_lines,
    seat_settings,
    seats,
    security,
    setting_up,
    setup_steps,
    signing_in,
    sso_connections,
    webhooks,
)

PAGES = [*signing_in.PAGES, *home.PAGES, *accounts.PAGES, *mailbox.PAGES]
PAGES += [*people.PAGES, *people_rows.PAGES, *people_bulk.PAGES, *importing.PAGES, *jobs_of_people.PAGES]
PAGES += [*members.PAGES, *member_acts.PAGES, *member_edit.PAGES]
PAGES += [*groups.PAGES, *group.PAGES, *roles.PAGES, *role.PAGES]
PAGES += [*seats.PAGES, *seat_lines.PAGES, *seat_settings.PAGES]
PAGES += [*provisioning.PAGES, *setting_up.PAGES, *setup_steps.PAGES, *portal.PAGES]
PAGES += [*directory_attributes.PAGES, *directory_live.PAGES]
PAGES += [*directories.PAGES, *directory_keys.PAGES, *directory_end.PAGES]
PAGES += [*activity.PAGES, *held.PAGES, *decisions.PAGES, *domains.PAGES]
PAGES += [*developers.PAGES, *graphiql.PAGES, *webhooks.PAGES, *audit.PAGES]
PAGES += [*organizations.PAGES, *events.PAGES, *operations.PAGES, *platform_settings.PAGES]
PAGES += [*helping.PAGES, *security.PAGES, *sso_connections.PAGES, *policies.PAGES]
