"""Secrets at rest: what the database keeps so that whoever has only the database cannot read it."""
