"""The SCIM 2.0 edge: what identity providers talk to under /scim/v2."""
