"""The builders' settings beyond mkdocs.yml: the whole navigation, and the address of the site.

MkDocs gets them from its hook while it builds. Zensical calls no hook, so they are rendered into a
configuration of its own, which inherits everything else from mkdocs.yml.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from typing import Any

import yaml

from grader.base.errors import GroundworkError
from grader.base.paths import Workspace
from grader.site.links import LinkResolver
from grader.site.navigation import Item, build_navigation
from grader.site.site_data import SiteData

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def complete_settings(
    sections: list[Item] | None, address: str | None, site: SiteData, links: LinkResolver
) -> tuple[list[Item], str | None]:
    """Return navigation and address of the site; what mkdocs.yml has of both comes first."""
    if site.shared is not None and not address:
        address = f"{site.shared.address}/"  # the 404 page needs absolute addresses
    return build_navigation(sections, site, links), address


def format_settings(site: SiteData, links: LinkResolver) -> str | None:
    """Return the configuration for Zensical, or None where there is no mkdocs.yml.

    Its folder is the one above the rendered pages: pages and built site have to be below it.
    """
    fields = _read_fields(site.workspace)
    if fields is None:
        return None
    theme = fields.get("theme")
    folder = theme.get("custom_dir") if isinstance(theme, dict) else None
    pages, address = complete_settings(fields.get("nav"), fields.get("site_url"), site, links)
    lines = [
        "# Generated: mkdocs.yml, with what the hook adds to it when MkDocs builds.",
        "INHERIT: ../mkdocs.yml",
        f"docs_dir: {site.workspace.rendered.name}",
        f"site_dir: {site.workspace.zensical_site.name}",
        "hooks: []",
        *([f"theme:\n  custom_dir: {_quote(posixpath.join('..', folder))}"] if folder else []),
        *([f"site_url: {_quote(address)}"] if address else []),
        "nav:",
        *_format_items(pages, "  "),
    ]
    return "\n".join(lines) + "\n"


def _read_fields(workspace: Workspace) -> dict[str, Any] | None:
    """Return what counts here of mkdocs.yml; the rest may have tags that only builders know."""
    path = workspace.mkdocs_file
    try:
        root = yaml.compose(path.read_text("utf-8"), Loader=_Loader)
        if not isinstance(root, yaml.MappingNode):
            return {}
        wanted = {"nav", "site_url", "theme"}
        kept = [pair for pair in root.value if pair[0].value in wanted]
        found = yaml.SafeLoader("").construct_document(yaml.MappingNode(root.tag, kept))
    except FileNotFoundError:
        return None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise GroundworkError(f"{workspace.show_path(path)} cannot be read: {error}") from error
    return dict(found)


def _format_items(items: list[Any], indent: str) -> Iterator[str]:
    """Yield lines of YAML; a key is marked as one, for a title may be longer than plain keys."""
    for item in items:
        if isinstance(item, str):
            yield f"{indent}- {_quote(item)}"
            continue
        for title, below in item.items():
            yield f"{indent}- ? {_quote(title)}"
            if isinstance(below, str):
                yield f"{indent}  : {_quote(below)}"
            else:
                yield f"{indent}  :"
                yield from _format_items(below, f"{indent}    ")


def _quote(text: str) -> str:
    """Return a quoted scalar of YAML: JSON's strings, without characters that YAML refuses."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in quoted)
