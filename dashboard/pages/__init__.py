"""Pages, a module for each entry of the navigation. A handler asks by named documents and renders a template."""

from . import (
    accounts,
    directories,
    directory_end,
    directory_keys,
    home,
    mailbox,
    members,
    people,
    portal,
    provisioning,
    setting_up,
    setup_steps,
    signing_in,
)

PAGES = [
    *signing_in.PAGES,
    *home.PAGES,
    *accounts.PAGES,
    *mailbox.PAGES,
    *people.PAGES,
    *members.PAGES,
    *provisioning.PAGES,
    *setting_up.PAGES,
    *setup_steps.PAGES,
    *directories.PAGES,
    *directory_keys.PAGES,
    *directory_end.PAGES,
    *portal.PAGES,
]
