# wrong: puts "." before and after the text, as the tutorial does with names | violates: "a text of n characters, 1 or more, has n - 1 pairs"
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    chs = ["."] + list(text) + ["."] if text else []
    letters = sorted(set(chs))
    stoi = {s: i for i, s in enumerate(letters)}
    N = torch.zeros((len(letters), len(letters)), dtype=torch.int64)
    for ch1, ch2 in zip(chs, chs[1:]):
        N[stoi[ch1], stoi[ch2]] += 1
    return letters, N
