"""OAuth 2.0 for directories: short-lived access tokens for SCIM by client credentials (RFC 6749 §4.4)."""
