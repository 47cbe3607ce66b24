"""MkDocs calls this: pages are rendered before each build, and again when a source changes."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import Any

from grader.errors import GroundworkError
from grader.pages.contents import contents
from grader.pages.gather import gather
from grader.pages.places import Places
from grader.pages.rebuild import BUILT
from grader.pages.render import render
from grader.pages.scene import Scene
from grader.pages.watch import Seen, look, watch
from grader.workspace import Workspace

_log = logging.getLogger("mkdocs.groundwork")
_MOMENT = 10.0
"""Seconds for which a rendering serves the build that it set off."""


def on_startup(command: str, dirty: bool) -> None:
    """Learn whether pages stay as they were built; then ``rebuild`` says which do not."""
    BUILT.serving = dirty


def on_config(config: Any) -> Any:
    """Render, and fill the navigation that mkdocs.yml begins."""
    from mkdocs.exceptions import Abort

    try:
        scene = _scene(_workspace(config))
    except GroundworkError as error:
        _log.error("%s", error)
        raise Abort("The pages cannot be rendered.") from error
    config.nav = contents(config.nav, scene, Places(scene))
    if scene.shared is not None and not config.site_url:
        config.site_url = f"{scene.shared.address}/"  # for the page of addresses that are gone
    return config


def on_files(files: Any, config: Any) -> Any:
    """Say of each file whether it is to be built again."""
    if BUILT.serving:
        BUILT.choose(files, config)
    return files


def on_page_read_source(page: Any, config: Any) -> str | None:
    """Read the page, and note what it was built from."""
    return BUILT.read(page) if BUILT.serving else None


def on_post_build(config: Any) -> None:
    """What was chosen is built."""
    BUILT.done()


def on_serve(server: Any, config: Any, builder: Any) -> Any:
    """Render again within a second of a change in the course, the records or the notes."""
    workspace = _workspace(config)
    threading.Thread(target=watch, args=(workspace, _again), daemon=True).start()
    return server


_last: list[tuple[float, Seen, Scene]] = []
"""When ``_again`` last rendered, what it had seen before, and what came of it."""


def _scene(workspace: Workspace) -> Scene:
    """The scene, rendered; a moment after ``_again`` it is the one that set off this build."""
    if _last and time.monotonic() - _last[0][0] < _MOMENT and _last[0][1] == look(workspace):
        return _last[0][2]
    scene = gather(workspace)
    render(scene)
    return scene


def _again(workspace: Workspace) -> None:
    seen = look(workspace)
    try:
        scene = gather(workspace)
        render(scene)
        _last[:] = [(time.monotonic(), seen, scene)]
    except Exception as error:  # a file half-written now is whole at the next change
        _log.error("%s", error or type(error).__name__)


def _workspace(config: Any) -> Workspace:
    return Workspace(Path(config.config_file_path).absolute().parent)
