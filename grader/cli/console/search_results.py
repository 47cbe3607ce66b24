"""What a search has found, in the terminal and as JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.base.printable import sanitize
from grader.cli.console.json_output import SCHEMA, dump_json
from grader.cli.console.terminal import (
    count_noun,
    is_coloured,
    paint,
    paint_words,
    say,
    wrap,
)
from grader.services.search_ranking import Hit

LONGEST = 240
"""Characters of a matched line that are shown."""


def show_hits(hits: Sequence[Hit], words: str, most: int) -> None:
    """Show the best hits, each with its place, its kind and the matched line."""
    for hit in hits[:most]:
        place = sanitize(f"{hit.where}:{hit.line}", 500)
        more = f", {count_noun(hit.more, 'more line')}" if hit.more else ""
        say(f"{paint(place, 'name')}  {paint_words(hit.kind + more, 'faint')}")
        text = _cut(_drop_addresses(sanitize(hit.text, 20_000), words), words)
        say(_mark(wrap(text, "    ", "    "), words))
    if not hits:
        say(wrap(f"Nothing contains all of: {sanitize(words, 200)}"))
    elif len(hits) > most:
        say(paint(f"{len(hits) - most} more: add --all, or another word", "faint"))


def format_json(hits: Sequence[Hit], words: str) -> str:
    """Return all hits, the best first."""
    results = [hit._asdict() for hit in hits]
    return dump_json({"schema": SCHEMA, "words": words, "results": results})


def _drop_addresses(text: str, words: str) -> str:
    """Return Markdown without the addresses of its links, unless the search is for one of them."""
    plain = re.sub(r"\[([^][]+)\]\([^()\s]+\)", r"\1", text)
    return plain if all(word in plain.casefold() for word in words.casefold().split()) else text


def _cut(text: str, words: str) -> str:
    """Return the part of a long line around the first of the words, cut between words."""
    plain = " ".join(text.split())
    if len(plain) <= LONGEST:
        return plain
    places = [plain.casefold().find(word) for word in words.casefold().split()]
    first = min((place for place in places if place >= 0), default=0)
    start = plain.rfind(" ", 0, max(0, first - LONGEST // 3)) + 1
    end = plain.rfind(" ", start, start + LONGEST)
    end = start + LONGEST if end < first else end
    return f"{'... ' * (start > 0)}{plain[start:end]}{' ...' * (end < len(plain))}"


def _mark(text: str, words: str) -> str:
    """Return the text with the words in bold, on a terminal in colour."""
    if not is_coloured():
        return text
    pattern = "|".join(re.escape(word) for word in sorted(words.split(), key=len, reverse=True))
    return re.sub(pattern, lambda match: paint(match[0], "strong"), text, flags=re.IGNORECASE)
