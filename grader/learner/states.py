"""How each state is shown: one table of signs, words and colours for the pages and the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from grader.grading.outcome import Status, Verdict
    from grader.learner.progress import ExerciseState
    from grader.learner.reading_list import ItemState
    from grader.learner.spaced_repetition import CardState


class Sign(NamedTuple):
    """What stands for a state: never a colour alone."""

    mark: str
    """On a page, before the word."""
    word: str
    colour: str
    """On a page; the CSS class is ``gw-`` and this."""
    box: str = ""
    """In a terminal, in ASCII."""
    tint: str = "plain"
    """In a terminal, as ``console.paint`` names colours."""

    @property
    def text(self) -> str:
        """Mark and word, as pages show them."""
        return f"{self.mark} {self.word}"


COMING_LATER = "coming later"
"""A unit or a phase that has no exercises yet, as opposed to one that is not started."""

EXERCISES: Mapping[ExerciseState, Sign] = {
    "passed": Sign("●", "passed", "passed", "[x]", "good"),
    "stale": Sign("◍", "stale", "stale", "[~]", "odd"),
    "started": Sign("◐", "started", "started", "[/]", "odd"),
    "skipped": Sign("⊘", "skipped", "skipped", "[-]", "faint"),
    "open": Sign("○", "not started", "open", "[ ]"),
}
"""In the order in which totals name them."""

MILESTONES: Mapping[bool, Sign] = {
    True: Sign("◆", "reached", "passed", "[x]", "good"),
    False: Sign("◇", "not reached", "open", "[ ]"),
}
"""By whether all that it needs is passed."""

READINGS: Mapping[ItemState, Sign] = {
    "done": Sign("●", "done", "passed", "[x]", "good"),
    "reading": Sign("◐", "reading", "started", "[/]", "odd"),
    "next": Sign("▷", "next", "started", "[>]", "name"),
    "inbox": Sign("◇", "inbox", "open", "[.]"),
    "open": Sign("○", "open", "open", "[ ]"),
}

CARDS: Mapping[CardState, Sign] = {
    "due": Sign("◆", "due", "due-now", "[!]", "odd"),
    "new": Sign("○", "new", "new", "[ ]"),
    "learning": Sign("◐", "learning", "learning", "[/]"),
    "known": Sign("●", "known", "known", "[x]", "good"),
}

CHECKS: Mapping[Status, Sign] = {
    "passed": Sign("●", "passed", "passed", "ok", "good"),
    "failed": Sign("✕", "failed", "failed", "FAIL", "bad"),
    "blocked": Sign("○", "not reached", "open", "--", "bad"),
    "timeout": Sign("✕", "timed out", "failed", "TIME", "bad"),
    "crashed": Sign("✕", "crashed", "failed", "CRASH", "bad"),
    "memory": Sign("✕", "ran out of memory", "failed", "MEM", "bad"),
}

MISTAKES: Mapping[bool, Sign] = {
    True: Sign("●", "fixed", "passed"),
    False: Sign("◐", "not fixed yet", "started"),
}
"""By whether a later attempt fixed it."""

CLAIMS: Mapping[bool, Sign] = {
    True: Sign("✎", "said to be done", "claimed"),
    False: Sign("○", "not done yet", "open"),
}
"""By whether a journal says that it is done."""

VERDICTS: Mapping[Verdict, Sign] = {
    "passed": Sign("", "passed", "passed", tint="good"),
    "failed": Sign("", "failed", "failed", tint="bad"),
    "open": Sign("", "not started", "open", tint="odd"),
    "error": Sign("", "could not be graded", "failed", tint="bad"),
    "grader_error": Sign("", "grader error", "failed", tint="odd"),
}
