"""Members who come, go, are deleted and arrive at the same time: nobody is lost and nobody dangles."""

from __future__ import annotations
