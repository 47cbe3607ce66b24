"""The cards: all of them by note, each question with its folded answer, its state and its day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from grader.learner import spaced_repetition
from grader.learner.model import Card
from grader.learner.notes import Note
from grader.learner.spaced_repetition import EXERCISE
from grader.learner.states import CARDS
from grader.services.deck import Deck
from grader.site.formatting import (
    escape_markdown,
    format_day,
    hide_sidebars,
    make_link,
    make_relative,
    pluralize,
)
from grader.site.links import LinkResolver
from grader.site.page_paths import locate_exercise
from grader.site.pages.card_boxes import draw_card_state, render_cards
from grader.site.site_data import SiteData
from grader.site.tables import render_markdown_table
from grader.site.templating import draw_link, fill_block

_PAGE = "cards.md"
_MAX_CHARACTERS = 80_000
"""Characters of cards on one page; further cards go to further pages."""
_CHARACTERS_PER_CARD = 450
"""Characters of HTML that a card takes beside its text."""


@dataclass(frozen=True, slots=True)
class _NoteCards:
    """The cards of one note, as HTML."""

    note: Note
    cards: tuple[Card, ...]
    anchor: str
    html: Markup


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return the page of the cards, and further pages if there are many."""
    deck = site.deck
    if deck is None or not deck.note_cards.cards:
        parts = ["# Cards", _NO_CARDS, *_render_exercises(site, deck)]
        return {_PAGE: hide_sidebars("\n\n".join(parts) + "\n")}
    pages = _split_into_pages(site, deck, links)
    further = {
        page: _render_further_page(page, notes, links)
        for page, notes in pages.items()
        if page != _PAGE
    }
    parts = [
        "# Cards",
        _summarize(deck),
        _render_overview(deck, pages),
        *(_warn_of_duplicates(deck) if site.is_preview else []),
    ]
    parts += _render_exercises(site, deck)
    parts += [_render_note_cards(_PAGE, note_cards, links) for note_cards in pages.get(_PAGE, [])]
    return further | {_PAGE: hide_sidebars("\n\n".join(parts) + "\n")}


_NO_CARDS = """No cards yet. A card is a question in one of your notes: a callout

```markdown
> [!question]- What does softmax do?
> It turns logits into probabilities.
```

or a line such as `What does softmax return? :: Probabilities`, or a row of a table of two columns
headed Question and Answer. `grade review` asks them."""


def _summarize(deck: Deck) -> str:
    states = [deck.get_state(card) for card in deck.note_cards.cards]
    counts = ", ".join(f"{draw_card_state(state)} {states.count(state)}" for state in CARDS)
    return (
        f"{pluralize(len(states), 'card')} on {format_day(deck.today.isoformat())}: {counts}. "
        "Known are those that you would remember for a week or more. "
        "Type `grade review` and it asks what is due."
    )


def _split_into_pages(
    site: SiteData, deck: Deck, links: LinkResolver
) -> dict[str, list[_NoteCards]]:
    """Return the notes' cards by page: the first one alone if all of them fit on it."""
    groups = list(_group_by_note(site, deck))
    sizes = [
        sum(len(c.question) + len(c.answer) + _CHARACTERS_PER_CARD for c in cards)
        for _, cards in groups
    ]
    pages: dict[str, list[_NoteCards]] = {}
    number, left = 1, _MAX_CHARACTERS
    for n, ((note, cards), size) in enumerate(zip(groups, sizes, strict=True), 1):
        if size > left and left < _MAX_CHARACTERS:
            number, left = number + 1, _MAX_CHARACTERS
        left -= size
        page = _PAGE if sum(sizes) <= _MAX_CHARACTERS else f"cards/{number}.md"
        html = render_cards(site, deck, links, note, cards, page)
        pages.setdefault(page, []).append(_NoteCards(note, cards, f"cards-{n}", html))
    return pages


def _group_by_note(site: SiteData, deck: Deck) -> Iterator[tuple[Note, tuple[Card, ...]]]:
    notes = {note.place: note for note in site.notes}
    for place, cards in groupby(deck.note_cards.cards, lambda card: card.place):
        if place in notes:
            yield notes[place], tuple(cards)


def _render_overview(deck: Deck, pages: dict[str, list[_NoteCards]]) -> str:
    rows = []
    for page, notes in pages.items():
        for note_cards in notes:
            states = [deck.get_state(card) for card in note_cards.cards]
            there = "" if page == _PAGE else make_relative(_PAGE, page).replace(".md", ".html")
            link = draw_link(f"{there}#{note_cards.anchor}", note_cards.note.title)
            tallies = [str(states.count(state)) for state in CARDS]
            rows.append(
                [link, str(len(states)), *tallies, _format_next_day(deck, note_cards.cards)]
            )
    heads = [sign.text for sign in CARDS.values()]
    return render_markdown_table(["Note", "Cards", *heads, "Next"], rows)


def _format_next_day(deck: Deck, cards: tuple[Card, ...]) -> str:
    recalls = [deck.recalls[card.id] for card in cards if card.id in deck.recalls]
    days = [spaced_repetition.find_due_day(recall, deck.settings) for recall in recalls]
    return format_day(min(days).isoformat()) if days else "–"


def _render_further_page(page: str, notes: list[_NoteCards], links: LinkResolver) -> str:
    parts = [f"# Cards, page {page.removeprefix('cards/').removesuffix('.md')}"]
    parts += [make_link("All cards", page, _PAGE)]
    parts += [_render_note_cards(page, note_cards, links) for note_cards in notes]
    return "\n\n".join(parts) + "\n"


def _render_note_cards(page: str, note_cards: _NoteCards, links: LinkResolver) -> str:
    title = escape_markdown(note_cards.note.title)
    link = make_relative(page, links.note_pages[note_cards.note.place])
    boxes = fill_block("notes/block.html", id=note_cards.anchor, html=note_cards.html)
    return f"## [{title}]({link})\n\n{boxes}"


def _warn_of_duplicates(deck: Deck) -> list[str]:
    lines = describe_duplicates(deck)
    return [_render_warning(lines)] if lines else []


def describe_duplicates(deck: Deck) -> list[str]:
    """Describe each question that stands in two places, of which the first is asked."""
    return [
        f"{card.place}:{card.line} repeats the question of {first.place}:{first.line}"
        for card, first in deck.note_cards.doubled
    ]


def _render_warning(lines: list[str]) -> Markup:
    return fill_block("warning.html", heading="Duplicate questions, asked once", lines=lines)


def _render_exercises(site: SiteData, deck: Deck | None) -> list[str]:
    """Render the passed exercises, and when each is due to be solved again."""
    if deck is None or not deck.exercises:
        return []
    rows = []
    for key, recall in sorted(deck.exercises.items(), key=lambda item: (item[1].due, item[0])):
        exercise = site.course.find_exercise(key.removeprefix(EXERCISE))
        state = spaced_repetition.find_state(recall, deck.today, deck.settings)
        link = make_link(exercise.title, _PAGE, locate_exercise(exercise.id))
        day = format_day(spaced_repetition.find_due_day(recall, deck.settings).isoformat())
        rows.append([link, draw_card_state(state), day, str(recall.reviews)])
    explanation = (
        f"An exercise comes back {spaced_repetition.EXERCISE_DAYS} days after its first pass. "
        "`grade review` puts an empty stub into a copy; your own file stays as it is."
    )
    head = ["Exercise", "Status", "Due", "Solved again"]
    return ["## Exercises to solve again", explanation, render_markdown_table(head, rows)]
