"""The site: pages as plain Markdown files, and MkDocs to build and serve them.

``gather`` reads what the pages show, ``render`` writes them below ``.groundwork/docs``, and
``build`` and ``serve`` run MkDocs on them. Through ``builder/hook.py`` a plain ``mkdocs build``
renders first, too. The pages need no plugin, so whatever reads mkdocs.yml can build them.

What a learner wrote (log, notes, records) never reaches a page as Markdown: it is turned into
clean HTML first, so it can neither run a script nor break the page around it.
"""

from grader.site.builder.mkdocs_process import build, serve
from grader.site.gather import gather
from grader.site.render import Rendering, render, render_all
from grader.site.site_data import SiteData

__all__ = ["Rendering", "SiteData", "build", "gather", "render", "render_all", "serve"]
