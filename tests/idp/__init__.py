"""What identity providers really send, replayed against Rollcall over HTTP."""
