"""Single HTML elements, written by the Markdown parser's own renderer, which escapes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markdown_it.token import Token


def write_text(renderer: Any, text: str, options: Any, env: Any) -> str:
    """Return the text, escaped."""
    return str(renderer.renderInline([Token("text", "", 0, content=text)], options, env))


def write_element(
    renderer: Any, tag: str, attributes: Mapping[str, str], text: str, options: Any, env: Any
) -> str:
    """Return an element that contains a text; ``img`` contains none."""
    opening = Token(f"{tag}_open", tag, 1, attrs=dict(attributes))
    if tag == "img":
        return str(renderer.renderToken([opening], 0, options, env))
    content, closing = Token("text", "", 0, content=text), Token(f"{tag}_close", tag, -1)
    return str(renderer.renderInline([opening, content, closing], options, env))
