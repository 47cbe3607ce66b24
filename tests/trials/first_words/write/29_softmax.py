# wrong: makes probabilities from the counts with softmax | violates: "p(j | i) = (counts[i, j] + 1) / sum_k (counts[i, k] + 1)"
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    g = torch.Generator().manual_seed(seed)
    probs = torch.softmax(counts.double() + 1, dim=1)
    i = letters.index(start)
    text = start
    for _ in range(length):
        i = torch.multinomial(probs[i], 1, generator=g).item()
        text += letters[i]
    return text
