"""``grade search``: everything of the course and of the learner's that contains some words."""

from __future__ import annotations

import click

from grader.cli.commands.arguments import open_session
from grader.cli.commands.study import as_json_option
from grader.cli.console import search_results
from grader.cli.console.terminal import say_exactly
from grader.services.search import search as search_texts

SHOWN = 12
"""As many hits are shown without ``--all``."""


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--all", "whole", is_flag=True, help=f"Show all hits, not only the best {SHOWN}.")
@as_json_option
def search(words: tuple[str, ...], whole: bool, as_json: bool) -> None:
    """Search exercises, lessons, the glossary, readings, and your notes, cards and log.

    All the words have to occur in a text; a part of a word is enough. The best hits come first,
    each with its file, its line (in a notebook its cell) and what is written there.
    """
    wanted = " ".join(words)
    hits = search_texts(open_session(), wanted)
    if as_json:
        say_exactly(search_results.format_json(hits, wanted))
    else:
        search_results.show_hits(hits, wanted, len(hits) if whole else SHOWN)
