"""What may stay of HTML that a learner wrote, pasted or got from a notebook's output."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import nh3

Link = Callable[[str, str], str | None]
"""Takes a tag (``a``, ``img``) and an address; gives the address to use, None to drop it."""

_TAGS = nh3.ALLOWED_TAGS - {"map", "area"} | {"input", "section"}
_EMPTIED = {
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
_CLASS = re.compile(
    r"highlight|admonition(-title)?|note|tip|info|important|warning|caution|danger|example"
    r"|question|quote|abstract|success|failure|bug|dataframe|gw-(output|stderr|error|shown)"
    r"|contains-task-list|task-list-item|task-list-item-checkbox"
    r"|footnote-(ref|item|backref)|footnotes(-list)?"
)
_COLOURED = re.compile(r"[a-z]{1,3}[0-9]?")
"""The classes of Pygments, short and on spans alone."""

_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")

_PAIR = re.compile(r'[\w-]+="[^"]*"')
_BOX = re.compile(r'<input((?: [\w-]+="[^"]*")+)>')
"""A box as the cleaner writes it, with its attributes in an order of chance.

Within a value of an attribute no quote stands, so nothing there looks like one.
"""


def clean(html: str, link: Link, prefix: str = "") -> str:
    """The HTML without scripts, frames, styles, forms, handlers and hidden addresses.

    ``link`` decides about each address; ``prefix`` keeps ids of several texts on a page apart.
    """

    def kept(tag: str, attribute: str, value: str) -> str | None:
        if attribute in ("href", "src"):
            return _address(tag, value, link, prefix)
        if attribute == "class":
            return _classes(tag, value)
        if attribute == "id":
            return None if value.startswith("_") else prefix + value
        return value

    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_EMPTIED,
        attributes=_ATTRIBUTES,
        attribute_filter=kept,
        url_schemes={"http", "https", "mailto", "data"},
        filter_style_properties={"text-align"},
        set_tag_attribute_values={
            "input": {"type": "checkbox", "disabled": "", "aria-label": "task"}
        },
    )
    return _BOX.sub(_in_order, cleaned)


def _in_order(box: re.Match[str]) -> str:
    return f"<input {' '.join(sorted(_PAIR.findall(box[1])))}>"


def is_remote(address: str) -> bool:
    """Whether the address lies on another host; to a browser, backslashes are slashes."""
    try:
        parts = urlsplit(address.strip().replace("\\", "/"))
    except ValueError:
        return True
    return bool(parts.scheme or parts.netloc)


def _address(tag: str, value: str, link: Link, prefix: str) -> str | None:
    if tag == "img":
        if _PICTURE.fullmatch(value):
            return value
        return None if is_remote(value) else link(tag, value)
    if value.startswith("#"):
        return f"#{prefix}{value[1:]}"
    if is_remote(value):
        return None if value.lower().startswith("data:") else value
    return link(tag, value)


def _classes(tag: str, value: str) -> str | None:
    names = [
        name
        for name in value.split()
        if _CLASS.fullmatch(name) or (tag == "span" and _COLOURED.fullmatch(name))
    ]
    return " ".join(names) or None
