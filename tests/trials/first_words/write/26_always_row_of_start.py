# wrong: draws all characters at once from the row of start | violates: "A draw depends on the character just before it, and on none of the earlier ones."
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    if length == 0:
        return start
    g = torch.Generator().manual_seed(seed)
    row = counts[letters.index(start)].double() + 1
    drawn = torch.multinomial(row, length, replacement=True, generator=g)
    return start + "".join(letters[j] for j in drawn.tolist())
