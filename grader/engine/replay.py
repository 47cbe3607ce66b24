"""The questions of a failed check put to someone else: do they give the same wrong answers?

The reference is asked first. An answer of the learner's counts as wrong where it is apart from
the reference's, and a mistake explains it when its own answer lies within a hundredth of that
distance. So a small error needs a close match, and rounding never decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from grader.engine.conversation import Agency, Hand, Page
from grader.engine.frames import Closed, Malformed, receive, send
from grader.engine.wire import Codec

SHARE = 0.01
"""How near a mistake must come, as a share of the distance to the reference."""
ROUNDINGS = 64
"""Differences of so many roundings are no difference."""


def usable(page: Page) -> bool:
    """Whether a check's transcript is whole: each question has its answer."""
    return page.whole and bool(page.exchanges) and all(e.answer for e in page.exchanges)


class Replay:
    """Replays the pages of failed checks and compares the answers."""

    def __init__(self, agency: Agency, pages: dict[str, Page], seconds: float) -> None:
        self._agency, self._seconds = agency, seconds
        self._pages = {name: page for name, page in pages.items() if usable(page)}
        self._codec = Codec(lambda thing: (0, ""), lambda number, name: ("handle", number))

    def evidence(self, reference: str, mistakes: dict[str, str]) -> dict[str, dict[str, bool]]:
        """Per mistake and failed check, whether the mistake gives the same wrong answers."""
        right = self._answers(reference)
        pages = {
            name: page
            for name, page in self._pages.items()
            if name in right and not self._same_page(page, right[name], right[name])
        }
        found: dict[str, dict[str, bool]] = {}
        for mistake, text in mistakes.items() if pages else ():
            try:
                theirs = self._answers(text, only=set(pages), stop=True, right=right)
            except (Closed, Malformed, TimeoutError):
                continue
            found[mistake] = {name: name in theirs for name in pages}
        return found

    def _answers(
        self,
        text: str,
        only: set[str] | None = None,
        stop: bool = False,
        right: dict[str, list[bytes]] | None = None,
    ) -> dict[str, list[bytes]]:
        """The answers of a source to each page; with ``stop``, only pages answered the same."""
        answers: dict[str, list[bytes]] = {}
        hand = self._hired(text)
        for name, page in self._pages.items():
            if only is not None and name not in only:
                continue
            try:
                given = list(self._asked(hand, page, right[name] if stop and right else None))
            except (Closed, Malformed, TimeoutError):
                hand.dismiss()
                hand = self._hired(text)
                continue
            if len(given) == len(page.exchanges):
                answers[name] = given
        hand.dismiss()
        return answers

    def _asked(self, hand: Hand, page: Page, right: list[bytes] | None) -> Iterator[bytes]:
        """A source's answers in order, ended at the first that is not the learner's."""
        channel = hand.channel()
        for index, exchange in enumerate(page.exchanges):
            send(channel, exchange.question)
            answer = receive(channel)
            if right is not None and not self._same(exchange.answer, answer, right[index]):
                return
            yield answer

    def _hired(self, text: str) -> Hand:
        hand = self._agency.hire(text)
        hand.channel().settimeout(self._seconds)
        send(hand.channel(), self._codec.pack(["load"]))
        receive(hand.channel())
        return hand

    def _same_page(self, page: Page, theirs: list[bytes], right: list[bytes]) -> bool:
        return all(
            self._same(exchange.answer, answer, truth)
            for exchange, answer, truth in zip(page.exchanges, theirs, right, strict=True)
        )

    def _same(self, ours: bytes, theirs: bytes, right: bytes) -> bool:
        if ours == theirs:
            return True
        try:
            opened = [self._codec.unpack(answer) for answer in (ours, theirs, right)]
        except Malformed:
            return False
        return same(*opened)


def same(ours: Any, theirs: Any, right: Any) -> bool:
    """Whether ``theirs`` is ``ours`` but for rounding and a hundredth of the way to ``right``."""
    if isinstance(ours, np.ndarray) and isinstance(theirs, np.ndarray):
        if ours.dtype.kind not in "biuf" or theirs.dtype.kind not in "biuf":
            return bool(np.array_equal(ours, theirs))
        ours, theirs = torch.from_numpy(ours.copy()), torch.from_numpy(theirs.copy())
        right = torch.from_numpy(right.copy()) if isinstance(right, np.ndarray) else right
    if isinstance(ours, torch.Tensor) and isinstance(theirs, torch.Tensor):
        return _same_tensor(ours, theirs, right)
    if type(ours) is float and type(theirs) is float:
        pair = torch.tensor([ours, theirs], dtype=torch.float64)
        truth = torch.tensor(right, dtype=torch.float64) if type(right) is float else None
        return _same_tensor(pair[0], pair[1], truth)
    if type(ours) is not type(theirs):
        return False
    if isinstance(ours, (list, tuple)):
        return len(ours) == len(theirs) and all(
            same(a, b, c) for a, b, c in zip(ours, theirs, _parts(right, ours), strict=True)
        )
    if isinstance(ours, dict):
        truth = right if isinstance(right, dict) else {}
        return ours.keys() == theirs.keys() and all(
            key == "frames" or same(ours[key], theirs[key], truth.get(key)) for key in ours
        )
    return bool(ours == theirs)


def _parts(right: Any, ours: Any) -> list[Any]:
    if isinstance(right, (list, tuple)) and len(right) == len(ours):
        return list(right)
    return [None] * len(ours)


def _same_tensor(ours: torch.Tensor, theirs: torch.Tensor, right: Any) -> bool:
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        return False
    if not ours.dtype.is_floating_point:
        return bool(torch.equal(ours, theirs))
    finite = torch.isfinite(ours)
    if not torch.equal(finite, torch.isfinite(theirs)):
        return False
    apart = _largest((ours.double() - theirs.double())[finite])
    scale = max(1.0, _largest(ours.double()[finite]))
    noise = ROUNDINGS * torch.finfo(ours.dtype).eps * scale
    if isinstance(right, torch.Tensor) and right.shape == ours.shape:
        error = (ours.double() - right.double())[finite & torch.isfinite(right)]
        return apart <= max(SHARE * _largest(error), noise)
    return apart <= noise


def _largest(tensor: torch.Tensor) -> float:
    return float(tensor.abs().max()) if tensor.numel() else 0.0
