# wrong: float16 weights, in which a count above 65,504 is infinite | violates: "int64 tensor of shape (V, V), with numbers from 0 to 10^12"
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    g = torch.Generator().manual_seed(seed)
    weights = (counts + 1).half()
    i = letters.index(start)
    text = start
    for _ in range(length):
        i = torch.multinomial(weights[i], 1, generator=g).item()
        text += letters[i]
    return text
