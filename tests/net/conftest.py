"""Who is trusted, for all tests of a module."""

from __future__ import annotations

import pytest

from .stranger import Authority, authority


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"))
