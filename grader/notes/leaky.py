"""What a text holds that should not be published, kept with the other pieces of the pages."""

from __future__ import annotations

from grader import pieces
from grader.leaks import leaks


def told(text: str) -> list[tuple[int, str]]:
    """Each thing that was found, by its line and in words that never tell the whole."""
    found = pieces.made(lambda: [[leak.line, str(leak)] for leak in leaks(text)], "leaks", text)
    return [(int(line), str(words)) for line, words in found]
