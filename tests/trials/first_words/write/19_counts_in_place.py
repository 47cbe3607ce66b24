# wrong: adds the ones to the caller's table | violates: "It is not changed." (counts)
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    counts += 1
    g = torch.Generator().manual_seed(seed)
    i = letters.index(start)
    text = start
    for _ in range(length):
        i = torch.multinomial(counts[i].double(), 1, generator=g).item()
        text += letters[i]
    return text
