"""A cursor over the text of a path or filter: words, brackets and literals, without knowing what they mean."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from .errors import InvalidFilter

_SPACE = re.compile(r"[ \t\f\r\n]*")
_WORD = re.compile(r'[^ \t\f\r\n()\[\]"]*')
_BARE = re.compile(r"[^ \t\f\r\n)\]]*")
_DECODER = json.JSONDecoder()
_SHOWN = 100


def shown(text: str) -> str:
    """`text` as error messages quote it: in backticks, shortened, printable."""
    short = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return "`" + short.encode("utf-8", "replace").decode("utf-8").replace("\0", "�") + "`"


@dataclass(slots=True)
class Scanner:
    """Reads `text` from left to right; white space between tokens is skipped everywhere."""

    text: str
    position: int = 0

    def peek(self) -> str:
        """The next character that is no white space; empty at the end."""
        space = _SPACE.match(self.text, self.position)
        self.position = space.end() if space else self.position
        return self.text[self.position : self.position + 1]

    def take(self, character: str) -> bool:
        """Whether that character comes next; steps over it if so."""
        if self.peek() != character:
            return False
        self.position += 1
        return True

    def take_keyword(self, keyword: str) -> bool:
        """Whether that word comes next, in any case; steps over it if so."""
        if not self.peek():
            return False
        start = self.position
        if self.word().lower() == keyword:
            return True
        self.position = start
        return False

    def word(self) -> str:
        """The characters up to white space, a bracket or a quotation mark; empty if there are none."""
        return self._run(_WORD)

    def bare(self) -> str:
        """The characters of a literal without quotation marks: up to white space, `)` or `]`."""
        return self._run(_BARE)

    def string(self) -> str:
        """The JSON string that starts here; raises InvalidFilter if it is malformed or no text can be stored so."""
        start = self.position
        try:
            value, self.position = _DECODER.raw_decode(self.text, start)
            value.encode("utf-8")
        except json.JSONDecodeError as error:
            raise InvalidFilter(
                f"The text that begins at {shown(self.text[start:])} is no JSON string: {error.msg}. "
                'Inside quotation marks write `\\"` for a quotation mark and `\\\\` for a backslash.'
            ) from error
        except UnicodeEncodeError as error:
            raise InvalidFilter(f"The text at {shown(self.text[start:])} has half of a surrogate pair.") from error
        return str(value)

    def rest(self) -> str:
        """What has not been read, as error messages quote it."""
        return shown(self.text[self.position :]) if self.peek() else "the end"

    def _run(self, pattern: re.Pattern[str]) -> str:
        self.peek()
        run = pattern.match(self.text, self.position)
        self.position = run.end() if run else self.position
        return run.group() if run else ""
