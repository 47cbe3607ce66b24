# wrong: divides by the sums over dim 0, so the weights of a row are distorted | violates: "p(j | i) = (counts[i, j] + 1) / sum_k (counts[i, k] + 1)"
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    g = torch.Generator().manual_seed(seed)
    p = (counts + 1).double()
    p = p / p.sum(dim=0)
    i = letters.index(start)
    text = start
    for _ in range(length):
        i = torch.multinomial(p[i], 1, generator=g).item()
        text += letters[i]
    return text
