"""What the site tells those who link to it: the share card, the badge, and who finds them."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from grader.cache import Cache
from grader.pages.card import PLACE, alt, card
from grader.pages.scene import Scene
from grader.practice import Desk
from grader.sharing import Facts, badge, days_done, facts
from grader.sharing.badge import PLACE as BADGE


def told(desk: Desk, scene: Scene) -> Facts | None:
    """How far the learner has come today, as others may read it; None without an address."""
    settings = desk.settings()
    if not settings.address:
        return None
    days = days_done(desk.records.days(), (entry.day for entry in scene.entries))
    progress, standings = scene.progress, scene.standings
    return facts(scene.course, progress, standings, days, settings, desk.today())


def headed(files: dict[str, str | bytes | Path], scene: Scene) -> dict[str, str | bytes | Path]:
    """The files with card and badge beside them, and in each page where they are found.

    They go into the page's front matter, which every builder hands to ``theme/main.html``.
    """
    if scene.shared is None:
        return files
    made = {name: _headed(name, text, scene.shared) for name, text in files.items()}
    picture = drawn(scene.shared, Cache(scene.workspace.cache))
    return made | {PLACE: picture, BADGE: badge(scene.shared)}


def _headed(name: str, text: str | bytes | Path, shared: Facts) -> str | bytes | Path:
    if not isinstance(text, str) or not name.endswith(".md"):
        return text
    says = {"address": shared.address} | ({"share": alt(shared)} if name == "index.md" else {})
    lines = "".join(f"{key}: {_quoted(value)}\n" for key, value in says.items())
    if text.startswith("---\n"):
        return f"---\n{lines}{text[4:]}"
    return f"---\n{lines}---\n\n{text}"


def _quoted(value: str) -> str:
    """A text as YAML reads it back."""
    return json.dumps("".join(filter(str.isprintable, value)), ensure_ascii=False)


def drawn(shared: Facts, cache: Cache) -> bytes:
    """The card, drawn anew only when something on it has changed."""
    made_from = repr((alt(shared), shared.address, [p.total for p in shared.phases]))
    kept = cache.get("card", made_from)
    if kept is None:
        kept = {"png": base64.b64encode(card(shared)).decode("ascii")}
        cache.put(kept, "card", made_from)
    return base64.b64decode(kept["png"])
