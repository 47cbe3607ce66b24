"""The cards: the pile by note, each question with its folded answer, its state and its day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from posixpath import dirname, join

from grader import review
from grader.cache import Cache
from grader.learner import Card, Recall
from grader.notes import Note, markup
from grader.notes.clean import Link
from grader.pages.places import Places, exercise_page
from grader.pages.scene import Scene
from grader.pages.words import (
    attribute,
    count,
    day_in_words,
    escape,
    one_line,
    table,
    to,
    warning,
    wide,
)
from grader.practice.recall import Deck
from grader.review import EXERCISE, State

_PAGE = "cards.md"
_ROOM = 80_000
"""Characters of cards that one page holds; what is more goes to pages of its own."""
MADE_BY = "1"
"""Raise it when cards are drawn differently, so that kept ones are drawn again."""
_BOX = 450
"""Characters that a card takes beside its words."""

SIGNS: dict[State, tuple[str, str]] = {
    "due": ("◆", "due-now"),
    "new": ("○", "new"),
    "learning": ("◐", "learning"),
    "known": ("●", "known"),
}


@dataclass(frozen=True, slots=True)
class _Stack:
    """The cards of one note, as HTML."""

    note: Note
    cards: tuple[Card, ...]
    anchor: str
    html: str


def pages(scene: Scene, places: Places) -> dict[str, str]:
    """The page of the cards; where they are many, further pages hold them."""
    deck = scene.deck
    if deck is None or not deck.pile.cards:
        return {_PAGE: wide("\n\n".join(["# Cards", _HOW, *_again(scene, deck)]) + "\n")}
    sheets = _sheets(scene, deck, places)
    made = {page: _sheet(page, stacks, places) for page, stacks in sheets.items() if page != _PAGE}
    parts = ["# Cards", _summary(deck), _overview(deck, sheets), *_doubled(deck)]
    parts += _again(scene, deck)
    parts += [_stack(_PAGE, stack, places) for stack in sheets.get(_PAGE, [])]
    return made | {_PAGE: wide("\n\n".join(parts) + "\n")}


_HOW = """No cards yet. A card is a question in one of your notes: a callout

```markdown
> [!question]- What does softmax do?
> It turns scores into probabilities.
```

or a row of a table of two columns headed Question and Answer. `grade review` asks them."""


def _summary(deck: Deck) -> str:
    states = [deck.state(card) for card in deck.pile.cards]
    told = ", ".join(f"{state_sign(state)} {states.count(state)}" for state in SIGNS)
    return (
        f"{count(len(states), 'card')} on {day_in_words(deck.today.isoformat())}: {told}. "
        "Known are those that you would remember for a week or more. "
        "Type `grade review` and it asks what is due."
    )


def state_sign(state: State) -> str:
    """The state of a card by sign and word."""
    mark, name = SIGNS[state]
    return f'<span class="gw-state gw-{name}">{mark} {state}</span>'


# The pile by note


def _sheets(scene: Scene, deck: Deck, places: Places) -> dict[str, list[_Stack]]:
    """The notes' cards, by the page that holds them: the first one where all have room there."""
    piles = list(_by_note(scene, deck))
    sizes = [sum(len(c.question) + len(c.answer) + _BOX for c in held) for _, held in piles]
    sheets: dict[str, list[_Stack]] = {}
    number, room = 1, _ROOM
    for n, ((note, held), size) in enumerate(zip(piles, sizes, strict=True), 1):
        if size > room and room < _ROOM:
            number, room = number + 1, _ROOM
        room -= size
        page = _PAGE if sum(sizes) <= _ROOM else f"cards/{number}.md"
        html = _boxes(deck, held, _drawn(scene, held, _link(places, note, page)))
        sheets.setdefault(page, []).append(_Stack(note, held, f"cards-{n}", html))
    return sheets


def _by_note(scene: Scene, deck: Deck) -> Iterator[tuple[Note, tuple[Card, ...]]]:
    notes = {note.place: note for note in scene.notes}
    for place, held in groupby(deck.pile.cards, lambda card: card.place):
        if place in notes:
            yield notes[place], tuple(held)


def _overview(deck: Deck, sheets: dict[str, list[_Stack]]) -> str:
    rows = []
    for page, stacks in sheets.items():
        for stack in stacks:
            states = [deck.state(card) for card in stack.cards]
            there = "" if page == _PAGE else to(_PAGE, page).replace(".md", ".html")
            link = f'<a href="{there}#{stack.anchor}">{attribute(stack.note.title)}</a>'
            tallies = [str(states.count(state)) for state in SIGNS]
            rows.append([link, str(len(states)), *tallies, _next(deck, stack.cards)])
    heads = [f"{mark} {state}" for state, (mark, _) in SIGNS.items()]
    return table(["Note", "Cards", *heads, "Next"], rows)


