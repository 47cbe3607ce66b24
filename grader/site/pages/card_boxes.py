"""The cards of a note as HTML: each question with its folded answer, its state and its day."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import dirname, join
from typing import NamedTuple

from markupsafe import Markup

from grader.base.cache import Cache
from grader.learner import spaced_repetition
from grader.learner.model import Card, CardSchedule
from grader.learner.notes import Note, markup, rendering
from grader.learner.notes.clean import Link
from grader.learner.spaced_repetition import CardState
from grader.learner.states import CARDS
from grader.services.deck import Deck
from grader.site.formatting import (
    fold_html,
    format_day,
    make_relative,
)
from grader.site.links import LinkResolver
from grader.site.signs import draw_sign
from grader.site.site_data import SiteData
from grader.site.templating import fill_block

_VERSION = "1"
"""Raise it when the HTML of cards changes, so that cached HTML is not used."""


def render_cards(
    site: SiteData, deck: Deck, links: LinkResolver, note: Note, cards: tuple[Card, ...], page: str
) -> Markup:
    """Render cards of a note for a page, each with its state and the day on which it is due."""
    html = _render_cached(site, cards, _make_resolver(links, note, page))
    return _fill_boxes(deck, cards, html)


def draw_card_state(state: CardState) -> Markup:
    """Draw the state of a card by sign and word."""
    return draw_sign(CARDS[state])


def _make_resolver(links: LinkResolver, note: Note, page: str) -> Link:
    """Return the function that resolves the note's links; its own page warns of broken ones."""
    home = links.note_pages[note.place]
    pictures = links.copy_pictures(note)
    others = links.make_resolver(page, note.path, lambda problem: None)

    def resolve(tag: str, address: str) -> str | None:
        picture = pictures(tag, address)
        if picture:
            return make_relative(page, join(dirname(home), picture))
        return others(tag, address)

    return resolve


def _render_cached(site: SiteData, cards: tuple[Card, ...], link: Link) -> dict[str, str]:
    """Return the HTML of questions and answers, from the cache where they hold no link."""
    texts = [text for card in cards for text in (card.question, card.answer)]
    if any(mark in text for text in texts for mark in _LINK_MARKS):
        return _render_texts(cards, link)
    cache, key = Cache(site.workspace.cache), ("card boxes", _VERSION, *texts)
    if (cached := cache.get(*key)) is None:
        cached = _render_texts(cards, link)
        cache.put(cached, *key)
    return cached


_LINK_MARKS = ("](", "][", "]:", "[[", "<", "://", "www.", "@", "#")
"""What the text of a link contains; without any of them a text has no link."""


def _render_texts(cards: tuple[Card, ...], link: Link) -> dict[str, str]:
    html: dict[str, str] = {}
    for card in cards:
        prefix = f"card-{card.id}-"
        asks = rendering.render_tokens(markup.parse_inline(card.question), link, prefix=prefix)
        answer = rendering.render_html(card.answer, link, shift=2, prefix=prefix)
        html |= {f"{card.id} asks": fold_html(asks), f"{card.id} answer": fold_html(answer)}
    return html


class _CardBox(NamedTuple):
    """A card as the page shows it: the answer is folded away."""

    question: Markup
    answer: Markup
    state: Markup
    due: str


def _fill_boxes(deck: Deck, cards: tuple[Card, ...], html: Mapping[str, str]) -> Markup:
    boxes = [
        _CardBox(
            Markup(html[f"{card.id} asks"]),
            Markup(html[f"{card.id} answer"]),
            draw_card_state(deck.get_state(card)),
            _format_due(deck, deck.recalls.get(card.id)),
        )
        for card in cards
    ]
    return fill_block("cards/boxes.html", boxes=boxes)


def _format_due(deck: Deck, recall: CardSchedule | None) -> str:
    if recall is None:
        return ""
    day = spaced_repetition.find_due_day(recall, deck.settings)
    since = "since" if day <= deck.today else "due"
    return f"{since} {format_day(day.isoformat())}"
