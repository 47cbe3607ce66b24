"""What was tried in one exercise: a picture, a table, and the mistakes met on the way."""

from __future__ import annotations

from grader.course import Exercise
from grader.outcome import Attempt
from grader.pages.ledger import described
from grader.pages.mended import Met, first_broken, met
from grader.pages.scene import Scene
from grader.pages.words import VERDICTS, attribute, count, day_in_words, escape, unbroken

_SHOWN = 20
"""Attempts that the table lists, the latest ones."""
_DRAWN = 60
"""Attempts that the picture draws, the latest ones."""
_HIGH, _STEP, _BAR = 48, 16, 8


def section(scene: Scene, exercise: Exercise, tries: list[Attempt]) -> str:
    """The history, or nothing before the first attempt."""
    if not tries:
        return ""
    names = tuple(claim.name for claim in scene.claims.get(exercise.id, ()))
    rows = [_row(scene, exercise, names, attempt) for attempt in reversed(tries[-_SHOWN:])]
    head = ["Day", "Verdict", "Checks", "Broke first", "Looks like", "Hints"]
    parts = [
        "## History",
        picture(tries[-_DRAWN:], len(tries)),
        described("History", head, rows, (3, 4)),
    ]
    if len(tries) > _SHOWN:
        parts.append(f"And {count(len(tries) - _SHOWN, 'earlier attempt')}.")
    return "\n\n".join(parts)


def mistakes(scene: Scene, exercise: Exercise) -> str:
    """The mistakes met, each with the day on which it was mended, or nothing."""
    lines = [
        f"- {escape(one.says)}<br><small>{told(one)}</small>" for one in met(scene, exercise.id)
    ]
    return "\n".join(["## Mistakes", "", *lines]) if lines else ""


def told(one: Met) -> str:
    """When a mistake was met, and when it was mended."""
    times = f", seen {count(one.seen, 'time')}" if one.seen > 1 else ""
    first = f"Met on {day_in_words(one.first.day)}{times}"
    if one.mended is None:
        more = f" after {count(one.attempts, 'more attempt')}" if one.attempts else ""
        return f"{first}, still in hand{more}."
    later = f"{count(one.attempts, 'attempt')} later"
    return f"{first}, mended on {day_in_words(one.mended.day)}, {later}."


def picture(tries: list[Attempt], every: int) -> str:
    """A bar per attempt, as high as the share of checks that passed; a pass has a dot on top."""
    width = len(tries) * _STEP + 8
    bars = "".join(_bar(number, attempt) for number, attempt in enumerate(tries))
    shown = (
        f"the last {len(tries)} of {every} attempts"
        if every > len(tries)
        else (count(every, "attempt"))
    )
    shares = ", ".join(_share(attempt) for attempt in tries)
    days = [day_in_words(day) for day in dict.fromkeys((tries[0].day, tries[-1].day))]
    return (
        f'<figure class="gw-tries"><svg width="{width}" height="{_HIGH + 20}" '
        f'viewBox="0 0 {width} {_HIGH + 20}" role="img" '
        f'aria-label="{attribute(f"{shown}, checks passed: {shares}")}">{bars}'
        f'<line class="gw-foot" x1="0" x2="{width}" y1="{_HIGH + 16.5}" y2="{_HIGH + 16.5}"/>'
        f"</svg><figcaption>{attribute(' to '.join(days))}: {shown}, each as high as its share of "
        "checks passed; ● is a pass</figcaption></figure>"
    )


def _bar(number: int, attempt: Attempt) -> str:
    passed = sum(status == "passed" for status in attempt.checks.values())
    high = max(2.0, _HIGH * passed / len(attempt.checks)) if attempt.checks else 2.0
    x, y = 4 + number * _STEP + (_STEP - _BAR) / 2, _HIGH + 16 - high
    state = "passed" if attempt.verdict == "passed" else "failed"
    dot = f'<circle cx="{x + _BAR / 2:g}" cy="{y - 8:g}" r="4"/>' if state == "passed" else ""
    return (
        f'<g class="gw-try gw-{state}"><rect x="{x:g}" y="{y:.2f}" width="{_BAR}" '
        f'height="{high:.2f}"/>{dot}</g>'
    )


def _share(attempt: Attempt) -> str:
    passed = sum(status == "passed" for status in attempt.checks.values())
    return f"{passed} of {len(attempt.checks)}"


def _row(scene: Scene, exercise: Exercise, names: tuple[str, ...], attempt: Attempt) -> list[str]:
    says = scene.mistakes.get(exercise.id, {})
    claims = {claim.name: claim.claim for claim in scene.claims.get(exercise.id, ())}
    broken = first_broken(names, attempt)
    mistake = says.get(attempt.mistake, attempt.mistake) if attempt.mistake else None
    return [
        unbroken(day_in_words(attempt.day)),
        escape(VERDICTS.get(attempt.verdict, attempt.verdict)),
        unbroken(_share(attempt)),
        escape(claims.get(broken) or broken) if broken else "–",
        escape(mistake) if mistake else "–",
        str(attempt.hints) if attempt.hints else "–",
    ]
