# wrong: sorts the letters, though the rows belong to the order that was given | violates: "list of V different characters, V at least 1, in any order"
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    letters = sorted(letters)
    stoi = {s: i for i, s in enumerate(letters)}
    if start not in stoi:
        raise ValueError("unknown start")
    g = torch.Generator().manual_seed(seed)
    P = (counts + 1).double()
    P /= P.sum(1, keepdim=True)
    ix = stoi[start]
    out = [start]
    for _ in range(length):
        ix = torch.multinomial(P[ix], num_samples=1, replacement=True, generator=g).item()
        out.append(letters[ix])
    return "".join(out)
