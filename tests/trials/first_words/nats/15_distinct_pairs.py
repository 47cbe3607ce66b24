# wrong: takes the mean over the different pairs of the text | violates: "A pair that occurs several times in the text counts each time."
import math

import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    index = {c: i for i, c in enumerate(letters)}
    smooth = counts + 1
    pairs = {(index[a], index[b]) for a, b in zip(text, text[1:])}
    losses = [-math.log(smooth[i, j].item() / smooth[i].sum().item()) for i, j in pairs]
    return sum(losses) / len(losses)
