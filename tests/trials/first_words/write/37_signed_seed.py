# wrong: makes the seed an int32 tensor first, which a seed from 2^31 on does not fit | violates: "seed: an integer from 0 to 2^32 - 1"
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    g = torch.Generator().manual_seed(int(torch.tensor(seed, dtype=torch.int32)))
    weights = counts.double() + 1
    i = letters.index(start)
    text = start
    for _ in range(length):
        i = torch.multinomial(weights[i], 1, generator=g).item()
        text += letters[i]
    return text
