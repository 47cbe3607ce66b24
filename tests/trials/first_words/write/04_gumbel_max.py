# right: Gumbel-max trick, argmax of log weight + noise in float64
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    place = {c: i for i, c in enumerate(letters)}
    if start not in place:
        raise ValueError(f"{start!r} is no letter of the table")
    g = torch.Generator()
    g.manual_seed(seed)
    logits = torch.log(counts.to(torch.float64) + 1)
    i, out = place[start], [start]
    for _ in range(length):
        noise = torch.empty(len(letters), dtype=torch.float64).exponential_(generator=g)
        i = int(torch.argmax(logits[i] - torch.log(noise)))
        out.append(letters[i])
    return "".join(out)
