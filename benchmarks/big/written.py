"""What a learner wrote: notes with cards, notebooks with outputs, and the daily log."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.big.pictures import png
from benchmarks.big.words import Words
from grader.base.paths import Workspace
from grader.learner.entry_text import name_day

_FOLDERS = ("", "papers", "build", "build/attention", "questions", "ideas")
_PICTURES = 12


def notes(
    own: Workspace,
    count: int,
    cards: int,
    exercises: Sequence[str],
    days: Sequence[date],
    chance: random.Random,
) -> list[Path]:
    """So many Markdown notes, with so many cards in them; their files."""
    words = Words(chance)
    _pictures(own.notes / "images", chance)
    made = [own.notes / _FOLDERS[n % len(_FOLDERS)] / f"note_{n:03d}.md" for n in range(count)]
    for number, path in enumerate(made):
        first, last = cards * number // count, cards * (number + 1) // count
        parts = [f"# {words.title(number)}", words.paragraph(), *_links(path, own, chance)]
        parts[2] = parts[2].replace("EXERCISE", chance.choice(exercises))
        parts[2] = parts[2].replace("DAY", chance.choice(days).isoformat())
        other = chance.choice(made).relative_to(own.notes)
        parts[2] = parts[2].replace("NOTE.md", other.as_posix())
        for section in range(chance.randint(3, 6)):
            parts += _section(words, section, chance)
        parts += ["## Questions", *_cards(words, first, last - first)]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(parts) + "\n", "utf-8")
    return made


def _pictures(folder: Path, chance: random.Random) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(_PICTURES):
        (folder / f"plot_{number}.png").write_bytes(png(chance))


def _links(path: Path, own: Workspace, chance: random.Random) -> list[str]:
    up = "../" * (len(path.relative_to(own.notes).parts) - 1)
    return [
        f"For [the exercise]({up}../../exercises/EXERCISE.py), after [that day]"
        f"({up}../log/DAY.md); see also [another note]({up}NOTE.md).",
        f"![The loss falls]({up}images/plot_{chance.randrange(_PICTURES)}.png)",
    ]


def _section(words: Words, number: int, chance: random.Random) -> list[str]:
    parts = [f"## Step {number + 1}", words.paragraph(chance.randint(3, 8)), words.formula()]
    kind = chance.randrange(4)
    if kind == 0:
        parts.append(words.table())
    elif kind == 1:
        parts.append(f"```python\n{words.code()}\n```")
    elif kind == 2:
        parts.append("\n".join(f"- {words.sentence()}\n    - {words.sentence()}" for _ in "abc"))
    else:
        parts.append(f"> {words.sentence()}\n>\n> {words.sentence()}")
    return [*parts, words.paragraph(2)]


def _cards(words: Words, first: int, count: int) -> list[str]:
    """Half of them as callouts, half in a table."""
    folded = [words.callout(first + number) for number in range(count // 2)]
    rest = count - len(folded)
    return [*folded, words.questions(first + len(folded), rest)] if rest else folded


def notebooks(own: Workspace, count: int, chance: random.Random) -> None:
    """So many notebooks, with their outputs stored."""
    words, folder = Words(chance), own.notes / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        cells = [_spoken(f"# Notebook {number}\n\n{words.paragraph()}", 0)]
        for cell in range(1, 13, 3):
            said = f"## Run {cell}\n\n{words.paragraph(3)}\n\n{words.formula()}"
            cells.append(_spoken(said, cell))
            cells.append(_run(words.code(), _outputs(cell, chance), cell + 1))
            cells.append(_run("model(x).shape", _text("torch.Size([2, 5, 7])"), cell + 2))
        book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / f"notebook_{number:02d}.ipynb").write_text(json.dumps(book, indent=1), "utf-8")


def _spoken(text: str, number: int) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": f"cell-{number}", "metadata": {}, "source": text}


def _run(code: str, outputs: list[dict[str, Any]], number: int) -> dict[str, Any]:
    head = {"cell_type": "code", "id": f"cell-{number}", "metadata": {}, "source": code}
    return {**head, "execution_count": number, "outputs": outputs}


def _outputs(cell: int, chance: random.Random) -> list[dict[str, Any]]:
    kind = cell // 3 % 4
    if kind == 0:
        steps = (f"\x1b[32mstep {n:4d}\x1b[0m loss {5 / (n + 1):.4f}\n" for n in range(40))
        return [{"output_type": "stream", "name": "stdout", "text": "".join(steps)}]
    if kind == 1:
        data = {"image/png": base64.b64encode(png(chance)).decode(), "text/plain": "<Figure>"}
        return [{"output_type": "display_data", "data": data, "metadata": {}}]
    if kind == 2:
        data = {"text/html": _frame(chance), "text/plain": "a frame"}
        result = {"output_type": "execute_result", "data": data, "metadata": {}}
        return [{**result, "execution_count": 1}]
    trace = [f"\x1b[0;31mValueError\x1b[0m in line {n}" for n in range(12)]
    return [{"output_type": "error", "ename": "ValueError", "evalue": "x", "traceback": trace}]


def _text(text: str) -> list[dict[str, Any]]:
    data = {"text/plain": text}
    result = {"output_type": "execute_result", "data": data, "metadata": {}}
    return [{**result, "execution_count": 1}]


def _frame(chance: random.Random) -> str:
    """A table as pandas writes it."""
    cells = [[f"<td>{chance.uniform(-3, 3):.6f}</td>" for _ in range(8)] for _ in range(20)]
    rows = "".join(f"<tr><th>{n}</th>{''.join(row)}</tr>\n" for n, row in enumerate(cells))
    style = "<style scoped>.dataframe tbody tr th { vertical-align: top; }</style>"
    return f'<div>{style}<table border="1" class="dataframe"><tbody>\n{rows}</tbody></table></div>'


def log(
    own: Workspace,
    days: Sequence[date],
    exercises: Sequence[str],
    notes: Sequence[Path],
    chance: random.Random,
) -> None:
    """An entry for each day: nested lists, with links to exercises and notes."""
    words = Words(chance)
    own.log.mkdir(parents=True, exist_ok=True)
    for day in days:
        lines = [f"# {name_day(day)}", ""]
        for _ in range(chance.randint(2, 5)):
            lines.append(f"- {words.sentence()}")
            lines += [f"    - {words.sentence()}" for _ in range(chance.randint(0, 3))]
        note = chance.choice(notes).relative_to(own.notes).as_posix()
        lines.append(f"- wrote [a note](../notes/{note})")
        if chance.random() < 0.5:
            lines.append(f"- [at work](../../exercises/{chance.choice(exercises)}.py) for an hour")
        (own.log / f"{day.isoformat()}.md").write_text("\n".join(lines) + "\n", "utf-8")
