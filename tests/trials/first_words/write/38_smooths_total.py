# wrong: adds 1/V to each count (one per row in all) instead of one to each | violates: "One is added to each count"
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    g = torch.Generator().manual_seed(seed)
    weights = counts.double() + 1 / len(letters)
    i = letters.index(start)
    text = start
    for _ in range(length):
        i = torch.multinomial(weights[i], 1, generator=g).item()
        text += letters[i]
    return text
