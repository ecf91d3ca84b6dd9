"""One module per noun: rows, pages or None out; `organization` first in every function."""
