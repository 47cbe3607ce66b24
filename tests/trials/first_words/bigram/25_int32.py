# wrong: the table is int32 | violates: "counts: a tensor of shape (V, V) and dtype int64."
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    chars = sorted(list(set(text)))
    stoi = {ch: i for i, ch in enumerate(chars)}
    N = torch.zeros((len(chars), len(chars)), dtype=torch.int32)
    for ch1, ch2 in zip(text, text[1:]):
        N[stoi[ch1], stoi[ch2]] += 1
    return chars, N
