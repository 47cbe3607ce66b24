# wrong: torch.zeros without dtype makes float32 counts | violates: "counts: a tensor of shape (V, V) and dtype int64."
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = sorted(set(text))
    stoi = {s: i for i, s in enumerate(letters)}
    N = torch.zeros((len(letters), len(letters)))
    for ch1, ch2 in zip(text, text[1:]):
        N[stoi[ch1], stoi[ch2]] += 1
    return letters, N
