"""Renders all pages as plain Markdown files into MkDocs' docs_dir."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from grader import pieces
from grader.notes import leaky, markup
from grader.pages import (
    cards,
    exercise,
    guide,
    home,
    log,
    map,
    mistaken,
    noted,
    objectives,
    paced,
    reading,
    tracker,
)
from grader.pages.folder import Folder
from grader.pages.gather import gather
from grader.pages.places import Places
from grader.pages.scene import Scene
from grader.pages.telling import headed
from grader.workspace import Workspace

_ROOMS = (
    *(home, map, tracker, mistaken, exercise, log, noted),
    *(cards, reading, objectives, guide, paced),
)


@dataclass(frozen=True, slots=True)
class Rendering:
    """What rendering changed, and what it could not show."""

    written: tuple[Path, ...]
    removed: tuple[Path, ...]
    warnings: tuple[str, ...]


_NOTEBOOKS = 500
"""Converted notebooks that are kept, each a version of one."""


def render(scene: Scene) -> Rendering:
    """Write the pages whose content changed; remove those that are no longer due."""
    workspace = scene.workspace
    with pieces.at_hand(workspace.cache / "shown.json"):
        files, warnings = made(scene), _warnings(scene)
    pieces.bound(workspace.cache / "notes", _NOTEBOOKS)
    workspace.generated.mkdir(parents=True, exist_ok=True)
    with FileLock(workspace.generated / "pages.lock", timeout=60):
        written, removed = Folder(workspace.rendered).settle(files)
    return Rendering(tuple(written), tuple(removed), warnings)


def render_all(workspace: Workspace) -> Rendering:
    """Gather and render: all that a build needs."""
    return render(gather(workspace))


def made(scene: Scene) -> dict[str, str | bytes | Path]:
    """Every file of the docs_dir, by its path there."""
    places = Places(scene)
    files: dict[str, str | bytes | Path] = {}
    for room in _ROOMS:
        files |= room.pages(scene, places)
    assets = scene.workspace.handwritten / "assets"
    for path in sorted(assets.glob("*")):
        if path.is_file() and not path.name.startswith("."):
            files[f"assets/{path.name}"] = path
    return headed(files, scene) | places.copies


def _warnings(scene: Scene) -> tuple[str, ...]:
    faults = [note.fault for note in scene.notes if note.fault]
    noted = [f"{note.path}: {told}" for note in scene.notes for told in note.warnings]
    wrong = [
        f"{scene.workspace.lesson(name)}: {bad}"
        for name, lesson in scene.lessons.items()
        for bad in markup.bad_formulas(lesson)
    ]
    return (*scene.problems, *faults, *noted, *scene.backlinks.unknown, *wrong, *_leaks(scene))


def _leaks(scene: Scene) -> Iterator[str]:
    """What the notes and the log hold that should be looked at before it is published."""
    found = [leak for note in scene.notes for leak in note.leaks]
    found += [
        f"{entry.path}:{line}: {words}"
        for entry in scene.entries
        for line, words in leaky.told(entry.text)
    ]
    yield from (f"{leak}; take it out before you publish the site" for leak in found)
