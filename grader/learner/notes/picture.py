"""Which files may go onto the site beside a note: an SVG that runs or loads something may not."""

from __future__ import annotations

import re
from pathlib import PurePath
from xml.etree import ElementTree as ET

COPIED = {
    *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".pdf"),
    *(".txt", ".csv", ".tsv", ".json", ".yml", ".yaml", ".toml", ".py"),
}
"""Kinds of file that may go onto the site beside a note; a browser runs none of them."""

_ACTIVE = {
    *("script", "foreignobject", "iframe", "object", "embed", "audio", "video", "handler"),
    *("set", "animate", "animatemotion", "animatetransform", "animatecolor", "discard", "link"),
}
_LOADS = re.compile(r"@import|url\(\s*['\"]?(?!#|data:image/)|expression\(|javascript:", re.I)


def explain_refusal(name: str, data: bytes) -> str:
    """Return why the file must stay off the site; empty when it may go there."""
    if PurePath(name).suffix.lower() not in COPIED:
        return "files of this type are not shown on the site"
    return _check_svg(data) if PurePath(name).suffix.lower() == ".svg" else ""


def _check_svg(data: bytes) -> str:
    # Entities can hide anything from the tests below, and expand without end.
    if b"<!ENTITY" in data or b"<?xml-stylesheet" in data:
        return "an SVG with entities or its own style sheet is not shown on the site"
    try:
        root = ET.fromstring(data)
    except (ET.ParseError, ValueError) as error:
        return f"an SVG that cannot be read ({error})"
    return next((why for element in root.iter() if (why := _check_element(element))), "")


def _check_element(element: ET.Element) -> str:
    tag = _strip_namespace(str(element.tag))
    if tag in _ACTIVE:
        return f"an SVG with <{tag}> is not shown on the site"
    if tag == "style" and _LOADS.search(element.text or ""):
        return "an SVG whose style loads a file is not shown on the site"
    for attribute, value in element.attrib.items():
        if _is_active(_strip_namespace(attribute), value.strip()):
            return f"an SVG with {_strip_namespace(attribute)}={value[:40]!r} stays off the site"
    return ""


def _is_active(name: str, value: str) -> bool:
    """Return True if the attribute runs or loads something."""
    if name == "href":
        return not value.startswith(("#", "data:image/png", "data:image/jpeg"))
    return name.startswith("on") or bool(_LOADS.search(value))


def _strip_namespace(name: str) -> str:
    return name.rpartition("}")[2].lower()
