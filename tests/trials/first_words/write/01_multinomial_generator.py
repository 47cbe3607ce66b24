# right: torch.multinomial with a generator of its own
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError(f"start must be one of the letters, not {start!r}")
    generator = torch.Generator().manual_seed(seed)
    weights = counts.double() + 1
    i = letters.index(start)
    text = start
    for _ in range(length):
        i = torch.multinomial(weights[i], 1, generator=generator).item()
        text += letters[i]
    return text
