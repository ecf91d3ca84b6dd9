"""Signing in by OpenID Connect: what a relying party has to do, and what it must not believe."""
