"""Pages, a module for each entry of the navigation. A handler asks by named documents and renders a template."""

from . import (
    accounts,
    group,
    groups,
    home,
    mailbox,
    members,
    people,
    role,
    roles,
    seat_lines,
    seat_settings,
    seats,
    signing_in,
)

PAGES = [*signing_in.PAGES, *home.PAGES, *accounts.PAGES, *mailbox.PAGES, *people.PAGES, *members.PAGES]
PAGES += [*groups.PAGES, *group.PAGES, *roles.PAGES, *role.PAGES]
PAGES += [*seats.PAGES, *seat_lines.PAGES, *seat_settings.PAGES]
