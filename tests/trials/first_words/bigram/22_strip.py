# wrong: strips spaces and line ends at both ends of the text | violates: "Every character counts, and only as itself: spaces, line ends and punctuation too"
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    text = text.strip()
    letters = sorted(set(text))
    v = len(letters)
    index = {c: i for i, c in enumerate(letters)}
    t = torch.tensor([index[c] for c in text], dtype=torch.int64)
    return letters, torch.bincount(t[:-1] * v + t[1:], minlength=v * v).view(v, v)
