"""`python -m api`: see `python -m api --help`."""

from __future__ import annotations

import sys

from api.commands.command_line import main

if __name__ == "__main__":
    sys.exit(main())
