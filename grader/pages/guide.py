"""The project's own hand-written pages, ``docs/*.md``, as they are."""

from __future__ import annotations

from grader.pages.places import Places
from grader.pages.scene import Scene


def pages(scene: Scene, places: Places) -> dict[str, str]:
    """Each page below ``guide``, under its own name, so that links between them hold.

    Pictures in ``assets`` lie one folder further up there.
    """
    return {f"guide/{n}": t.replace("](assets/", "](../assets/") for n, t in scene.guides.items()}


def titled(scene: Scene) -> list[tuple[str, str]]:
    """Title and place of each page: its first heading, or its name."""
    return [(_title(text, name), f"guide/{name}") for name, text in scene.guides.items()]


def _title(text: str, name: str) -> str:
    first = text.lstrip().partition("\n")[0]
    return first.lstrip("# ").replace("`", "") if first.startswith("#") else name
