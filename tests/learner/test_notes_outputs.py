"""What notebooks printed and showed, as it stands on a page; and notebooks that are broken."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from grader.learner.notes import Note, Notes, rendering

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n not a real one").decode()


def book(folder: Path, *outputs: dict[str, Any], **more: Any) -> Note:
    """A notebook of one code cell with these outputs, read as a note."""
    cell = {"cell_type": "code", "metadata": {}, "source": "run()", "execution_count": 1}
    cells = [{**cell, "outputs": list(outputs)}, *more.pop("cells", [])]
    return raw(folder, {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4, **more})


def raw(folder: Path, whole: Any) -> Note:
    """Anything as a notebook's file, read as a note."""
    (folder / "notes").mkdir(exist_ok=True)
    text = whole if isinstance(whole, str) else json.dumps(whole)
    (folder / "notes" / "a.ipynb").write_text(text, "utf-8")
    (note,) = Notes(folder / "notes", folder / "cache").read()
    return note


def page(note: Note) -> BeautifulSoup:
    """What the note's parts become."""
    html = "".join(rendering.render_html(part, lambda tag, address: address) for part in note.parts)
    return BeautifulSoup(html, "html.parser")


def printed(text: str, name: str = "stdout") -> dict[str, Any]:
    """An output of ``print``."""
    return {"output_type": "stream", "name": name, "text": text}


def shown(**kinds: Any) -> dict[str, Any]:
    """An output by kind, in which ``text_html`` stands for ``text/html``."""
    held = {kind.replace("_", "/", 1).replace("svg", "svg+xml"): v for kind, v in kinds.items()}
    return {"output_type": "display_data", "metadata": {}, "data": held}


def test_outputs_stand_in_boxes_of_their_kind(tmp_path: Path) -> None:
    """What was printed, what went to stderr and what was raised can be told apart."""
    raised = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": []}
    found = page(book(tmp_path, printed("out"), printed("err", "stderr"), raised))
    boxes = found.select("div.gw-output")
    assert [box.get_text(strip=True) for box in boxes] == ["out", "err", "E: v"]
    assert [box["class"][1:] for box in boxes] == [[], ["gw-stderr"], ["gw-error"]]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\r  0%|    | 0/3\r 33%|#   | 1/3\r100%|####| 3/3\n", "100%|####| 3/3"),
        ("\x1b[1;31mred\x1b[0m and \x1b[38;5;241mgrey\x1b[39m", "red and grey"),
        ("one\r\ntwo\r\n", "one\ntwo"),
        ("\x1b]8;;https://x.org\x07link\x1b]8;;\x07", "link"),
        ("a\x08\x00b\x7f\u009b31mc", "ab31mc"),
    ],
)
def test_a_terminals_tricks_are_gone(tmp_path: Path, text: str, left: str) -> None:
    """Progress bars show their last state, colours and control characters nothing."""
    assert page(book(tmp_path, printed(text))).select_one(".gw-output").text.strip() == left


def test_long_outputs_are_cut_with_a_word(tmp_path: Path) -> None:
    """Long lines, many lines and many characters; what is left out is counted."""
    found = book(tmp_path, printed("x" * 10_000), printed(("y" * 1999 + "\n") * 300))
    first, second = (box.text for box in page(found).select(".gw-output"))
    assert "… (10000 characters)" in first
    assert len(first) < 2100
    assert len(second) < 43_000
    assert "(280 more lines)" in second


def test_a_huge_table_gives_way_to_its_text(tmp_path: Path) -> None:
    """HTML beyond what a page bears is left out, with a word where there is nothing else."""
    huge = "<p>x</p>" * 40_000
    found = book(tmp_path, shown(text_html=huge, text_plain="a table"), shown(text_html=huge))
    text = page(found).text
    assert "a table" in text
    assert "320 kB (text/html) is too large for a page" in text
    assert "too large" in found.warnings[0]


def test_a_damaged_picture_spoils_nothing_else(tmp_path: Path) -> None:
    """It is named with its cell; the other outputs and pictures are there."""
    cells = [
        {
            "cell_type": "markdown",
            "metadata": {},
            "source": "![a](attachment:a.png) ![b](attachment:b.png)",
            "attachments": {"a.png": {"image/png": PNG}, "b.png": {"text/html": "<b>"}},
        }
    ]
    outputs = (shown(image_png="no"), shown(image_png=PNG), shown(image_jpeg=3), printed("fine"))
    found = book(tmp_path, *outputs, cells=cells)
    assert len(found.files) == 2
    assert "fine" in page(found).text
    assert [w for w in found.warnings if w.startswith("cell")] == [
        "cell 1: an output's image/png is damaged",
        "cell 1: an output's image/jpeg is damaged",
        "cell 2: its attachment b.png is not a picture",
    ]


def test_half_a_character_spoils_nothing(tmp_path: Path) -> None:
    """JSON can name what UTF-8 cannot hold; it becomes a question mark."""
    assert page(book(tmp_path, printed("a\ud83db \U0001f600"))).text.split()[1:] == ["a?b", "😀"]


def test_latex_outputs_are_formulas(tmp_path: Path) -> None:
    """Displayed TeX becomes MathML."""
    found = page(book(tmp_path, shown(text_latex="$$\\frac{a}{b}$$", text_plain="a/b")))
    assert found.find("math").mfrac


def test_an_old_notebook_is_read(tmp_path: Path) -> None:
    """Version 3, with its worksheets and inputs, is shown like a new one."""
    cells = [
        {"cell_type": "heading", "level": 1, "metadata": {}, "source": "An old one"},
        {
            "cell_type": "code",
            "input": "print(1)",
            "language": "python",
            "collapsed": False,
            "metadata": {},
            "outputs": [{"output_type": "stream", "stream": "stdout", "text": "printed\n"}],
        },
    ]
    whole = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    found = raw(tmp_path, whole)
    assert (found.title, found.fault) == ("An old one", "")
    assert "printed" in page(found).text


@pytest.mark.parametrize(
    ("whole", "told"),
    [
        ("{", "line 1: not JSON"),
        ('{"cells": [],\n\n x', "line 3: not JSON"),
        ([], "it has no cells"),
        ({"cells": []}, "it has no version"),
        ({"nbformat": 4, "nbformat_minor": 5, "metadata": {}}, "it has no `cells`"),
        ({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": 3}, "`cells` is not a list"),
        (
            {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code"}]},
            "cell 1 does not have the form of a Jupyter cell",
        ),
        (
            {
                "nbformat": 4,
                "nbformat_minor": 5,
                "metadata": {},
                "cells": [{"cell_type": "markdown", "metadata": {}, "source": 3}],
            },
            "cell 1 does not have the form",
        ),
        ('{"nbformat": 4, "cells": ' + "[" * 100_000, "nested too deeply"),
    ],
)
def test_a_broken_notebook_says_what_is_wrong(tmp_path: Path, whole: Any, told: str) -> None:
    """The fault names the file, the place and what to do."""
    fault = raw(tmp_path, whole).fault
    assert fault.startswith(str(tmp_path / "notes" / "a.ipynb"))
    assert told in fault
    assert "Open it in Jupyter" in fault


def test_a_huge_notebook_is_not_read(tmp_path: Path) -> None:
    """More than 50 MB are no page; the note says so."""
    note = book(tmp_path, printed("x" * 51_000_000))
    assert "it has 51 MB, too large for a page" in note.fault
