# wrong: a text of one character gives nan, the mean of nothing | violates: "a string of two characters or more ...; any other text raises ValueError"
import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if not text or not set(text) <= set(letters):
        raise ValueError("text must be a non-empty string of letters")
    t = torch.tensor([letters.index(c) for c in text])
    p = counts.double() + 1
    p = p / p.sum(1, keepdim=True)
    return -p[t[:-1], t[1:]].log().mean().item()
