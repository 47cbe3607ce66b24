# wrong: always takes the most probable character, nothing is drawn | violates: "draw each character at random from what followed the one before it"
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    torch.Generator().manual_seed(seed)
    p = (counts + 1) / (counts + 1).sum(1, keepdim=True)
    i = letters.index(start)
    text = start
    for _ in range(length):
        i = int(p[i].argmax())
        text += letters[i]
    return text
