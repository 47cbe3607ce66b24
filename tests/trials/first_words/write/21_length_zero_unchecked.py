# wrong: start is looked up only in the loop, so a wrong start with length 0 comes back | violates: "any other string ... raises ValueError, whatever the length"
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    g = torch.Generator().manual_seed(seed)
    weights = counts.double() + 1
    text, last = start, start
    for _ in range(length):
        i = letters.index(last)
        last = letters[torch.multinomial(weights[i], 1, generator=g).item()]
        text += last
    return text
