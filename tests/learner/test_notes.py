"""Notes and notebooks become pages that show what was written and run nothing."""

import base64
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from grader.learner.notes import Note, Notes, rendering
from grader.learner.notes.formula import convert_formula, find_formula_fault
from grader.learner.notes.picture import explain_refusal

PNG = b"\x89PNG\r\n\x1a\n not a real one"


def here(tag: str, address: str) -> str:
    """A link that leads where it says."""
    return address


def shown(text: str) -> str:
    """The HTML of a learner's text."""
    return rendering.render_html(text, here)


def cell(source: str, *outputs: dict[str, Any], kind: str = "code", **more: Any) -> dict[str, Any]:
    """A notebook's cell."""
    made: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source, **more}
    return made | ({"outputs": list(outputs), "execution_count": 1} if kind == "code" else {})


def data(**kinds: str) -> dict[str, Any]:
    """An output that shows something, by kind: ``text_html`` stands for ``text/html``."""
    held = {kind.replace("_", "/", 1).replace("svg", "svg+xml"): v for kind, v in kinds.items()}
    return {"output_type": "display_data", "metadata": {}, "data": held}


def printed(text: str) -> dict[str, Any]:
    """An output of ``print``."""
    return {"output_type": "stream", "name": "stdout", "text": text}


def notebook(folder: Path, *cells: dict[str, Any], name: str = "study.ipynb") -> Note:
    """A notebook with these cells, read back as a note."""
    whole = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    (folder / "notes").mkdir(exist_ok=True)
    (folder / "notes" / name).write_text(json.dumps(whole), "utf-8")
    return read(folder)[0]


def read(folder: Path) -> list[Note]:
    """All notes of the folder."""
    return Notes(folder / "notes", folder / "cache").read()


def note(folder: Path, text: str | bytes, name: str = "a.md") -> Note:
    """A Markdown file, read back as a note."""
    path = folder / "notes" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return next(found for found in read(folder) if found.path == path)


# What is safe


HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://evil.example/pixel.png'>",
    "![pixel](https://evil.example/pixel.png)",
    "![pixel](//evil.example/pixel.png)",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><!--</style>"
    "<img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<iframe src='https://evil.example'></iframe>",
    "<object data='x'></object><embed src='x'>",
    "<form action='https://evil.example'><input name=q><button>go</button></form>",
    "<style>@import url(https://evil.example/x.css)</style>",
    "<p style='background:url(https://evil.example/x)'>x</p>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href='https://evil.example/'>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#x0A;script:alert(1))",
    "[x]\n\n[x]: javascript:alert(1)",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' &#1;javascript:alert(1)'>x</a>",
    "<a href='vbscript:x'>x</a> <a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<javascript:alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<body onload=alert(1)>",
    "<video src='https://evil.example/v' onerror=alert(1)></video><audio src=x></audio>",
    "<a href='x' onclick='alert(1)' target=_blank>x</a>",
    "<div class='md-overlay mermaid' data-md-component=announce id='__search'>x</div>",
    "```mermaid\ngraph TD\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "$\\href{javascript:alert(1)}{x}$ $\\text{<img src=x onerror=alert(1)>}$",
    '![x"onerror="alert(1)](a.png "t\\"onerror=alert(1)")',
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<img srcset='https://evil.example/a 1x' src='data:image/svg+xml,<svg onload=alert(1)>'>",
    '!!! note "<img src=x onerror=alert(1)>"\n    body',
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "x[^1]\n\n[^1]: <img src=x onerror=alert(1)>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_survives(text: str) -> None:
    """No script, handler, frame, form, style or address that runs or loads something stays."""
    page = BeautifulSoup(shown(text), "html.parser")
    forbidden = (
        "script style iframe object embed form button link meta base svg video audio "
        "template noscript"
    )
    assert not page.find_all(forbidden.split())
    for element in page.find_all(True):
        for name, value in element.attrs.items():
            assert not name.startswith(("on", "data-")), element
            assert name not in ("srcset", "target", "action", "name"), element
            assert name != "style" or element.name.startswith("m") or "url" not in value
            if name == "href":
                assert not re.match(r"\s*(javascript|vbscript|data)", value, re.I), element
            if name == "src":
                assert not re.match(r"https?:|//|data:(?!image/(png|jpeg|gif|webp))", value)
            if name == "id":
                assert not value.startswith("_")
            if name == "class":
                assert not {"md-overlay", "mermaid"} & set(value)


