"""What milestones share whose models read characters."""

from __future__ import annotations

from collections.abc import Sequence

import torch


def encode_characters(text: str, letters: Sequence[str]) -> torch.Tensor:
    """Return the number of each character, an int64 tensor of shape (n,).

    ``letters`` are the characters that the model knows; the first one's number is 0. ``KeyError``
    is raised for a character that is not among them.
    """
    number = {letter: i for i, letter in enumerate(letters)}
    return torch.tensor([number[letter] for letter in text], dtype=torch.int64)


def find_unknown(text: str, letters: Sequence[str]) -> list[str]:
    """Return the characters of a text that a model does not know, sorted, each once."""
    return sorted(set(text) - set(letters))


def mix_seed(seed: int, n: int) -> int:
    """Return the n-th seed of a run, from 0 to 2^32 - 1; runs with other seeds have other ones."""
    return (seed * 1_000_003 + n) % 2**32
