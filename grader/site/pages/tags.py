"""The tags: an index with counts, and a page for each tag with its notes and days of the log."""

from __future__ import annotations

from grader.learner.entry_text import name_day
from grader.site.formatting import escape_markdown, make_link
from grader.site.links import LinkResolver
from grader.site.page_paths import TAGS, locate_day, locate_tag
from grader.site.site_data import SiteData
from grader.site.tables import render_markdown_table
from grader.site.tag_index import Tag


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return a page for each tag, and their index; none without any tag."""
    if not site.tags.tags:
        return {}
    pages = {TAGS: _render_index(site)}
    for key, tag in site.tags.tags.items():
        pages[locate_tag(key)] = _render_page(site, links, key, tag)
    return pages


def _render_index(site: SiteData) -> str:
    rows = [
        [_link_tag(site, key, TAGS), str(len(tag.notes)), str(len(tag.days))]
        for key, tag in site.tags.tags.items()
    ]
    text = "The tags in notes and log: `#tag` in a text, or `tags:` in front matter."
    table = render_markdown_table(["Tag", "Notes", "Days of the log"], rows)
    return f"# Tags\n\n{text}\n\n{table}\n"


def _render_page(site: SiteData, links: LinkResolver, key: str, tag: Tag) -> str:
    page = locate_tag(key)
    parts = [f"# {escape_markdown(f'#{tag.name}')}", make_link("All tags", page, TAGS)]
    if below := site.tags.list_below(key):
        parts.append("With " + ", ".join(_link_tag(site, k, page) for k in below))
    if tag.notes:
        notes = [make_link(site.note_titles[p], page, links.note_pages[p]) for p in tag.notes]
        parts += ["## Notes", _render_list(notes)]
    if tag.days:
        days = [make_link(name_day(day), page, locate_day(day)) for day in tag.days]
        parts += ["## Log", _render_list(days)]
    return "\n\n".join(parts) + "\n"


def _render_list(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _link_tag(site: SiteData, key: str, page: str) -> str:
    return make_link(f"#{site.tags.tags[key].name}", page, locate_tag(key))
