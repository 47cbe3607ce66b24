# wrong: begins with the last character of start (a prompt), so a start of several letters is accepted | violates: "any other string, also an empty one or one of several characters, raises ValueError"
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if not start:
        raise ValueError("start is empty")
    i = letters.index(start[-1])
    g = torch.Generator().manual_seed(seed)
    weights = counts.double() + 1
    out = [start]
    for _ in range(length):
        i = torch.multinomial(weights[i], 1, generator=g).item()
        out.append(letters[i])
    return "".join(out)
