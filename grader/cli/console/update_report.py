"""What an update brings, in words: before it is made, and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.base.printable import sanitize
from grader.cli.console.terminal import paint, wrap
from grader.services.update.contract_news import ContractNews
from grader.services.update.prepared_update import UpdateReport

_NAMED = 8
"""As many files are named."""
_SENTENCES = 6
"""As many new sentences of one contract are shown."""


def format_coming(report: UpdateReport) -> Iterator[str]:
    """Yield what the update brings, and what becomes of the learner's files."""
    commits = "1 new commit" if report.commits == 1 else f"{report.commits} new commits"
    yield wrap(f"The course has {commits}, up to {report.course} of {report.day}.")
    if report.new_exercises:
        yield from _list("New exercises", report.new_exercises)
    yield from _format_news(report.news)
    if report.committed:
        yield from _list("Yours, committed first", report.committed)
    if report.kept:
        yield from _list("Yours, kept as they are (the course changed them too)", report.kept)
    if report.replaced:
        words = "The course's, replaced (your changes do not fit; a copy of yours is kept)"
        yield from _list(words, report.replaced)
    for note in report.notes:
        yield wrap(sanitize(note, 500))


def format_made(report: UpdateReport) -> Iterator[str]:
    """Yield what was done, how to go back, and what to do next."""
    yield paint(f"The course is updated to {report.course} of {report.day}.", "good")
    if report.copies:
        path = report.replaced[0] if report.replaced else "FILE"
        yield wrap("Your version of what was replaced is kept. To get a file back:")
        yield f"  git checkout {report.copies} -- {sanitize(path)}"
    if report.left:
        words = "Saved while the update ran, and left as they are"
        yield from _list(words, report.left)
    yield f"Undo  git reset --keep {report.before[:12]}"
    for step in _list_next(report):
        yield wrap(step, "      ", "Next  ")


def _list_next(report: UpdateReport) -> Iterator[str]:
    if report.reinstall:
        yield "python -m pip install -e .   (the requirements have changed)"
    if any(one.stale for one in report.news):
        yield "grade --stale   (grades the stale passes again)"
    yield "git push"


def _format_news(news: Sequence[ContractNews]) -> Iterator[str]:
    """Yield each exercise with what its contract says now and the learner's file does not."""
    stale = sum(one.stale for one in news)
    if stale:
        yield f"{stale} pass becomes stale:" if stale == 1 else f"{stale} passes become stale:"
        for one in news:
            if one.stale:
                yield from _format_contract(one)
    begun = [one for one in news if not one.stale]
    if begun:
        yield "Contracts that changed while you were at work on them:"
        for one in begun:
            yield from _format_contract(one)


def _format_contract(one: ContractNews) -> Iterator[str]:
    words = "its checks changed, its contract did not" if one.stale else "no sentence is new"
    why = "" if one.sentences else f"  {words}"
    yield f"  {paint(one.exercise, 'strong')}{why}"
    for sentence in one.sentences[:_SENTENCES]:
        yield wrap(sanitize(sentence, 400), "      ", "    + ")
    if len(one.sentences) > _SENTENCES:
        where = f"the docstring in solutions/{one.exercise}.py"
        yield wrap(f"{len(one.sentences) - _SENTENCES} more: {where}", "      ", "    ")


def _list(heading: str, paths: Sequence[str]) -> Iterator[str]:
    yield wrap(f"{heading}: {len(paths)}")
    for path in paths[:_NAMED]:
        yield f"  {paint(sanitize(path), 'name')}"
    if len(paths) > _NAMED:
        yield f"  and {len(paths) - _NAMED} more"
