# right: the global torch generator, seeded inside fork_rng which puts it back
import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if len(start) != 1 or start not in letters:
        raise ValueError("start")
    smoothed = counts + 1
    p = smoothed.double() / smoothed.sum(dim=1, keepdim=True)
    path = [letters.index(start)]
    with torch.random.fork_rng(devices=[]):
        torch.random.default_generator.manual_seed(seed)
        for _ in range(length):
            path.append(torch.distributions.Categorical(probs=p[path[-1]]).sample().item())
    return "".join(letters[i] for i in path)
