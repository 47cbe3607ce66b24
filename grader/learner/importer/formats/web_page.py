"""A page of HTML as Markdown, converted by markdownify."""

from __future__ import annotations

import re
from typing import Any

_BOX = re.compile(r"checkbox", re.IGNORECASE)


def convert_page(html: str) -> str:
    """Return what the page shows as Markdown: headings, lists, tables, links, pictures, code."""
    from bs4 import BeautifulSoup
    from markdownify import MarkdownConverter

    soup = BeautifulSoup(html, "html.parser")
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    for tag in soup.find_all(["script", "style", "title", "head", "noscript", "template"]):
        tag.decompose()
    for box in soup.find_all("input", type="checkbox"):
        box.replace_with("[x] " if box.has_attr("checked") else "[ ] ")
    for box in soup.find_all(class_=_BOX):  # as Notion exports them
        names = box.get("class") or ()
        if not box.get_text(strip=True) and ("checkbox-on" in names or "checkbox-off" in names):
            box.replace_with("[x] " if "checkbox-on" in names else "[ ] ")
    converter = MarkdownConverter(
        heading_style="ATX", bullets="-", escape_misc=False, code_language_callback=_find_language
    )
    text = re.sub(r"\n{3,}", "\n\n", converter.convert_soup(soup)).strip()
    named = re.search(r"(?m)^# ", text)
    return f"# {title}\n\n{text}" if title and not named else text


def _find_language(block: Any) -> str:
    """Return the language that a block of code names in its classes."""
    code = block.find("code") or block
    names = (str(name) for name in code.get("class") or ())
    return next((n.partition("-")[2] for n in names if n.startswith(("language-", "lang-"))), "")
