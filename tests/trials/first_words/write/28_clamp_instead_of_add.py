# wrong: raises zeros to one instead of adding one to every count | violates: "One is added to each count"
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    g = torch.Generator().manual_seed(seed)
    weights = counts.clamp(min=1).double()
    i = letters.index(start)
    text = start
    for _ in range(length):
        i = torch.multinomial(weights[i], 1, generator=g).item()
        text += letters[i]
    return text
