"""How fast Rollcall is beside the same SQL without it: `python -m bench --help`."""
