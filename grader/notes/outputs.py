"""What cells printed and showed, as Markdown: stored outputs, of which no word is trusted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from grader.notes.clean import clean
from grader.notes.markup import without_controls

_ESCAPES = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b\[?[0-?]*[ -/]*[@-~]")
_LINES, _CHARACTERS, _WIDTH = 400, 40_000, 2_000
"""Lines of one output that are shown, their characters, and the characters of one line."""

_MARKED = 100_000
"""Characters of HTML or Markdown beyond which an output is not shown as such."""


def shown(output: Any, warned: list[str]) -> str:
    """One output as Markdown; what no page can show is named, there and in ``warned``."""
    if output.output_type == "stream":
        return _said(output.text, "gw-stderr" if output.name == "stderr" else "")
    if output.output_type == "error":
        told = "\n".join(output.traceback) or f"{output.ename}: {output.evalue}"
        return _said(told, "gw-error")
    for kind, show in _SHOWN.items():
        if kind in output.data and (markdown := show(output, kind)):
            return markdown
    return _unshown(output, warned)


def texts(output: Any) -> Iterator[str]:
    """Every text of an output, shown or not, but for pictures in base64."""
    if output.output_type == "stream":
        yield _ESCAPES.sub("", output.text)
    elif output.output_type == "error":
        yield _ESCAPES.sub("", "\n".join([*output.traceback, output.ename, output.evalue]))
    else:
        kinds = output.data.items()
        yield from (t for kind, t in kinds if isinstance(t, str) and kind in _SHOWN)


def _unshown(output: Any, warned: list[str]) -> str:
    kinds = ", ".join(re.sub(r"[^\w/+.;= -]", "", kind)[:80] for kind in sorted(output.data))
    large = [len(data) for data in output.data.values() if _is_large(data)]
    if large:
        told = f"an output of {max(large) // 1000} kB ({kinds}) is too large for a page"
    else:
        told = f"an output holds {kinds or 'nothing'} only, which no page can show"
    warned.append(told)
    return f"*Left out: {told}.*"


def _is_large(data: Any) -> bool:
    return isinstance(data, str) and len(data) > _MARKED


def _said(text: str, kind: str = "") -> str:
    """Printed text, as a terminal would leave it: no colours, no overwritten lines."""
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
    return _boxed(fence(without_controls("\n".join(kept)), "text"), kind)


def _boxed(markdown: str, kind: str = "") -> str:
    """An output in a box of its own, apart from the code."""
    return f'<div class="{f"gw-output {kind}".strip()}">\n\n{markdown}\n\n</div>'


def _text(output: Any, kind: str) -> str:
    return _said(output.data[kind])


def _html(output: Any, kind: str) -> str:
    """Cleaned HTML in one block without blank lines, so that Markdown leaves it alone."""
    if _is_large(output.data[kind]):
        return ""
    html = clean(without_controls(output.data[kind]), lambda tag, address: None).strip()
    html = re.sub(r"\n\s*\n+", "\n", html)
    return f'<div class="gw-output gw-shown">{html}</div>' if html else ""


def _picture(output: Any, kind: str) -> str:
    name = output.metadata.get("filenames", {}).get(kind)
    return f"![Output](<{name}>)" if isinstance(name, str) and name else ""


def _markdown(output: Any, kind: str) -> str:
    return "" if _is_large(output.data[kind]) else without_controls(output.data[kind])


_SHOWN: dict[str, Callable[[Any, str], str]] = {
    "text/html": _html,
    "text/markdown": _markdown,
    "image/svg+xml": _picture,
    "image/png": _picture,
    "image/jpeg": _picture,
    "text/latex": _markdown,
    "text/plain": _text,
}
"""How each kind of output is shown; the first that an output has and that shows something."""


def fence(code: str, language: str) -> str:
    """A code block that nothing in the code ends."""
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{code.rstrip()}\n{ticks}"
