"""Which texts contain all the words of a search, and which of them come first: pure rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

SearchKind = Literal["exercise", "lesson", "term", "card", "reading", "note", "log"]

WHOLE, BEGINNING, INSIDE = 3, 2, 1
"""How well a word fits: it is a word of the text, the beginning of one, or a part of one."""
IN_NAME = 1000
"""What the words add where they are a text's whole name, such as a term."""
IN_HEAD = 4
"""A word in a text's name or title counts so many times a word in its lines."""


class SearchText(NamedTuple):
    """A text that can be found: its name and title, and its numbered lines."""

    kind: SearchKind
    name: str
    head: str
    """The words of its name and title."""
    summary: str
    """What is shown where the head contains the words."""
    where: str
    """The path, as the learner reads it."""
    line: int
    """The line of the summary."""
    lines: Sequence[tuple[int, str]] = ()


class Hit(NamedTuple):
    """A text that contains all the words, and the line that fits best."""

    kind: SearchKind
    name: str
    where: str
    line: int
    text: str
    more: int
    """Further lines that contain one of the words."""


def find_hits(texts: Iterable[SearchText], words: str) -> list[Hit]:
    """Return a hit for each text that contains all the words, the best first.

    Case makes no difference. A text scores by how well each word fits at its best place; equally
    good ones stay in the order in which they came.
    """
    wanted = list(dict.fromkeys(words.casefold().split()))
    scored = [found for text in texts if wanted and (found := _score_text(text, wanted))]
    scored.sort(key=lambda pair: -pair[0])
    hits: dict[tuple[str, int], Hit] = {}
    for _, hit in scored:  # a card and its note have a line in common
        hits.setdefault((hit.where, hit.line), hit)
    return list(hits.values())


def _score_text(text: SearchText, wanted: Sequence[str]) -> tuple[int, Hit] | None:
    """Return a text's score and its hit; None unless it contains every word."""
    head = f"{text.head}\n{text.summary}".casefold()
    whole = "\n".join((head, *(line for _, line in text.lines))).casefold()
    if not all(word in whole for word in wanted):
        return None
    best = [IN_HEAD * _score_word(text.head.casefold(), word) for word in wanted]
    shown = (_score_line(head, wanted), text.line, text.summary)
    in_head, matching = all(best), 0
    for number, line in text.lines:
        scores = [_score_word(line.casefold(), word) for word in wanted]
        if any(scores):
            matching += 1
            best = [*map(max, best, scores)]
            score = _score_line(line, wanted) + line.startswith("#")
            if score > shown[0] and not in_head:
                shown = (score, number, line)
    more = matching - (shown[2] != text.summary)
    hit = Hit(text.kind, text.name, text.where, shown[1], shown[2], max(0, more))
    score = 100 * sum(best) + 10 * shown[0] + min(matching, 9)
    return score + IN_NAME * _is_name(text, " ".join(wanted)), hit


def _is_name(text: SearchText, words: str) -> bool:
    name = text.name.casefold()
    return words in (name, name.rpartition("/")[2].replace("_", " "))


def _score_line(line: str, wanted: Sequence[str]) -> int:
    """Return how well a line fits: the more of the words it has, the better."""
    scores = [_score_word(line.casefold(), word) for word in wanted]
    return sum(scores) + WHOLE * sum(map(bool, scores))


def _score_word(text: str, word: str) -> int:
    """Return how well a word fits at its best place in a text; 0 where it does not occur."""
    best, start = 0, text.find(word)
    while start >= 0 and best < WHOLE:
        end = start + len(word)
        begins = start == 0 or not text[start - 1].isalnum()
        ends = end == len(text) or not text[end].isalnum()
        best = max(best, WHOLE if begins and ends else BEGINNING if begins else INSIDE)
        start = text.find(word, end)
    return best
