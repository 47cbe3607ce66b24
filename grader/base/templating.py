"""Jinja2 templates of HTML and SVG: what is filled in is text unless it is ``Markup``.

Jinja2 is imported when the first template is filled, so that a command that writes no HTML does
not load it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment, Template
    from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of one folder."""

    folder: Path
    clean: Callable[[str], str] = str
    """Applied to each text before it is escaped."""

    def fill(self, template: str, /, **data: object) -> Markup:
        """Return a whole file: the template filled with the data."""
        from markupsafe import Markup

        return Markup(_load_template(self, template).render(data))

    def fill_line(self, template: str, /, **data: object) -> Markup:
        """Return a block for a Markdown page: on one line, so that no Markdown rule reads it.

        The template's own line breaks and indentation go; a backtick would begin code.
        """
        from markupsafe import Markup

        text = _load_template(self, template).render(data)
        if "\n" in text:
            text = "".join(line.lstrip(" ") for line in text.split("\n"))
        return Markup(text.replace("`", "&#96;"))


@cache
def _load_template(templates: Templates, name: str) -> Template:
    """Return a template, compiled once.

    No template calls Jinja2's own functions, which it would copy whenever it is filled; on a page
    of many small blocks that takes longer than all else.
    """
    template = _make_environment(templates).get_template(name)
    template.globals = {}
    return template


@cache
def _make_environment(templates: Templates) -> Environment:
    """Return Jinja2 set up for one folder; autoescape holds whatever a template is called."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    def finalize(value: Any) -> Any:
        """Clean a text; what is Markup already, and a number, stays as it is."""
        return templates.clean(value) if type(value) is str else value

    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        loader=FileSystemLoader(templates.folder),
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )
