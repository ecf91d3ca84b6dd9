"""docs/jit.md and the example in docs, as they stand there."""

from __future__ import annotations

import json
import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "jit.md").read_text()
EXAMPLE = DOCS / "examples" / "jit_sign_in.py"
CALL, ANSWER, PROBLEM = (json.loads(each) for each in re.findall(r"```json\n(.*?)```", TEXT, re.S))
CODES = {
    (int(status), code)
    for statuses, codes in re.findall(r"^\| ([\d, ]+) \| (`[A-Z_`, ]+`) \|", TEXT, re.M)
    for status in statuses.split(", ")
    for code in re.findall(r"`([A-Z_]+)`", codes)
}
"""The statuses and codes of refusals that the table has."""
