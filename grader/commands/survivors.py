"""How ``grade author mutate`` shows what the checks of an exercise did not notice."""

from __future__ import annotations

from grader.author import Survivor, Tally
from grader.console.paint import paint, say
from grader.harmless import harmless


def show_tally(tally: Tally) -> None:
    """The counts of an exercise, each unexplained survivor with its diff, and each fault."""
    left, explained = len(tally.unexplained), len(tally.survivors) - len(tally.unexplained)
    say(
        f"{paint(tally.exercise, 'name')}  {int(tally.percent)} %: {tally.mutants} mutants, "
        f"{tally.noticed} noticed, {explained} explained, {left} unexplained, "
        f"{tally.seconds:.1f} s"
    )
    for survivor in tally.unexplained:
        _show(tally, survivor)
    for fault in tally.faults:
        say(str(fault))


def _show(tally: Tally, survivor: Survivor) -> None:
    said = f"  a check breaks: {survivor.breaks.strip()}" if survivor.breaks else ""
    say(f"\n{tally.reference}:{survivor.line}: no check notices it: {survivor.says}")
    for line in (*said.splitlines(), *survivor.diff.splitlines()):
        say(f"  {harmless(line)}")
