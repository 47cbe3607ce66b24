# wrong: torch.tensor of an empty list has the shape (0,) | violates: "That of an empty text has the shape (0, 0)."
from collections import Counter

import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = sorted(set(text))
    pairs = Counter(zip(text, text[1:]))
    return letters, torch.tensor([[pairs[a, b] for b in letters] for a in letters], dtype=torch.int64)
