"""The stored outputs of cells converted to Markdown; nothing in them is trusted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from markupsafe import Markup

from grader.base.templating import Templates
from grader.learner.notes.clean import clean
from grader.learner.notes.markup import remove_controls

_TEMPLATES = Templates(Path(__file__).parent / "templates")

_ESCAPES = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b\[?[0-?]*[ -/]*[@-~]")
_LINES, _CHARACTERS, _WIDTH = 400, 40_000, 2_000
"""Lines of one output that are shown, their characters, and the characters of one line."""

_LARGEST = 100_000
"""Characters of HTML or Markdown beyond which an output is not shown as such."""


def convert_output(output: Any, warned: list[str]) -> str:
    """Convert one output; what no page can show is named there, and in ``warned``."""
    if output.output_type == "stream":
        return _convert_printed(output.text, "gw-stderr" if output.name == "stderr" else "")
    if output.output_type == "error":
        text = "\n".join(output.traceback) or f"{output.ename}: {output.evalue}"
        return _convert_printed(text, "gw-error")
    for kind, convert in _CONVERTERS.items():
        if kind in output.data and (markdown := convert(output, kind)):
            return markdown
    return _name_unshown(output, warned)


def list_texts(output: Any) -> Iterator[str]:
    """Yield every text of an output, shown or not, but no pictures in base64."""
    if output.output_type == "stream":
        yield _ESCAPES.sub("", output.text)
    elif output.output_type == "error":
        yield _ESCAPES.sub("", "\n".join([*output.traceback, output.ename, output.evalue]))
    else:
        kinds = output.data.items()
        yield from (t for kind, t in kinds if isinstance(t, str) and kind in _CONVERTERS)


def _name_unshown(output: Any, warned: list[str]) -> str:
    kinds = ", ".join(re.sub(r"[^\w/+.;= -]", "", kind)[:80] for kind in sorted(output.data))
    large = [len(data) for data in output.data.values() if _is_large(data)]
    if large:
        text = f"an output of {max(large) // 1000} kB ({kinds}) is too large for a page"
    else:
        text = f"an output has only {kinds or 'no data'}, which a page cannot show"
    warned.append(text)
    return f"*Left out: {text}.*"


def _is_large(data: Any) -> bool:
    return isinstance(data, str) and len(data) > _LARGEST


def _convert_printed(text: str, kind: str = "") -> str:
    """Convert printed text to what a terminal would show in the end, without colours.

    A carriage return starts the line again, so only what follows the last one is left: of a
    progress bar, its last state.
    """
    rows = _ESCAPES.sub("", text).replace("\r\n", "\n").split("\n")
    rows = [row.rstrip("\r").rpartition("\r")[2] for row in rows]
    kept, room = list[str](), _CHARACTERS
    for row in rows[:_LINES]:
        if room <= 0:
            break
        kept.append(row if len(row) <= _WIDTH else f"{row[:_WIDTH]}… ({len(row)} characters)")
        room -= len(kept[-1])
    if len(kept) < len(rows):
        kept.append(f"({len(rows) - len(kept)} more lines)")
    return _put_in_box(fence_code(remove_controls("\n".join(kept)), "text"), kind)


def _put_in_box(markdown: str, kind: str = "") -> str:
    """Return an output in a box of its own, apart from the code."""
    return _TEMPLATES.fill("output.html", kind=kind, markdown=Markup(markdown))


def _convert_text(output: Any, kind: str) -> str:
    return _convert_printed(output.data[kind])


def _convert_html(output: Any, kind: str) -> str:
    """Return cleaned HTML without blank lines: Markdown would end the HTML block at one."""
    if _is_large(output.data[kind]):
        return ""
    html = clean(remove_controls(output.data[kind]), lambda tag, address: None).strip()
    html = re.sub(r"\n\s*\n+", "\n", html)
    return _TEMPLATES.fill("shown.html", html=Markup(html)) if html else ""


def _convert_picture(output: Any, kind: str) -> str:
    name = output.metadata.get("filenames", {}).get(kind)
    return f"![Output](<{name}>)" if isinstance(name, str) and name else ""


def _convert_markdown(output: Any, kind: str) -> str:
    return "" if _is_large(output.data[kind]) else remove_controls(output.data[kind])


_CONVERTERS: dict[str, Callable[[Any, str], str]] = {
    "text/html": _convert_html,
    "text/markdown": _convert_markdown,
    "image/svg+xml": _convert_picture,
    "image/png": _convert_picture,
    "image/jpeg": _convert_picture,
    "text/latex": _convert_markdown,
    "text/plain": _convert_text,
}
"""How each kind of output is converted; the first one that an output has and that is not empty."""


def fence_code(code: str, language: str) -> str:
    """Return a code block whose fence is longer than any in the code."""
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{code.rstrip()}\n{ticks}"
