"""Rollcall's application: the rules of provisioning and the edges through which it is reached."""
