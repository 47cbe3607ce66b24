"""The preview of a link to the site: share card, badge, and the metadata that names them."""

from __future__ import annotations

import base64
from pathlib import Path

from grader.base.cache import Cache
from grader.site.formatting import add_front_matter, quote_yaml
from grader.site.share import Facts, draw_badge
from grader.site.share.badge import PLACE as BADGE
from grader.site.share.card import PLACE, describe_card, draw_card
from grader.site.site_data import SiteData


def add_link_preview(
    files: dict[str, str | bytes | Path], site: SiteData
) -> dict[str, str | bytes | Path]:
    """Add card and badge to the files, and their addresses to each page's front matter.

    Every builder passes the front matter to ``theme/main.html``, which writes the metadata.
    """
    if site.shared is None:
        return files
    pages = {name: _add_addresses(name, text, site.shared) for name, text in files.items()}
    picture = draw_cached_card(site.shared, Cache(site.workspace.cache))
    return pages | {PLACE: picture, BADGE: draw_badge(site.shared)}


def _add_addresses(name: str, text: str | bytes | Path, shared: Facts) -> str | bytes | Path:
    if not isinstance(text, str) or not name.endswith(".md"):
        return text
    values = {"address": shared.address}
    if name == "index.md":
        values["share"] = describe_card(shared)
    lines = "".join(f"{key}: {quote_yaml(value)}\n" for key, value in values.items())
    return add_front_matter(text, lines)


def draw_cached_card(shared: Facts, cache: Cache) -> bytes:
    """Return the card, from the cache unless something on it has changed."""
    source = repr((describe_card(shared), shared.address, [p.total for p in shared.phases]))
    cached = cache.get("card", source)
    if cached is None:
        cached = {"png": base64.b64encode(draw_card(shared)).decode("ascii")}
        cache.put(cached, "card", source)
    return base64.b64decode(cached["png"])
