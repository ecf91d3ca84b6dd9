"""Fetching people from Google Workspace, which sends them to nobody but applications of its own catalogue."""
