"""bench/README.md: what is written by hand stays, the tables are replaced."""

from __future__ import annotations

from pathlib import Path

PATH = Path(__file__).parent / "README.md"
_BEGIN, _END = "<!-- tables -->\n", "<!-- end of tables -->\n"


def write(tables: str) -> None:
    """Put the tables where the last ones were."""
    text = PATH.read_text()
    before, _, rest = text.partition(_BEGIN)
    after = rest.partition(_END)[2]
    PATH.write_text(f"{before}{_BEGIN}\n{tables.rstrip()}\n\n{_END}{after}")
