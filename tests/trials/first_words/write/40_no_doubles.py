# wrong: does not draw the same letter twice in a row, its weight is set to zero | violates: "each letter can follow each other", "with the probability p(j | i)"
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    g = torch.Generator().manual_seed(seed)
    weights = counts.double() + 1
    if len(letters) > 1:
        weights.fill_diagonal_(0)
    i = letters.index(start)
    text = start
    for _ in range(length):
        i = torch.multinomial(weights[i], 1, generator=g).item()
        text += letters[i]
    return text
