"""The site: pages as plain Markdown files, and MkDocs or Zensical to build them.

``gather`` reads what the pages show, ``render`` writes them below ``.groundwork/docs``, and
``build`` and ``serve`` run MkDocs on them. Through ``builder/hook.py`` a plain ``mkdocs build``
renders first, too. The pages need no plugin, and ``build_with_zensical`` builds the same site.

What a learner wrote (log, notes, records) never reaches a page as Markdown: it is turned into
clean HTML first, so it can neither run a script nor break the page around it.
"""

from grader.site.builder.mkdocs_process import build, serve
from grader.site.builder.zensical_process import build_with_zensical
from grader.site.gather import gather
from grader.site.render import Rendering, render, render_all
from grader.site.site_data import SiteData

__all__ = [
    "Rendering",
    "SiteData",
    "build",
    "build_with_zensical",
    "gather",
    "render",
    "render_all",
    "serve",
]
