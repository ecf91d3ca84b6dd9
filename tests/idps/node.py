"""Identity providers that run on Node.js: only tests need them, and `make test` installs them where npm is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
SECONDS = 60


def require(package: str, folder: Path = FOLDER) -> str:
    """The path of Node.js; skips the test where it or the package in that folder is missing, and fails it in CI."""
    node = shutil.which("node")
    if node is not None and (folder / "node_modules" / package).is_dir():
        return node
    missing = "there is no Node.js" if node is None else f"{package} is not installed"
    text = f"Left out, because {missing}: install Node.js 20 or newer with npm, and run `make test`."
    if os.environ.get("CI"):
        pytest.fail(text)
    pytest.skip(text)


@contextmanager
def running(script: str, package: str, **chosen: Any) -> Iterator[str]:
    """The address of a provider, which runs until this ends."""
    command = [require(package), str(FOLDER / script), json.dumps(chosen)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), f"{script} did not start"
            yield address
        finally:
            process.kill()
