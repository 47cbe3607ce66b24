"""The cells of an exercise's notebook: its contract, its lesson, and a cell to write in."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from os.path import normpath
from posixpath import relpath

from markupsafe import Markup

from grader.course.lessons.diagrams.diagram import Diagram
from grader.course.lessons.lesson import read_lesson
from grader.course.model import Exercise
from grader.course.source.contracts import read_contracts
from grader.services.exercise_notebook import GRADED, MAGIC, Cell
from grader.services.session import Session
from grader.services.submission import read_leniently
from grader.site.formatting import to_plain_line
from grader.site.pages.docstring import render_code_block, render_docstring
from grader.site.pages.glossary import PAGE as GLOSSARY
from grader.site.pages.lesson import draw_picture
from grader.site.templating import fill_block

LOAD = """\
# Run this cell first, and again after each restart of the kernel.
%load_ext grader.notebook"""
_TITLE = re.compile(r"\A\s*#\s[^\n]*\n+")
_SPECIAL = re.compile(r"[\\`*\[\]<>$|~]|(?<!\w)_|_(?!\w)|^[#+-]")
"""What would be Markdown or a formula; the rest of a sentence stays easy to read and to edit."""
_LINKS = re.compile(
    r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[ \t]*$"
    r"|`+[^`]+`+"
    r"|(?P<start>!?\[(?P<words>[^\]]*)\])\((?P<address>[^)\s]*)\)",
    re.MULTILINE | re.DOTALL,
)


def make_cells(session: Session, exercise: Exercise) -> tuple[Cell, ...]:
    """Return the cells of an exercise's notebook; the last has what the learner's file holds."""
    return (
        Cell("title", "markdown", _format_title(session, exercise)),
        Cell("contract", "markdown", _format_contract(session, exercise)),
        *_split_lesson(session, exercise),
        Cell("your-code", "markdown", "## Your code"),
        Cell("load", "code", LOAD),
        Cell(GRADED, "code", make_graded_cell(session, exercise)),
    )


def make_graded_cell(session: Session, exercise: Exercise) -> str:
    """Return the cell to write in: what the learner's file holds, or else a fresh stub."""
    own = read_leniently(session.workspace.locate_stub(exercise.id))
    text = own or session.make_stub(exercise)
    return f"{MAGIC} {exercise.id}\n" + text.replace("\r\n", "\n").rstrip("\n")


def escape_prose(text: str) -> str:
    """Return the text on one line, with as few signs as make nothing in it Markdown."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", to_plain_line(text))


def _format_title(session: Session, exercise: Exercise) -> str:
    stub = session.workspace.show_path(session.workspace.locate_stub(exercise.id))
    return (
        f"# {escape_prose(exercise.title)}\n\n{escape_prose(exercise.summary)} About "
        f"{exercise.minutes} minutes.\n\nWhat is graded is the file `{stub}`. Write in the last "
        f"cell and run it: `{MAGIC}` writes the cell into the file and shows the verdict. A file "
        "that was changed elsewhere is not overwritten; the difference is shown, and you choose. "
        "`%grade` grades the file as it is."
    )


def _format_contract(session: Session, exercise: Exercise) -> str:
    path = session.workspace.locate_stub(exercise.id)
    blocks = ["## Contract"]
    # The stub, and not the reference: there is no body in it that could be shown by a slip.
    for contract in read_contracts(session.make_stub(exercise), exercise, path):
        blocks.append(render_code_block(contract.signature, "python"))
        if contract.docstring:
            blocks.append(render_docstring(contract.docstring, escape_prose))
    return "\n\n".join(blocks)


def _split_lesson(session: Session, exercise: Exercise) -> Iterator[Cell]:
    """Yield the lesson: its Markdown, its diagrams as pictures, and "See it break" as code."""
    path = session.workspace.locate_lesson(exercise.id)
    text = _TITLE.sub("", read_leniently(path))
    lesson = read_lesson(text, path)
    code = lesson.snippet.code if lesson.snippet else ""
    number = 0
    for piece in lesson.pieces:
        if isinstance(piece, Diagram):
            number += 1
            yield Cell(f"picture-{number}", "markdown", _format_picture(piece))
            continue
        before, snippet, after = _cut_snippet(piece.text, code)
        for part in (before, after):
            if part.strip():
                number += 1
                yield Cell(f"lesson-{number}", "markdown", _move_links(part.strip(), exercise))
            if snippet and part is before:
                yield Cell("see-it-break", "code", code.rstrip("\n"))


def _cut_snippet(text: str, code: str) -> tuple[str, bool, str]:
    """Return what stands before and after the block with this code, and whether there is one."""
    fenced = rf"^(`{{3,}}|~{{3,}})python[^\n]*\n{re.escape(code)}\1[ \t]*\n?"
    found = re.search(fenced, text, re.MULTILINE) if code else None
    if found is None:
        return text, False, ""
    return text[: found.start()], True, f"It prints:\n{text[found.end() :]}"


def _format_picture(diagram: Diagram) -> str:
    """Return a diagram as a picture in the text itself, with its words below it."""
    data = b64encode(draw_picture(diagram).encode()).decode()
    address = Markup("data:image/svg+xml;base64,") + data
    picture = fill_block("picture.html", address=address, words=diagram.words)
    return f"{picture}\n\n*{escape_prose(diagram.words)}*"


def _move_links(text: str, exercise: Exercise) -> str:
    """Write a lesson's links anew, so that they lead from the notebook to the same files.

    The glossary is a page of the site alone: its terms stay as words.
    """

    def rewrite(found: re.Match[str]) -> str:
        address, start = found["address"], found["start"]
        if start is None or re.match(r"[a-z][a-z+.-]*:|#", address):
            return found[0]
        target = normpath(f"curriculum/{exercise.unit}/{address}").replace("\\", "/")
        if target.partition("#")[0].endswith(GLOSSARY):
            return found["words"]
        return f"{start}({relpath(target, f'exercises/{exercise.unit}')})"

    return _LINKS.sub(rewrite, text)
