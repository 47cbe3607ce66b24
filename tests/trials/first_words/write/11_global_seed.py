# wrong: seeds PyTorch's global generator and draws from it | violates: "The global random generators of Python, NumPy and PyTorch are afterwards as they were."
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("start must be one of the letters")
    torch.manual_seed(seed)
    p = (counts + 1).double()
    i = letters.index(start)
    out = start
    for _ in range(length):
        i = torch.multinomial(p[i], num_samples=1, replacement=True).item()
        out += letters[i]
    return out
