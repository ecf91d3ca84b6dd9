"""The PostgreSQL that Rollcall runs for itself, tried with real servers."""
