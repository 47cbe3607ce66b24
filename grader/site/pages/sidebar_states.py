"""The style sheet with the state of each exercise and unit in the sidebar.

The sidebar is on every page of the course, and a pass changes one mark in it. In a style sheet that
is one small file; in the pages it would be all of them, and each would be built again.
"""

from __future__ import annotations

from grader.learner.states import EXERCISES, Sign
from grader.site.links import LinkResolver
from grader.site.signs import choose_unit_sign
from grader.site.site_data import SiteData
from grader.site.templating import fill_file

PLACE = "assets/states.css"


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return the style sheet; the links in the sidebar name exercise or unit in ``data-of``."""
    progress = site.progress
    marked = {
        unit.id: choose_unit_sign(progress.units[unit.id]) for unit in site.course.iterate_units()
    }
    marked |= {exercise: EXERCISES[state] for exercise, state in progress.states.items()}
    states: dict[Sign, list[str]] = {}
    for name, sign in marked.items():
        states.setdefault(sign, []).append(name)
    return {PLACE: fill_file("sidebar/states.css", states=list(states.items()))}
