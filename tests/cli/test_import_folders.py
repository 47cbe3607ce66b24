"""A folder is one journal: its links lead on, its pictures come along, other files are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from import_workspace import PICTURE, ImportWorkspace, lay_files

NOTEBOOK = (
    '{"cells": [{"cell_type": "markdown", "metadata": {}, "source": ["# Lab"]}], '
    '"metadata": {}, "nbformat": 4, "nbformat_minor": 4}'
)


@pytest.fixture
def workspace(tmp_path: Path) -> ImportWorkspace:
    """A workspace with the course and nothing of a learner's."""
    return ImportWorkspace(tmp_path)


def test_links_and_pictures_of_a_folder_lead_to_what_became_of_them(
    workspace: ImportWorkspace, tmp_path: Path
) -> None:
    """Links up, down and between notes work in notes and in the log, with their anchors."""
    home = lay_files(
        tmp_path / "study",
        {
            "README.md": "# Study\n\nStart at [masks](topics/Causal%20Mask.md#why), "
            '[day][d] and <a href="topics/pads.md">pads</a>. `[code](topics/pads.md)`\n\n'
            "[d]: diary/2025-03-04.md 'first'\n",
            "topics/Causal Mask.md": "# Causal mask\n\n## Why\n\n"
            "![m](/img/mask%20small.png) [up](../README.md) [pads](pads) [self](#why)\n",
            "topics/pads.md": '# Pads\n\n<img src="../img/mask small.png" width="20">\n',
            "diary/2025-03-04.md": "- read [masks](../topics/Causal%20Mask.md)\n",
            "img/mask small.png": PICTURE,
        },
    )
    shown = workspace.bring(home)
    assert "To check" not in shown
    readme = workspace.read("notes/imported/study.md")
    assert "[masks](topics/causal-mask.md#why)" in readme
    assert "[d]: ../../log/2025-03-04.md 'first'" in readme
    assert '<a href="topics/pads.md">' in readme
    assert "`[code](topics/pads.md)`" in readme
    mask = workspace.read("notes/imported/topics/causal-mask.md")
    assert "![m](../img/mask-small.png) [up](../study.md) [pads](pads.md) [self](#why)" in mask
    assert '<img src="../img/mask-small.png" width' in workspace.read(
        "notes/imported/topics/pads.md"
    )
    assert "[masks](../notes/imported/topics/causal-mask.md)" in workspace.read("log/2025-03-04.md")
    assert (workspace.paths.imported / "img" / "mask-small.png").read_bytes() == PICTURE
    before = workspace.list_files()
    assert "Nothing new to import." in workspace.bring(home)
    assert workspace.list_files() == before


def test_a_vault_of_obsidian(workspace: ImportWorkspace, tmp_path: Path) -> None:
    """Wikilinks by name, path, heading and day, and pictures by name, in notes and in the log."""
    home = lay_files(
        tmp_path / "vault",
        {
            ".obsidian/app.json": "{}",
            "Daily/2025-03-04.md": "Read on [[Rotary Embedding]], [[ideas/Scaling laws#Data|the "
            "data]] and [[2025-03-05]]. ![[plot of loss.png|400]]\n",
            "Daily/2025-03-05.md": "- ![[Rotary Embedding]] again, [[#^a1b2c3]]\n",
            "ideas/Rotary Embedding.md": "# RoPE\n\n| a | b |\n|-|-|\n"
            "| [[Scaling laws\\|s]] | x |\n",
            "ideas/Scaling laws.md": "## Data\n\n[[Nothing yet]] [[1, 2], [3]]\n",
            "files/plot of loss.png": PICTURE,
        },
    )
    shown = workspace.bring(home)
    assert workspace.read("log/2025-03-04.md").endswith(
        "Read on [Rotary Embedding](../notes/imported/ideas/rotary-embedding.md), "
        "[the data](../notes/imported/ideas/scaling-laws.md#data) and [2025-03-05](2025-03-05.md). "
        "![plot of loss.png](../notes/imported/files/plot-of-loss.png)\n"
    )
    assert "[Rotary Embedding](../notes/imported/ideas/rotary-embedding.md) again" in (
        workspace.read("log/2025-03-05.md")
    )
    assert "| [s](scaling-laws.md) | x |" in workspace.read(
        "notes/imported/ideas/rotary-embedding.md"
    )
    assert "[[Nothing yet]] [[1, 2], [3]]" in workspace.read("notes/imported/ideas/scaling-laws.md")
    assert shown.count("[[Nothing yet]] names no file of the journal") == 1


