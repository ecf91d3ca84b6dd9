"""Signing in over HTTP, apart from pages: cookies, single sign-on, and what host applications tell of theirs."""