def test_what_learners_write_survives() -> None:
    """Links, pictures, tables, tasks, alerts, footnotes, code and folded text stay."""
    page = BeautifulSoup(
        shown(
            "See [BPE](https://arxiv.org/abs/1508.07909) ![plot](plot.png)\n\n"
            "text\n- a\n  - b\n\n- [x] done\n\n"
            "| a | b |\n|---|--:|\n| 1 | 2 |\n\n"
            "> [!WARNING]\n> careful\n\nx[^1]\n\n[^1]: foot\n\n"
            "<details><summary>more</summary>inside</details>\n\n"
            "```python\ndef f(): return 1\n```\n"
        ),
        "html.parser",
    )
    assert page.find("a", href="https://arxiv.org/abs/1508.07909")
    assert page.find("img", src="plot.png", alt="plot")
    assert page.select_one("ul > li > ul > li").get_text(strip=True) == "b"
    assert page.find("input", type="checkbox", checked=True, disabled=True)
    assert page.select_one("td[style='text-align:right']").text == "2"
    assert page.select_one(".admonition.warning").get_text(" ", strip=True) == "Warning careful"
    assert page.find("a", href="#fn1")
    assert page.find(id="fn1")
    assert page.details.summary.text == "more"
    assert page.select_one(".highlight .k").text == "def"


def test_a_picture_elsewhere_becomes_a_link() -> None:
    """Nothing is loaded from another host, yet the address is not lost."""
    page = BeautifulSoup(shown("![a plot](https://example.org/p.png)"), "html.parser")
    assert page.img is None
    assert page.find("a", href="https://example.org/p.png").text == "a plot"


# Formulas


def test_formulas_become_mathml() -> None:
    """Inline and displayed formulas and environments are MathML, prices and code are not."""
    page = BeautifulSoup(
        shown(
            "$x^2$ costs $5 and $10, `$y$`\n\n$$\n\\frac{a}{b}\n$$\n\n"
            "\\begin{align}a&=b\\end{align}"
        ),
        "html.parser",
    )
    assert [bool(m.get("display")) for m in page.find_all("math")][:2] == [False, True]
    assert page.msup
    assert page.mfrac
    assert "costs $5 and $10" in page.text
    assert page.mtable
    assert page.code.text == "$y$"


def test_a_formula_that_fails_shows_its_source(tmp_path: Path) -> None:
    """The reader sees the TeX in code, and the note's warnings name it."""
    found = note(tmp_path, "# T\n\nFine: $x$. Wrong: $\\badcommand{x}$.\n")
    assert [warning.partition(":")[0] for warning in found.warnings] == ["$\\badcommand{x}$"]
    page = BeautifulSoup(shown(found.parts[0]), "html.parser")
    assert page.select_one("code.gw-bad-formula").text == "\\badcommand{x}"
    assert len(page.find_all("math")) == 1


@pytest.mark.parametrize(
    "tex",
    [
        r"\text{softmax}\left(\frac{QK^\top}{\sqrt{d_k}} + M\right)V",
        r"\mathcal{L} = -\frac{1}{T}\sum_{t=1}^{T} \log p_\theta(x_t \mid x_{<t})",
        r"\begin{aligned} m_t &= \beta_1 m_{t-1} + g_t \\ v_t &= \beta_2 v_{t-1} \end{aligned}",
        r"\begin{pmatrix} \cos\theta & -\sin\theta \\ \sin\theta & \cos\theta \end{pmatrix}",
        r"W + \frac{\alpha}{r} BA, \quad B \in \mathbb{R}^{d \times r}",
        r"\hat{x} = \frac{x - \mathbb{E}[x]}{\sqrt{\operatorname{Var}[x] + \epsilon}} \odot \gamma",
        r"\operatorname*{argmax}_{a,b} n(a,b)",
        r"f(x) = \begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}",
    ],
)
def test_the_formulas_of_language_models_are_read(tex: str) -> None:
    """What lessons and papers write is understood."""
    assert find_formula_fault(tex) == ""
    assert convert_formula(tex, display=True).startswith('<math display="block">')


# Markdown files


def test_the_title_is_the_only_top_heading(tmp_path: Path) -> None:
    """A note that opens with one top heading is called that, and does not repeat it."""
    found = note(tmp_path, "# Byte pairs\n\nText\n\n## Merges\n")
    assert found.title == "Byte pairs"
    assert "Byte pairs" not in found.parts[0]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("just text\n", "my notes"),
        ("# One\n\n# Two\n", "my notes"),
        ("---\ntitle: 'Named'\n---\ntext\n", "Named"),
        ("---\ntitle: Named\n---\n# Heading\n", "Heading"),
        ("```\n# not a heading\n```\n", "my notes"),
        ("", "my notes"),
        ("Setext\n===\n\ntext\n", "Setext"),
    ],
)
def test_a_title_is_found_anyway(tmp_path: Path, text: str, title: str) -> None:
    """Front matter, then the file's name, stand in for a heading."""
    assert note(tmp_path, text, "my_notes.md").title == title


