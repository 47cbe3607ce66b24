"""What the hook adds to the sidebar of a built page: what each link is about, previous and next.

Neither depends on the learner's progress, so a pass makes no page stale: the states' marks are in a
style sheet (``grader/site/pages/sidebar_states.py``), which finds the links by these names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from grader.course.model import Course
from grader.site.formatting import make_href
from grader.site.neighbours import Neighbours, Target, find_neighbours
from grader.site.page_paths import locate_exercise, locate_unit
from grader.site.templating import fill_block

_LINK = re.compile(r'<a href="([^"#?]+)" class="md-nav__link')
_HERE = '<label class="md-nav__link md-nav__link--active" for="__toc">'
"""In the drawer it is shown in place of the link to the page itself."""
_NAMED, _NAMED_LABEL = '<a data-of="{}"', '<label data-of="{}"'
_TOP = '<nav class="md-nav md-nav--primary'


@dataclass(frozen=True, slots=True)
class Sidebar:
    """The exercise or unit of each page, and the pages beside it; pages by their paths as HTML."""

    names: Mapping[str, str]
    neighbours: Mapping[str, Neighbours]

    @classmethod
    def describe(cls, course: Course) -> Sidebar:
        """Collect the pages of the course."""
        pages = {locate_unit(unit.id): unit.id for unit in course.iterate_units()}
        pages |= {locate_exercise(e.id): e.id for e in course.iterate_exercises()}
        names = {_to_html(page): name for page, name in pages.items()}
        beside = find_neighbours(course)
        return cls(names, {_to_html(page): found for page, found in beside.items()})

    def complete(self, html: str, here: str) -> str:
        """Return the page at the path ``here`` with its sidebar completed."""
        folder = dirname(here)

        def name_link(link: re.Match[str]) -> str:
            name = self.names.get(normpath(join(folder, link[1])))
            return link[0].replace("<a", _NAMED.format(name), 1) if name else link[0]

        html = _LINK.sub(name_link, html)
        if here in self.names:
            named = _HERE.replace("<label", _NAMED_LABEL.format(self.names[here]), 1)
            html = html.replace(_HERE, named, 1)
        if beside := self.neighbours.get(here):
            before, after = (_lead_from(here, target) for target in beside)
            block = fill_block("sidebar/neighbours.html", before=before, after=after)
            html = html.replace(_TOP, f"{block}{_TOP}", 1)
        return html


def _to_html(page: str) -> str:
    return f"{page.removesuffix('.md')}.html"


def _lead_from(here: str, target: Target) -> Target:
    return target._replace(page=make_href(here, target.page)) if target.page else target
