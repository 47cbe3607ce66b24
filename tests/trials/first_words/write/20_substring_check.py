# wrong: tests start in a joined string, so "" and "ab" pass the test | violates: "any other string, also an empty one or one of several characters, raises ValueError"
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    alphabet = "".join(letters)
    if start not in alphabet:
        raise ValueError("unknown start")
    g = torch.Generator().manual_seed(seed)
    weights = counts.double() + 1
    i = alphabet.index(start)
    text = start
    for _ in range(length):
        i = torch.multinomial(weights[i], 1, generator=g).item()
        text += letters[i]
    return text
