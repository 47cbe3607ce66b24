"""The pages with a diagram of Mermaid's, and the program that draws it in the browser.

No library draws all of Mermaid while the site is built. Its own program is three megabytes, so the
site has it, and a page loads it, only where there is a diagram.
"""

from __future__ import annotations

from pathlib import Path

from grader.site.formatting import add_front_matter

_FOLDER = Path(__file__).parent / "mermaid"
_MARK = 'class="gw-mermaid"'


def add_diagrams(files: dict[str, str | bytes | Path]) -> dict[str, str | bytes | Path]:
    """Mark the pages with a diagram, for ``theme/main.html``, and add the program where any is."""
    marked = {
        name: add_front_matter(text, "diagrams: true\n")
        for name, text in files.items()
        if isinstance(text, str) and name.endswith(".md") and _MARK in text
    }
    program = {f"assets/{path.name}": path for path in sorted(_FOLDER.iterdir())}
    return files | marked | (program if marked else {})
