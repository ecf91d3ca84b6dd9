"""The SCIM language itself (RFC 7643, RFC 7644): pure functions over plain documents, knowing nothing of Rollcall."""
