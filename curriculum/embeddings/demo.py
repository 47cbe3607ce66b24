"""The embeddings' demo: how a rotated query matches the same key at each earlier position."""

import torch

from exercises.embeddings.rope import rope

WIDTH, LONGEST, CELLS = 32, 24, 30


def run(text: str) -> None:
    """Print the dot product of the last position with each position of a text, after rotation."""
    letters = text[-LONGEST:]
    torch.manual_seed(0)
    vector = torch.nn.functional.normalize(torch.rand(WIDTH), dim=0)
    rotated = rope(vector.expand(len(letters), WIDTH))
    print("The same vector at every position, rotated, times itself at the last position:")
    for position, score in enumerate((rotated @ rotated[-1]).tolist()):
        bar = "#" * max(0, round(score * CELLS))
        print(f"  {position:>3} {letters[position]!r:>6} {score:6.2f}  {bar}")