def test_a_graph_of_logseq(workspace: ImportWorkspace, tmp_path: Path) -> None:
    """Pages are linked by name and namespace, days by their names; old copies stay out."""
    home = lay_files(
        tmp_path / "graph",
        {
            "logseq/config.edn": "{}",
            "logseq/bak/pages/Beam/old.md": "- old\n",
            "journals/2025-03-04.md": "- tried [[Sampling/Beam]] ![p](../assets/p_1.png)\n",
            "pages/Sampling___Beam.md": "- wide beams, see [[Mar 4th, 2025]]\n",
            "assets/p_1.png": PICTURE,
        },
    )
    workspace.bring(home)
    assert workspace.read("log/2025-03-04.md").endswith(
        "- tried [Sampling/Beam](../notes/imported/pages/sampling___beam.md) "
        "![p](../notes/imported/assets/p_1.png)\n"
    )
    assert "[Mar 4th, 2025](../../../log/2025-03-04.md)" in workspace.read(
        "notes/imported/pages/sampling___beam.md"
    )
    assert not any("old" in name for name in workspace.list_files())


def test_an_export_of_notion(workspace: ImportWorkspace, tmp_path: Path) -> None:
    """Ids leave the names, databases become tables, and links between pages work."""
    one, two, three = "0" * 31 + "a", "1" * 31 + "b", "2" * 31 + "c"
    home = lay_files(
        tmp_path / "export",
        {
            f"Course {one}.md": "# Course\n\n"
            f"[Attention](Course%20{one}/Attention%20{two}.md) "
            f"[Terms](Course%20{one}/Terms%20{three}.csv)\n",
            f"Course {one}/Attention {two}.md": f"# Attention\n\n![](Attention%20{two}/a.png)\n",
            f"Course {one}/Attention {two}/a.png": PICTURE,
            f"Course {one}/Terms {three}.csv": "Name,Tags\nhead,one part\n",
            f"Course {one}/Terms {three}_all.csv": "Name,Tags\nhead,one part\n",
        },
    )
    shown = workspace.bring(home)
    course = workspace.read("notes/imported/course.md")
    assert "[Attention](course/attention.md) [Terms](course/terms.md)" in course
    assert "![](attention/a.png)" in workspace.read("notes/imported/course/attention.md")
    assert "| head | one part |" in workspace.read("notes/imported/course/terms.md")
    assert "Notion's second copy" in shown


def test_other_files_are_brought_or_named(workspace: ImportWorkspace, tmp_path: Path) -> None:
    """Notebooks, text, Org, HTML and tables become notes and days; all others are listed."""
    home = lay_files(
        tmp_path / "mixed",
        {
            "lab.ipynb": NOTEBOOK,
            "thoughts.txt": "Plain words.\n",
            "old.org": "#+title: Old\n* 2024-05-06 Mon\n"
            "- [X] wrote /much/, see [[file:lab.ipynb][lab]]\n",
            "page.html": "<title>x</title><h1>Page</h1><p>Some <b>bold</b> words</p>"
            "<script>no()</script>",
            "terms.csv": "Term;Definition\nlogit;a score\n",
            "code/train.py": "x = 1\n",
            "requirements.txt": "torch\n",
            "thesis.pdf": "%PDF",
            "blank.md": "\n",
            "unused.png": PICTURE,
            "data.csv": "1,2\n" * 100_000,
        },
    )
    shown = workspace.bring(home)
    assert workspace.list_files().keys() == {
        "log/2024-05-06.md",
        "notes/imported/lab.ipynb",
        "notes/imported/thoughts.md",
        "notes/imported/page.md",
        "notes/imported/terms.md",
    }
    assert "wrote *much*, see [lab](../notes/imported/lab.ipynb)" in workspace.read(
        "log/2024-05-06.md"
    )
    assert "# Page\n\nSome **bold** words" in workspace.read("notes/imported/page.md")
    assert "| logit | a score |" in workspace.read("notes/imported/terms.md")
    _, _, left = shown.partition("Left out: 6 files")
    for name in (
        "train.py",
        "requirements.txt",
        "thesis.pdf",
        "blank.md",
        "unused.png",
        "data.csv",
    ):
        assert name in left
    assert "Nothing new to import." in workspace.bring(home)