def test_folders_below_notes_count(tmp_path: Path) -> None:
    """Notes lie in folders of any depth; hidden folders are not read."""
    for name in ("b.md", "x/a.md", "x/y/c.markdown", ".obsidian/d.md", "x/.ipynb_checkpoints/e.md"):
        note_path = tmp_path / "notes" / name
        note_path.parent.mkdir(parents=True, exist_ok=True)
        note_path.write_text("x")
    assert [found.place for found in read(tmp_path)] == ["b.md", "x/a.md", "x/y/c.markdown"]


def test_a_note_that_is_not_text_says_so(tmp_path: Path) -> None:
    """The fault names the file, the line and the remedy; the other notes are read."""
    note(tmp_path, "# Fine\n", "b.md")
    broken = note(tmp_path, b"ok\nok\n\xff\xfe", "a.md")
    assert broken.fault == f"{broken.path}:3: not UTF-8; save the file as UTF-8."
    assert [found.title for found in read(tmp_path)] == ["a", "Fine"]


def test_a_link_out_of_the_notes_is_refused(tmp_path: Path) -> None:
    """A symbolic link to a file elsewhere shows none of it."""
    (tmp_path / "secret.md").write_text("# Secret\n")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "s.md").symlink_to(tmp_path / "secret.md")
    (found,) = read(tmp_path)
    assert "outside the notes" in found.fault
    assert found.parts == ()


def test_no_folder_means_no_notes(tmp_path: Path) -> None:
    """A fresh clone has no notes and no error."""
    assert read(tmp_path) == []


# Notebooks


def test_cells_and_outputs_are_shown(tmp_path: Path) -> None:
    """Text, code, prints, tables, pictures and errors appear in order."""
    found = notebook(
        tmp_path,
        cell("# My study\n\nWhy:\n- a\n  - b", kind="markdown"),
        cell("print(1)", printed("one\n")),
        cell("df", data(text_html="<table class='dataframe'>\n\n<tr><td>a_b_c</td></tr></table>")),
        cell("plot()", data(image_png=base64.b64encode(PNG).decode(), text_plain="<Figure>")),
        cell("6 * 7", data(text_plain="42")),
    )
    assert found.title == "My study"
    assert list(found.files.values()) == [PNG]
    page = BeautifulSoup("".join(map(shown, found.parts)), "html.parser")
    assert page.select_one("ul ul li").text == "b"
    assert [code.text.strip() for code in page.select(".highlight code")] == [
        *("print(1)", "one", "df", "plot()", "6 * 7", "42"),
    ]
    assert page.select_one(".gw-output td").text == "a_b_c"
    assert page.img["src"] in found.files


def test_terminal_colours_and_overwritten_lines_are_gone(tmp_path: Path) -> None:
    """Prints and tracebacks read as a terminal would leave them."""
    error = {
        "output_type": "error",
        "ename": "ZeroDivisionError",
        "evalue": "division by zero",
        "traceback": ["\x1b[0;31mZeroDivisionError\x1b[0m: division by zero"],
    }
    found = notebook(
        tmp_path, cell("x", printed("\x1b[31m10%\r50%\r100%\x1b[0m\nend\x07\n")), cell("y", error)
    )
    text = BeautifulSoup("".join(map(shown, found.parts)), "html.parser").text
    assert "10%" not in text.replace("100%", "")
    assert "100%\nend\n" in text
    assert "ZeroDivisionError: division by zero" in text
    assert "\x1b" not in text


def test_scripts_in_outputs_are_gone(tmp_path: Path) -> None:
    """An output's HTML is cleaned; one that is a script alone is named, not shown."""
    found = notebook(
        tmp_path,
        cell("a", data(text_html="<b onclick=x()>bold</b><script>alert(1)</script>")),
        cell("b", data(text_html="<script>plotly()</script>")),
        cell("c", data(text_html="<script>plotly()</script>", text_plain="Figure")),
        cell("d", data(image_svg="<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>")),
    )
    html = "".join(map(shown, found.parts))
    assert "bold" in html
    assert "plotly" not in html
    assert "onclick" not in html
    assert "an output has only text/html" in html
    assert "Figure" in html
    assert not found.files
    assert len(found.warnings) == 2


def test_an_unfinished_cell_swallows_nothing(tmp_path: Path) -> None:
    """Each cell stands by itself: an open fence or tag ends with its cell."""
    found = notebook(
        tmp_path,
        cell("```\nopen", kind="markdown"),
        cell("<div><table>", kind="markdown"),
        cell("*last*", kind="markdown"),
    )
    assert shown(found.parts[-1]) == "<p><em>last</em></p>"


def test_pasted_pictures_come_along(tmp_path: Path) -> None:
    """A picture attached to a text cell is among the note's files under the name it is shown by."""
    attached = {"p.png": {"image/png": base64.b64encode(PNG).decode()}}
    found = notebook(
        tmp_path, cell("![p](attachment:p.png)", kind="markdown", attachments=attached)
    )
    image = BeautifulSoup(shown(found.parts[0]), "html.parser").img
    assert found.files[image["src"]] == PNG


