"""The templates of the site: all of its HTML and SVG is in ``templates``.

What is filled in is text, on one line and escaped; only what was cleaned before, such as a
learner's note, is handed over as ``Markup``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from grader.base.templating import Templates
from grader.site.formatting import escape_markdown, to_plain_line

_TEMPLATES = Templates(Path(__file__).parent / "templates", to_plain_line)


def fill_block(template: str, /, **data: object) -> Markup:
    """Return a block of HTML for a Markdown page, on one line that no Markdown rule reads."""
    return _TEMPLATES.fill_line(template, **data)


def fill_file(template: str, /, **data: object) -> str:
    """Return a whole file, with the lines of its template."""
    return str(_TEMPLATES.fill(template, **data))


def render_small_lines(lines: Sequence[str]) -> Markup:
    """Return smaller lines to go below a line of Markdown; their text is no Markdown."""
    safe = [line if isinstance(line, Markup) else Markup(escape_markdown(line)) for line in lines]
    return fill_block("small_lines.html", lines=safe)


def render_fold(summary: str, *parts: Markup, is_open: bool = False) -> Markup:
    """Return blocks of HTML folded behind a line that says what they are."""
    return fill_block("fold.html", summary=summary, parts=parts, is_open=is_open)


def draw_link(link: str, words: str) -> Markup:
    """Return a link in HTML."""
    return fill_block("link.html", link=link, words=words)