def test_what_is_in_the_notes_already_is_not_brought_into_them(
    workspace: ImportWorkspace, tmp_path: Path
) -> None:
    """A folder that holds the workspace brings its other files alone."""
    lay_files(workspace.root / "docs", {"notes/mine.md": "# Mine\n", "log/2025-03-04.md": "- a\n"})
    lay_files(workspace.root / "docs" / "other", {"b.md": "# B\n\nwords\n"})
    shown = workspace.bring(workspace.root / "docs")
    assert "in the notes or the log already: log/2025-03-04.md, notes/mine.md" in shown
    assert list(workspace.list_files())[-2:] == ["notes/mine.md", "other/b.md"]
    assert "notes/imported/other/b.md" in workspace.list_files()


def test_equal_names_are_two_notes(workspace: ImportWorkspace, tmp_path: Path) -> None:
    """Files of one name in several folders stay apart, also where they say the same."""
    same = "# Week\n\nThe same words.\n"
    files = {f"week{n}/notes.md": same for n in (1, 2)} | {"week1/README.md": same, "a/B.md": same}
    home = lay_files(tmp_path / "weeks", {**files, "a/b.md": same})
    workspace.bring(home)
    texts = [data for data in workspace.list_files().values() if b"The same words." in data]
    assert len(texts) == 5


def test_a_link_that_leads_nowhere_is_remarked_once_and_truly(
    workspace: ImportWorkspace, tmp_path: Path
) -> None:
    """What is not there, what is not imported and what is a folder are told apart."""
    home = lay_files(
        tmp_path / "loose",
        {
            "a.md": "[x](gone.md) [x](gone.md) [y](run.py) [z](sub/) [w](https://example.org)\n\n"
            "[x](gone.md)\n",
            "run.py": "",
            "sub/one.txt": "one",
        },
    )
    shown = workspace.bring(home)
    assert shown.count("gone.md leads to a file that is not there") == 1
    assert "run.py leads to a file that is not imported" in shown
    assert "sub/ leads to a folder" in shown
    assert "example.org" not in shown


@pytest.mark.parametrize(
    ("address", "commands"),
    [
        ("https://github.com/ada/notes", ("git clone https://github.com/ada/notes", "../notes")),
        ("https://github.com/ada/notes/blob/main/log/README.md", ("../notes/log/README.md",)),
        ("https://gitlab.com/ada/notes/-/blob/main/README.md", ("../notes/README.md",)),
        ("https://raw.githubusercontent.com/ada/notes/main/a.md", ("../notes/a.md",)),
        ("git@github.com:ada/notes.git", ("git clone https://github.com/ada/notes",)),
        ("https://example.org/diary.html", ("Save the page as a file",)),
    ],
)
def test_an_address_gets_the_commands_that_bring_it(
    workspace: ImportWorkspace, address: str, commands: tuple[str, ...]
) -> None:
    """Not "no such file", but what to type, down to the file that was named."""
    done = workspace.run("--yes", address)
    assert done.returncode == 2
    assert all(command in done.stderr for command in (*commands, "grade import"))
    assert "no such file" not in done.stderr
