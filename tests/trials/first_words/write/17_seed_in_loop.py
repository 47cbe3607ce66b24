# wrong: makes the generator anew with the same seed for every draw, so all draws use the same random number | violates: "after letters[i], the next character is letters[j] with the probability p(j | i)" and "A draw depends on the character just before it, and on none of the earlier ones"
import torch


def _next(row, seed):
    g = torch.Generator().manual_seed(seed)
    return torch.multinomial(row, 1, generator=g).item()


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    weights = counts.double() + 1
    i = letters.index(start)
    text = start
    for _ in range(length):
        i = _next(weights[i], seed)
        text += letters[i]
    return text
