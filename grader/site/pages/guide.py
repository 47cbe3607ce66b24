"""The project's own hand-written pages, ``docs/*.md``, as they are."""

from __future__ import annotations

from grader.site.links import LinkResolver
from grader.site.site_data import SiteData


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return each page below ``guide``, under its own name, so that links between them work.

    Pictures in ``assets`` lie one folder further up there.
    """
    return {f"guide/{n}": t.replace("](assets/", "](../assets/") for n, t in site.guides.items()}


def list_titles(site: SiteData) -> list[tuple[str, str]]:
    """List title and place of each page; its title is its first heading, or else its name."""
    return [(_find_title(text, name), f"guide/{name}") for name, text in site.guides.items()]


def _find_title(text: str, name: str) -> str:
    first = text.lstrip().partition("\n")[0]
    return first.lstrip("# ").replace("`", "") if first.startswith("#") else name
