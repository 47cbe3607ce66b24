"""The font for formulas: it has what formulas need, whatever fonts the reader's machine has."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest

from grader.learner.notes.formula import convert_formula

REPO = Path(__file__).resolve().parents[2]
ASSETS = REPO / "docs" / "assets"
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", re.DOTALL)
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)

USUAL = r"""
\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \iota \kappa \lambda
\mu \nu \xi \pi \rho \sigma \tau \upsilon \phi \varphi \chi \psi \omega \Gamma \Delta \Theta
\Lambda \Xi \Pi \Sigma \Phi \Psi \Omega \pm \mp \times \div \cdot \ast \star \circ \bullet \oplus
\otimes \odot \wedge \vee \cap \cup \setminus \leq \geq \ll \gg \neq \approx \equiv \sim \simeq
\cong \propto \prec \succ \subset \subseteq \supset \in \notin \ni \mid \parallel \perp \forall
\exists \nexists \neg \to \rightarrow \leftarrow \Rightarrow \Leftarrow \Leftrightarrow \mapsto
\uparrow \downarrow \longrightarrow \hookrightarrow \sum \prod \int \iint \oint \bigcup \bigcap
\bigoplus \partial \nabla \infty \emptyset \varnothing \ell \hbar \Re \Im \aleph \angle \triangle
\square \ldots \cdots \vdots \ddots \langle \rangle \lceil \rceil \lfloor \rfloor \lVert \rVert
\dagger \top \bot \hat{x} \bar{x} \tilde{x} \vec{x} \dot{x} \ddot{x} \widehat{xyz} \overline{xyz}
\underbrace{x} \mathbb{RNZECP} \mathcal{LNOUX} \mathfrak{g} \mathbf{xWA} \mathsf{T} \mathtt{id}
\boldsymbol{\theta} \sqrt{x} \sqrt[3]{x} \frac{a}{b} \binom{n}{k} \operatorname{softmax}
\text{naïve} \checkmark
"""
"""What learners and their papers write."""


@pytest.fixture(scope="module")
def font() -> Any:
    """The font's tables."""
    tables = pytest.importorskip("fontTools.ttLib")
    pytest.importorskip("brotli")
    return tables.TTFont(ASSETS / "stix-two-math.woff2")


def list_formulas() -> dict[str, list[str]]:
    """The formulas of each lesson, by its path."""
    found = {}
    for path in sorted((REPO / "curriculum").rglob("*.md")):
        prose = CODE.sub("", path.read_text("utf-8"))
        found[str(path.relative_to(REPO))] = [one or two for one, two in FORMULA.findall(prose)]
    return found


def characters(tex: str) -> set[str]:
    """What a browser draws for a formula; a variation selector only changes the letter before."""
    words = html.unescape(re.sub(r"<[^>]*>", "", convert_formula(tex, display=True)))
    return {*words} - {"\n", "\ufe00", "\ufe01"}


def test_the_font_has_every_character_of_the_lessons(font: Any) -> None:
    """No formula of the course falls back to another font."""
    known = font.getBestCmap()
    lessons = list_formulas()
    lacking = {
        f"{path}: {tex}": missing
        for path, formulas in lessons.items()
        for tex in formulas
        if (missing := {char for char in characters(tex) if ord(char) not in known})
    }
    assert sum(map(len, lessons.values())) > 500
    assert lacking == {}


def test_the_font_has_the_usual_mathematics(font: Any) -> None:
    """A learner's note may use what papers use."""
    drawn = {tex: characters(tex) for tex in USUAL.split()}
    assert [tex for tex, found in drawn.items() if "\\" in found] == [], "not converted"
    known = font.getBestCmap()
    assert {
        tex: found for tex, found in drawn.items() if any(ord(c) not in known for c in found)
    } == {}


def test_letters_have_the_shapes_that_browsers_take(font: Any) -> None:
    """A browser draws a lone letter as the italic one among the mathematical alphabets."""
    known = font.getBestCmap()
    italic = {*range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C)} - {0x1D455}  # h is U+210E
    assert italic | {0x210E} <= known.keys()


@pytest.mark.parametrize("sign", "√([{⌊⌈⟨|‖∑∏∫")
def test_signs_grow(font: Any, sign: str) -> None:
    """Roots, brackets and sums have larger variants or parts to be put together from."""
    variants = font["MATH"].table.MathVariants
    place = variants.VertGlyphCoverage.glyphs.index(font.getBestCmap()[ord(sign)])
    growing = variants.VertGlyphConstruction[place]
    parts = (
        [part.glyph for part in growing.GlyphAssembly.PartRecords] if growing.GlyphAssembly else []
    )
    larger = [record.VariantGlyph for record in growing.MathGlyphVariantRecord]
    assert len(larger) > 1 or parts
    assert {*larger, *parts} <= {*font.getGlyphOrder()}


def test_the_font_comes_with_its_licence(font: Any) -> None:
    """Its own record and the file beside it name the same licence and the same authors."""
    licence = (ASSETS / "stix-two-math.LICENSE.txt").read_text("utf-8")
    assert "SIL Open Font License, Version 1.1" in font["name"].getDebugName(13)
    assert "SIL OPEN FONT LICENSE\n\nVersion 1.1" in licence
    assert font["name"].getDebugName(0) in licence
