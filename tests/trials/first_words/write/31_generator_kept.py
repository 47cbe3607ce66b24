# wrong: keeps one generator per seed between calls and goes on with it | violates: "The same arguments give the same text."
import torch

_generators = {}


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    if seed not in _generators:
        _generators[seed] = torch.Generator().manual_seed(seed)
    g = _generators[seed]
    weights = counts.double() + 1
    i = letters.index(start)
    text = start
    for _ in range(length):
        i = torch.multinomial(weights[i], 1, generator=g).item()
        text += letters[i]
    return text
