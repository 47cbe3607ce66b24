"""Attention's demo: which earlier letters each letter of a text attends to."""

import torch

from exercises.attention.causal_mask import causal_mask
from exercises.attention.softmax import softmax

WIDTH, LONGEST = 16, 12


def run(text: str) -> None:
    """Print the attention weights of a text's letters, with random embeddings, in percent."""
    letters = text[:LONGEST]
    generator = torch.Generator().manual_seed(0)
    table = torch.randn(1 << 16, WIDTH, generator=generator)
    x = table[torch.tensor([ord(letter) % (1 << 16) for letter in letters])]
    scores = (x @ x.T / WIDTH**0.5).masked_fill(~causal_mask(len(letters)), -torch.inf)
    print("Attention weights in percent; each row is one token, each column a token that it sees:")
    print("      " + "".join(f"{letter!r:>5}" for letter in letters))
    for letter, row in zip(letters, softmax(scores).tolist(), strict=True):
        cells = (f"{100 * weight:5.0f}" if weight else "    ." for weight in row)
        print(f"  {letter!r:>4}" + "".join(cells))
