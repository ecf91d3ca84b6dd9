"""What can keep the demo from being prepared."""

from __future__ import annotations


class DemoProblem(Exception):
    """The demo could not be prepared; the text is for people."""
