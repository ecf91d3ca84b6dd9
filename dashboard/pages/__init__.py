"""Pages, a module for each entry of the navigation. A handler asks by named documents and renders a template."""

from . import accounts, graphiql, home, mailbox, members, people, signing_in

PAGES = [*signing_in.PAGES, *home.PAGES, *accounts.PAGES, *mailbox.PAGES, *people.PAGES, *members.PAGES]
PAGES += [*graphiql.PAGES]
