"""Pictures: an SVG that could run a script or load something is refused, all else may stay."""

from __future__ import annotations

import re
from pathlib import PurePath
from xml.etree import ElementTree as ET

COPIED = {
    *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".pdf"),
    *(".txt", ".csv", ".tsv", ".json", ".yml", ".yaml", ".toml", ".py"),
}
"""Kinds of file that go onto the site beside a note; a browser runs none of them."""

_ACTIVE = {
    *("script", "foreignobject", "iframe", "object", "embed", "audio", "video", "handler"),
    *("set", "animate", "animatemotion", "animatetransform", "animatecolor", "discard", "link"),
}
_LOADS = re.compile(r"@import|url\(\s*['\"]?(?!#|data:image/)|expression\(|javascript:", re.I)


def refusal(name: str, data: bytes) -> str:
    """Why the file must stay off the site; empty when it may go there."""
    if PurePath(name).suffix.lower() not in COPIED:
        return "files of this kind stay off the site"
    return _svg(data) if PurePath(name).suffix.lower() == ".svg" else ""


def _svg(data: bytes) -> str:
    if b"<!ENTITY" in data or b"<?xml-stylesheet" in data:
        return "an SVG with entities or a style sheet of its own stays off the site"
    try:
        root = ET.fromstring(data)
    except (ET.ParseError, ValueError) as error:
        return f"not an SVG that can be read ({error})"
    return next((why for element in root.iter() if (why := _element(element))), "")


def _element(element: ET.Element) -> str:
    tag = _bare(str(element.tag))
    if tag in _ACTIVE:
        return f"an SVG with <{tag}> stays off the site"
    if tag == "style" and _LOADS.search(element.text or ""):
        return "an SVG whose style loads something stays off the site"
    for attribute, value in element.attrib.items():
        if _attribute(_bare(attribute), value.strip()):
            return f"an SVG with {_bare(attribute)}={value[:40]!r} stays off the site"
    return ""


def _attribute(name: str, value: str) -> bool:
    """Whether the attribute runs or loads something."""
    if name == "href":
        return not value.startswith(("#", "data:image/png", "data:image/jpeg"))
    return name.startswith("on") or bool(_LOADS.search(value))


def _bare(name: str) -> str:
    return name.rpartition("}")[2].lower()