def _next(deck: Deck, held: tuple[Card, ...]) -> str:
    recalls = [deck.recalls[card.id] for card in held if card.id in deck.recalls]
    days = [review.due_day(recall, deck.settings) for recall in recalls]
    return day_in_words(min(days).isoformat()) if days else "–"


def _sheet(page: str, stacks: list[_Stack], places: Places) -> str:
    parts = [f"# Cards, page {page.removeprefix('cards/').removesuffix('.md')}"]
    parts += [f"[All cards]({to(page, _PAGE)})"]
    return "\n\n".join([*parts, *(_stack(page, stack, places) for stack in stacks)]) + "\n"


def _stack(page: str, stack: _Stack, places: Places) -> str:
    title = escape(stack.note.title)
    link = to(page, places.note_pages[stack.note.place])
    boxes = f'<div class="gw-note" id="{stack.anchor}">{stack.html}</div>'
    return f"## [{title}]({link})\n\n{boxes}"


def _link(places: Places, note: Note, page: str) -> Link:
    """How the note's links read on a page; what they lack is told on the note's own page."""
    home = places.note_pages[note.place]
    pictures = places.keep_pictures(note)
    others = places.link(page, note.path, lambda problem: None)

    def leads(tag: str, address: str) -> str | None:
        kept = pictures(tag, address)
        return to(page, join(dirname(home), kept)) if kept else others(tag, address)

    return leads


def _drawn(scene: Scene, held: tuple[Card, ...], link: Link) -> dict[str, str]:
    """The HTML of the cards' questions and answers, kept where no link has a say in it."""
    texts = [text for card in held for text in (card.question, card.answer)]
    if any(mark in text for text in texts for mark in _LEADING):
        return _html(held, link)
    cache, key = Cache(scene.workspace.cache), ("card boxes", MADE_BY, *texts)
    if (kept := cache.get(*key)) is None:
        kept = _html(held, link)
        cache.put(kept, *key)
    return kept


_LEADING = ("](", "][", "]:", "[[", "<", "://", "www.", "@")
"""What a text holds that may lead somewhere."""


def _html(held: tuple[Card, ...], link: Link) -> dict[str, str]:
    made: dict[str, str] = {}
    for card in held:
        prefix = f"card-{card.id}-"
        asks = markup.exported(markup.inline(card.question), link, prefix=prefix)
        answer = markup.html(card.answer, link, shift=2, prefix=prefix)
        made |= {f"{card.id} asks": one_line(asks), f"{card.id} answer": one_line(answer)}
    return made


def _boxes(deck: Deck, held: tuple[Card, ...], drawn: Mapping[str, str]) -> str:
    return "".join(_box(deck, c, drawn[f"{c.id} asks"], drawn[f"{c.id} answer"]) for c in held)


def _box(deck: Deck, card: Card, asks: str, answer: str) -> str:
    due = _due(deck, deck.recalls.get(card.id))
    told = f'<span class="gw-due">{state_sign(deck.state(card))}{due}</span>'
    return f'<details class="question gw-card"><summary>{asks} {told}</summary>{answer}</details>'


def _due(deck: Deck, recall: Recall | None) -> str:
    if recall is None:
        return ""
    day = review.due_day(recall, deck.settings)
    since = "since" if day <= deck.today else "due"
    return f" · {since} {day_in_words(day.isoformat())}"


def _doubled(deck: Deck) -> list[str]:
    lines = [
        f"{card.place}:{card.line} asks what {first.place}:{first.line} asks already"
        for card, first in deck.pile.doubled
    ]
    return [warning("Asked once, though it stands twice", lines)] if lines else []


# Exercises


def _again(scene: Scene, deck: Deck | None) -> list[str]:
    """The passed exercises, and when each is due to be solved again."""
    if deck is None or not deck.exercises:
        return []
    rows = []
    for key, recall in sorted(deck.exercises.items(), key=lambda item: (item[1].due, item[0])):
        exercise = scene.course.exercise(key.removeprefix(EXERCISE))
        state = review.state_of(recall, deck.today, deck.settings)
        link = f"[{escape(exercise.title)}]({exercise_page(exercise.id)})"
        day = day_in_words(review.due_day(recall, deck.settings).isoformat())
        rows.append([link, state_sign(state), day, str(recall.reviews)])
    says = (
        f"An exercise comes back {review.EXERCISE_DAYS} days after its first pass. "
        "`grade review` puts an empty stub into a copy; your own file stays as it is."
    )
    head = ["Exercise", "Status", "Due", "Solved again"]
    return ["## Exercises to solve again", says, table(head, rows)]
