"""An HTML validator on Node.js, as a process that is asked again and again."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.idps import node

_FOLDER = Path(__file__).parent / "validating"


@dataclass(frozen=True, slots=True)
class Validator:
    """Says what is wrong with documents."""

    process: subprocess.Popen[str]

    def wrong(self, html: str) -> list[str]:
        """What is wrong with one, each with its line."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(html) + "\n")
        self.process.stdin.flush()
        found: list[str] = json.loads(self.process.stdout.readline())
        return found


@contextmanager
def running() -> Iterator[Validator]:
    """A validator; without Node.js the test is left out, and fails in CI."""
    command = [node.require("html-validate", _FOLDER), str(_FOLDER / "validate.mjs")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Validator(process)
        finally:
            process.kill()
