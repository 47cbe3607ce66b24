"""The hook that MkDocs calls: it renders the pages before each build, and after each change."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.base.errors import GroundworkError
from grader.base.paths import Workspace
from grader.site.builder.incremental import BUILD
from grader.site.builder.sidebar import Sidebar
from grader.site.builder.watcher import Snapshot, take_snapshot, watch
from grader.site.builder_settings import complete_settings
from grader.site.gather import gather
from grader.site.links import LinkResolver
from grader.site.render import render
from grader.site.site_data import SiteData

_log = logging.getLogger("mkdocs.groundwork")
_REUSE_SECONDS = 10.0
"""Seconds for which a rendering also serves the build that it triggers."""


def on_startup(command: str, dirty: bool) -> None:
    """Note whether this is ``serve``, whose pages only the owner sees.

    With ``--dirty``, ``incremental`` decides what to build again.
    """
    BUILD.is_serving = dirty
    BUILD.is_preview = command == "serve"


def on_config(config: Any) -> Any:
    """Render, and fill the navigation that mkdocs.yml begins."""
    from mkdocs.exceptions import Abort

    try:
        site = _render_once(_get_workspace(config))
    except GroundworkError as error:
        _log.error("%s", error)
        raise Abort("The pages cannot be rendered.") from error
    config.nav, config.site_url = complete_settings(
        config.nav, config.site_url, site, LinkResolver(site)
    )
    _sidebar[:] = [Sidebar.describe(site.course)]
    return config


def on_files(files: Any, config: Any) -> Any:
    """Tell each file whether it is to be built again."""
    if BUILD.is_serving:
        BUILD.mark_files(files, config)
    return files


def on_page_read_source(page: Any, config: Any) -> str | None:
    """Return the page's text, and record what the page is built from."""
    return BUILD.read_page(page) if BUILD.is_serving else None


def on_post_page(output: str, page: Any, config: Any) -> str:
    """Return the page with what each link of its sidebar is about, and links to those beside it."""
    return _sidebar[0].complete(output, page.url)


def on_post_build(config: Any) -> None:
    """Record that the build reached its end."""
    BUILD.finish()


def on_serve(server: Any, config: Any, builder: Any) -> Any:
    """Start a thread that renders after each change in course, records or notes."""
    workspace = _get_workspace(config)
    threading.Thread(target=watch, args=(workspace, _render_again), daemon=True).start()
    return server


_sidebar: list[Sidebar] = []
"""The sidebar of the build under way."""

_recent: list[tuple[float, Snapshot, SiteData]] = []
"""At most one entry: when ``_render_again`` rendered, the files' state before, and the site."""


def _render_once(workspace: Workspace) -> SiteData:
    """Render, and return the site.

    Right after ``_render_again`` return its site: that rendering triggered this build.
    """
    if (
        _recent
        and time.monotonic() - _recent[0][0] < _REUSE_SECONDS
        and _recent[0][1] == take_snapshot(workspace)
    ):
        return _recent[0][2]
    site = _gather(workspace)
    render(site)
    return site


def _render_again(workspace: Workspace) -> None:
    before = take_snapshot(workspace)
    try:
        site = _gather(workspace)
        render(site)
        _recent[:] = [(time.monotonic(), before, site)]
    except Exception as error:  # a half-written file is complete at the next change
        _log.error("%s", error or type(error).__name__)


def _gather(workspace: Workspace) -> SiteData:
    return replace(gather(workspace), is_preview=BUILD.is_preview)


def _get_workspace(config: Any) -> Workspace:
    return Workspace(Path(config.config_file_path).absolute().parent)
