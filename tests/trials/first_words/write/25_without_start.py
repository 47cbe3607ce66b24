# wrong: returns only the drawn characters | violates: "The text begins with start."
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    g = torch.Generator().manual_seed(seed)
    p = (counts + 1) / (counts + 1).sum(dim=1, keepdim=True)
    out = []
    ix = letters.index(start)
    for _ in range(length):
        ix = torch.multinomial(p[ix].double(), 1, generator=g).item()
        out.append(letters[ix])
    return "".join(out)
