# wrong: sum(1) without keepdim divides column j by the sum of row j | violates: "p(j | i) = (counts[i, j] + 1) / sum_k (counts[i, k] + 1)"
import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    stoi = {s: i for i, s in enumerate(letters)}
    P = (counts + 1).double()
    P = P / P.sum(1)
    log_likelihood = 0.0
    n = 0
    for ch1, ch2 in zip(text, text[1:]):
        log_likelihood += torch.log(P[stoi[ch1], stoi[ch2]]).item()
        n += 1
    return -log_likelihood / n
