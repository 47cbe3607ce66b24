# wrong: draws from the plain counts, only a row of zeros is replaced by ones | violates: "One is added to each count, so that each letter can follow each other"
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    g = torch.Generator().manual_seed(seed)
    i = letters.index(start)
    text = start
    for _ in range(length):
        row = counts[i].double()
        if row.sum() == 0:
            row = torch.ones_like(row)
        i = torch.multinomial(row, 1, generator=g).item()
        text += letters[i]
    return text
