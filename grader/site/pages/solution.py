"""After a pass: the reference, and beside it the learner's own code where they chose to show it.

Neither is on the site before: ``gather`` reads only the files of what is passed or was revealed.
"""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from grader.base.cache import Cache
from grader.course.model import Exercise
from grader.course.source.docstrings import strip_docstrings
from grader.learner.notes.grammar import highlight_code
from grader.services.submission import Submission
from grader.site.formatting import fold_html
from grader.site.site_data import SiteData
from grader.site.templating import fill_block, render_fold

_MAX_CHARACTERS = 40_000
"""The longest file that is shown."""


def render_solution(site: SiteData, exercise: Exercise) -> str:
    """Render the reference alone, or with the learner's code; empty before a pass."""
    reference = site.references.get(exercise.id)
    if not reference:
        return ""
    workspace, mine = site.workspace, site.solved.get(exercise.id)
    cache = Cache(workspace.cache)
    path = workspace.show_path(workspace.locate_reference(exercise.id))
    shown = [_make_file(cache, "The reference", path, reference)]
    if mine:
        shown.append(
            _make_file(cache, _describe_own_code(site, exercise, mine), mine.shown, mine.text)
        )
    pair = fill_block("exercise/solution.html", files=shown)
    title = "Reference and your code" if mine else "Reference"
    summary = "Without docstrings, which are in the contract above"
    return f"## {title}\n\n{render_fold(summary, pair)}"


def _describe_own_code(site: SiteData, exercise: Exercise, mine: Submission) -> str:
    """Say whether the file is still the one that passed."""
    passes = [a.file_hash for a in site.list_attempts(exercise.id) if a.verdict == "passed"]
    return "Your code, as it passed" if mine.hash in passes else "Your code, as it is now"


class _CodeFile(NamedTuple):
    """A file as the page shows it; one that is too long has no code."""

    title: str
    path: str
    code: Markup


def _make_file(cache: Cache, name: str, path: str, text: str) -> _CodeFile:
    return _CodeFile(
        name, path, Markup("") if len(text) > _MAX_CHARACTERS else _highlight(cache, text)
    )


def _highlight(cache: Cache, text: str) -> Markup:
    """Return the code as HTML, from the cache: highlighting is the slowest part of the page."""
    cached = cache.get("code", _VERSION, text)
    if cached is None:
        cached = {"html": fold_html(highlight_code(strip_docstrings(text), "python"))}
        cache.put(cached, "code", _VERSION, text)
    return Markup(cached["html"])


_VERSION = "1"
"""Raise it when the HTML changes, so that cached HTML is not used."""
