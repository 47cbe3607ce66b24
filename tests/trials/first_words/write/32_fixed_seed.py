# wrong: the tutorial's seed 2147483647 stands in the code and the argument is ignored | violates: "Another seed gives another text where chance decides"
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    g = torch.Generator().manual_seed(2147483647)
    P = (counts + 1).double()
    P = P / P.sum(1, keepdim=True)
    ix = letters.index(start)
    out = [start]
    for _ in range(length):
        ix = torch.multinomial(P[ix], num_samples=1, replacement=True, generator=g).item()
        out.append(letters[ix])
    return "".join(out)