def test_code_with_fences_in_it_stays_whole(tmp_path: Path) -> None:
    """Backticks in code do not end the block."""
    found = notebook(tmp_path, cell('s = """\n````\n```\n"""'))
    assert BeautifulSoup(shown(found.parts[0]), "html.parser").code.text.count("```") == 2


def test_an_endless_output_is_cut(tmp_path: Path) -> None:
    """Of ten thousand lines the first are shown, and the rest counted."""
    found = notebook(tmp_path, cell("x", printed("line\n" * 10_000)))
    assert found.parts[0].count("line\n") == 400
    assert "more lines)" in found.parts[0]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"cells": 3}',
        b'{"cells": [{"cell_type": "code"}], "nbformat": 4, "nbformat_minor": 4, "metadata": {}}',
        b"\xff\xfe\x00",
        b'<<<<<<< HEAD\n{"cells": []}\n',
    ],
)
def test_a_broken_notebook_is_a_note_that_says_so(tmp_path: Path, content: bytes) -> None:
    """It keeps its place and title, names its file and a remedy, and is not cached."""
    note(tmp_path, "# Fine\n", "z.md")
    broken = note(tmp_path, content, "broken.ipynb")
    assert broken.title == "broken"
    assert str(broken.path) in broken.fault
    assert "Jupyter" in broken.fault
    assert not list((tmp_path / "cache").glob("*.json"))
    assert [found.title for found in read(tmp_path)] == ["broken", "Fine"]


def test_a_notebook_is_converted_once(tmp_path: Path) -> None:
    """The cache is used while the source is the same, and made again when it is damaged."""
    first = notebook(tmp_path, cell("x", data(image_png=base64.b64encode(PNG).decode())))
    (kept,) = (tmp_path / "cache").glob("*.json")
    assert read(tmp_path) == [first]
    marked = json.loads(kept.read_text().partition("\n")[2]) | {"parts": ["# From the cache"]}
    kept.write_text(json.dumps(marked))
    assert read(tmp_path)[0].title == "From the cache"
    kept.write_text("{")
    assert read(tmp_path) == [first]
    assert notebook(tmp_path, cell("# changed")).parts != first.parts


# Pictures


@pytest.mark.parametrize(
    "svg",
    [
        "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        "<svg xmlns='http://www.w3.org/2000/svg'><foreignObject/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><a href='javascript:x()'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:l='http://www.w3.org/1999/xlink'>"
        "<image l:href='https://evil.example/x.png'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><style>@import 'x.css';</style></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><rect style='fill:url(https://e.example)'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><set attributeName='href' to='x'/></svg>",
        "<!DOCTYPE svg [<!ENTITY x 'y'>]><svg xmlns='http://www.w3.org/2000/svg'>&x;</svg>",
        "<?xml-stylesheet href='x.css'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        "not xml",
    ],
)
def test_an_active_svg_is_refused(svg: str) -> None:
    """A picture that could run or load something stays off the site, with the reason."""
    assert explain_refusal("x.svg", svg.encode())


def test_a_plotted_svg_may_stay() -> None:
    """What Matplotlib writes is harmless: styles, clip paths and references within the file."""
    svg = (
        '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        '<defs><style>*{stroke-linejoin: round}</style><clipPath id="c"><path id="p" d="M0 0"/>'
        '</clipPath></defs><use xlink:href="#p" clip-path="url(#c)"/></svg>'
    )
    assert explain_refusal("plot.svg", svg.encode()) == ""


def test_only_files_that_a_browser_does_not_run_are_copied() -> None:
    """Pages and scripts beside a note stay off the site."""
    assert [
        name for name in ("a.html", "a.js", "a.xhtml", "a") if not explain_refusal(name, b"")
    ] == []
    assert explain_refusal("a.PNG", PNG) == ""


@pytest.mark.parametrize("size", [1 << 20, 48_000_000])
def test_a_note_that_is_too_large_is_said_at_once(tmp_path: Path, size: int) -> None:
    """Beyond a mebibyte of text nothing is parsed: the note's fault says what to do."""
    text = "The *query* of a token is compared with the `key` of every token before it.\n"
    began = time.process_time()
    found = note(tmp_path, "# Big\n\n" + text * (size // len(text) + 1))
    assert "MiB of text, and 1 MiB is the most. Split it into several files." in found.fault
    assert time.process_time() - began < 2


def test_a_notebook_with_too_much_text_is_said(tmp_path: Path) -> None:
    """Pictures may make a notebook large; its text may take what a note's may."""
    whole = notebook(tmp_path, *[cell("word " * 50_000, kind="markdown")] * 5)
    assert "its text cells have 1.2 MiB, too large for a page" in whole.fault
