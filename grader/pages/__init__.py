"""The site: pages as plain Markdown files, and MkDocs to build and serve them.

``gather`` reads what the pages show, ``render`` writes them below ``.groundwork/docs``, and
``build`` and ``serve`` run MkDocs on them. ``hook`` is how a plain ``mkdocs build`` renders
first. The pages need no plugin, so whatever reads mkdocs.yml can build them.

What a learner wrote (log, notes, records) never reaches a page as Markdown: it is turned into
clean HTML first, so it can neither run a script nor break the page around it.
"""

from grader.pages.gather import gather
from grader.pages.render import Rendering, render, render_all
from grader.pages.scene import Contract, Scene
from grader.pages.site import build, serve

__all__ = ["Contract", "Rendering", "Scene", "build", "gather", "render", "render_all", "serve"]
