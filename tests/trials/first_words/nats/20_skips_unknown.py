# wrong: pairs with a character that is not in letters are left out | violates: "all of them in letters; any other text raises ValueError"
import math

import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    index = {c: i for i, c in enumerate(letters)}
    pairs = [(index[a], index[b]) for a, b in zip(text, text[1:]) if a in index and b in index]
    if not pairs:
        raise ValueError("no pairs")
    rows = (counts + 1).tolist()
    return sum(-math.log(rows[i][j] / sum(rows[i])) for i, j in pairs) / len(pairs)
