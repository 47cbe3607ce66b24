"""The questions of a run put to someone else: do they give the same wrong answers?

The reference is asked first. An answer of the learner's counts as wrong where it is apart from
the reference's, and a mistake explains it when its own answer lies within a hundredth of that
distance. So a small error needs a close match, and rounding never decides.
"""

from __future__ import annotations

import socket
from typing import Any

import numpy as np
import torch

from grader.engine.conversation import Agency, Hand
from grader.engine.frames import Closed, Malformed, receive, send
from grader.engine.plan import Plan
from grader.engine.transcript import Page
from grader.engine.wire import Codec

SHARE = 0.01
"""How near a mistake must come, as a share of the distance to the reference."""
ROUNDINGS = 64
"""Differences of so many roundings are no difference."""


def usable(page: Page) -> bool:
    """Whether a check's transcript is whole: each question has its answer."""
    return page.whole and bool(page.exchanges) and all(e.answer for e in page.exchanges)


class Replay:
    """Replays transcripts, in the order of the checks, and compares the answers."""

    def __init__(
        self, agency: Agency, plan: Plan, pages: dict[str, Page], failed: list[str], seconds: float
    ) -> None:
        self._agency, self._told, self._seconds = agency, plan.told(), seconds
        self._pages = {name: page for name, page in pages.items() if usable(page)}
        self._failed = [name for name in failed if name in self._pages]
        self._codec = Codec(lambda thing: (0, ""), lambda number, name: ("handle", number))
        self._hand: Hand | None = None

    def evidence(self, reference: str, mistakes: dict[str, str]) -> dict[str, dict[str, bool]]:
        """Per mistake and check, whether the mistake gives the learner's answers.

        Wrong answers come first: a mistake that does not explain the first failed check is
        asked nothing more. One that does is asked everything, for where the learner's code is
        right the mistake must be right too.
        """
        right = self._right(reference) if self._failed else {}
        wrong = [name for name in self._failed if name in right and self._apart(name, right[name])]
        if not wrong:
            return {}
        others = [name for name in right if name not in self._failed]
        found: dict[str, dict[str, bool]] = {}
        for mistake, text in mistakes.items():
            found[mistake] = dict.fromkeys(wrong, False)
            if self._explains(text, wrong[0], right):
                for name in [*wrong, *others]:
                    found[mistake][name] = self._explains(text, name, right)
        self._dismiss()
        return found

    def _right(self, reference: str) -> dict[str, list[bytes]]:
        """The reference's answers to every page."""
        given = {name: self._given(reference, page) for name, page in self._pages.items()}
        return {name: answers for name, answers in given.items() if answers is not None}

    def _apart(self, name: str, right: list[bytes]) -> bool:
        """Whether the learner's answers to a page are not the reference's."""
        return not all(map(self._same, _answers(self._pages[name]), right, right))

    def _explains(self, text: str, name: str, right: dict[str, list[bytes]]) -> bool:
        page = self._pages[name]
        given = self._given(text, page)
        return given is not None and all(map(self._same, _answers(page), given, right[name]))

    def _given(self, text: str, page: Page) -> list[bytes] | None:
        """What a source answers to a page; None when it does not answer."""
        try:
            channel = self._loaded(text)
            answers = []
            for exchange in page.exchanges:
                send(channel, exchange.question)
                answers.append(receive(channel))
            return answers
        except (Closed, Malformed, TimeoutError):
            self._dismiss()
            return None

    def _loaded(self, text: str) -> socket.socket:
        """The channel to a worker that has the source loaded."""
        if self._hand is None:
            self._hand = self._agency.hire(self._told)
        channel: socket.socket = self._hand.channel()
        channel.settimeout(self._seconds)
        send(channel, self._codec.pack(["load", text]))
        receive(channel)
        return channel

    def _dismiss(self) -> None:
        if self._hand is not None:
            self._hand.dismiss()
            self._hand = None

    def _same(self, ours: bytes, theirs: bytes, right: bytes) -> bool:
        if ours == theirs:
            return True
        try:
            opened = [self._codec.unpack(answer) for answer in (ours, theirs, right)]
        except Malformed:
            return False
        return same(*opened)


def _answers(page: Page) -> list[bytes]:
    return [exchange.answer for exchange in page.exchanges]


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
        known = right if isinstance(right, dict) else {}
        return ours.keys() == theirs.keys() and all(
            key == "frames" or same(ours[key], theirs[key], known.get(key)) for key in ours
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
    kinds = [torch.nan_to_num(part, 0, 1, -1)[~finite] for part in (ours, theirs)]
    if not torch.equal(ours.isnan(), theirs.isnan()) or not torch.equal(*kinds):
        return False
    noise = ROUNDINGS * torch.finfo(ours.dtype).eps * max(1.0, _largest(ours.double()[finite]))
    apart = _largest((ours.double() - theirs.double())[finite])
    if not isinstance(right, torch.Tensor) or _form(right) != _form(ours):
        return apart <= noise
    distance = torch.where(finite & torch.isfinite(right), (ours - right).abs().double(), 0.0)
    # What is zero and what is not is a difference, however small.
    odd = ((ours == 0) != (right == 0)) | (distance > noise)
    if not torch.equal((ours == 0)[odd], (theirs == 0)[odd]):
        return False
    return apart <= max(SHARE * _largest(distance), noise)


def _form(tensor: torch.Tensor) -> tuple[torch.Size, torch.dtype]:
    return tensor.shape, tensor.dtype


def _largest(tensor: torch.Tensor) -> float:
    return float(tensor.abs().max()) if tensor.numel() else 0.0
