"""The cleaner of HTML that a learner wrote, pasted or got from a notebook's output."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import nh3

Link = Callable[[str, str], str | None]
"""Takes a tag (``a``, ``img``) and an address; returns the address to use, None to drop it."""

_TAGS = nh3.ALLOWED_TAGS - {"map", "area"} | {"input", "section"}
_DROPPED_WITH_CONTENT = {
    *("script", "style", "svg", "math", "iframe", "object", "embed", "template", "title"),
    *("noscript", "noembed", "noframes", "textarea", "select", "xmp", "audio", "video", "canvas"),
}
_ATTRIBUTES = {
    **nh3.ALLOWED_ATTRIBUTES,
    "*": {"class", "id", "lang", "title", "dir"},
    "td": nh3.ALLOWED_ATTRIBUTES["td"] | {"style"},
    "th": nh3.ALLOWED_ATTRIBUTES["th"] | {"style"},
    "input": {"checked"},
    "details": {"open"},
    "blockquote": set(),
    "q": set(),
}
_CLASSES = re.compile(
    r"highlight|admonition(-title)?|note|tip|info|important|warning|caution|danger|example"
    r"|question|quote|abstract|success|failure|bug|dataframe|gw-(output|stderr|error|shown|mermaid)"
    r"|contains-task-list|task-list-item|task-list-item-checkbox"
    r"|footnote-(ref|item|backref)|footnotes(-list)?"
)
_CODE_CLASSES = re.compile(r"[a-z]{1,3}[0-9]?")
"""The classes of Pygments, which are short and on ``span`` alone."""

_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")

_ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
_BOX_ATTRIBUTES = re.compile(r'(?<=<input )[\w-]+="[^"]*"(?: [\w-]+="[^"]*")*(?=>)')
"""The attributes of a check box as the cleaner writes them, in random order.

Within a value quotes are escaped, so nothing there looks like the end of an attribute.
"""


def clean(html: str, link: Link, prefix: str = "") -> str:
    """Return the HTML without scripts, frames, styles, forms, handlers and hidden addresses.

    ``link`` decides about each address; ``prefix`` keeps ids of several texts on a page apart.
    Classes are limited to those that Markdown and outputs need, so that a text cannot dress up as
    a part of the site.
    """

    def filter_attribute(tag: str, attribute: str, value: str) -> str | None:
        if attribute in ("href", "src"):
            return _filter_address(tag, value, link, prefix)
        if attribute == "class":
            return _filter_classes(tag, value)
        if attribute == "id":
            return None if value.startswith("_") else prefix + value
        return value

    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=filter_attribute,
        url_schemes={"http", "https", "mailto", "data"},
        filter_style_properties={"text-align"},
        # Every input becomes a check box that cannot be used: tasks in lists are the only ones.
        set_tag_attribute_values={
            "input": {"type": "checkbox", "disabled": "", "aria-label": "task"}
        },
    )
    # The same text must give the same bytes, or every rendering would rewrite its page.
    return _BOX_ATTRIBUTES.sub(_sort_attributes, cleaned)


def _sort_attributes(box: re.Match[str]) -> str:
    return " ".join(sorted(_ATTRIBUTE.findall(box[0])))


def is_remote(address: str) -> bool:
    """Return True if the address is on another host; browsers read backslashes as slashes."""
    try:
        parts = urlsplit(address.strip().replace("\\", "/"))
    except ValueError:
        return True
    return bool(parts.scheme or parts.netloc)


def _filter_address(tag: str, value: str, link: Link, prefix: str) -> str | None:
    # A picture on another host is loaded without a click and tells that host who reads;
    # a ``data:`` address that is a link could be a page with scripts of its own.
    if tag == "img":
        if _PICTURE.fullmatch(value):
            return value
        return None if is_remote(value) else link(tag, value)
    if value.startswith("#"):
        return f"#{prefix}{value[1:]}"
    if is_remote(value):
        return None if value.lower().startswith("data:") else value
    return link(tag, value)


def _filter_classes(tag: str, value: str) -> str | None:
    names = [
        name
        for name in value.split()
        if _CLASSES.fullmatch(name) or (tag == "span" and _CODE_CLASSES.fullmatch(name))
    ]
    return " ".join(names) or None
