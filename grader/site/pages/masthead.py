"""The top of the home page: whose work it is, what it is, and where more of it is."""

from __future__ import annotations

from markupsafe import Markup

from grader.course.model import Exercise
from grader.learner.progress import ExerciseState
from grader.site.pages.invitation import has_begun
from grader.site.site_data import SiteData
from grader.site.templating import fill_block

_WORK = "a language model from scratch"
_PASSED: tuple[ExerciseState, ...] = ("passed", "stale")


def describe_work(site: SiteData) -> str:
    """Return in a sentence whose work the site shows, and what it is."""
    if not site.owner.name:
        return "A language model, built from scratch"
    return f"{site.owner.name} {_choose_verb(site)} {_WORK}"


def _choose_verb(site: SiteData) -> str:
    """Return what the records say: it is built once the main path, or else all, is passed."""
    states, path = site.progress.states, site.course.path
    steps = [step.id for step in path if isinstance(step, Exercise)] or list(states)
    if steps and all(states[step] in _PASSED for step in steps):
        return "has built"
    return "is building" if has_begun(site) else "is going to build"


def render_links(site: SiteData) -> Markup:
    """Render links to the learner's repository and profile; empty where neither is known.

    While only the owner sees the page, it also says where what stands here is set.
    """
    found = [("Repository", site.owner.repository), ("Profile", site.owner.profile)]
    links = [(word, url, url.partition("://")[2].rstrip("/")) for word, url in found if url]
    hint = site.is_preview and not site.settings.name
    return fill_block("home/links.html", links=links, hint=hint) if links or hint else Markup("")
