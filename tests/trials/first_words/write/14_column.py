# wrong: draws from column i instead of row i | violates: "row i counts what followed letters[i]"
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    g = torch.Generator().manual_seed(seed)
    weights = counts.double() + 1
    i = letters.index(start)
    text = start
    for _ in range(length):
        i = torch.multinomial(weights[:, i], 1, generator=g).item()
        text += letters[i]
    return text
