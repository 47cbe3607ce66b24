"""Zensical, Material's successor, which builds the same site from the rendered pages."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

from grader.base.errors import UsageError
from grader.base.paths import Workspace
from grader.course.loader.cached import load_cached
from grader.site.builder.builder_process import run_builder
from grader.site.builder.sidebar import Sidebar


def build_with_zensical(workspace: Workspace, *, site: Path | None = None) -> Path:
    """Build the pages as they are rendered and return the home page.

    ``GroundworkError`` repeats Zensical's errors. Its cache of built pages is not used: what they
    are made from includes an extension of ours.
    """
    if find_spec("zensical") is None:
        raise UsageError(
            "Zensical is not installed. In your clone, with pip 25.1 or newer: "
            "python -m pip install --group zensical"
        )
    site = site or workspace.site
    built = workspace.zensical_site
    shutil.rmtree(built, ignore_errors=True)
    settings = str(workspace.zensical_file)
    run_builder(workspace, "zensical", "build", "--clean", "--strict", "-f", settings)
    _complete_sidebars(built, Sidebar.describe(load_cached(workspace)))
    _replace_site(site, built)
    return site / "index.html"


def _complete_sidebars(built: Path, sidebar: Sidebar) -> None:
    """Add to each page what MkDocs' hook adds: what its links are about, previous and next."""
    for path in built.rglob("*.html"):
        html = path.read_text("utf-8")
        done = sidebar.complete(html, path.relative_to(built).as_posix())
        if done != html:
            path.write_text(done, "utf-8")


def _replace_site(site: Path, built: Path) -> None:
    """Make ``site`` hold what was built; hidden files stay, as MkDocs leaves them."""
    site.mkdir(parents=True, exist_ok=True)
    for old in list(site.iterdir()):
        if old.name.startswith("."):
            continue
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        else:
            old.unlink()
    shutil.copytree(built, site, dirs_exist_ok=True)
