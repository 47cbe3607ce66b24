# wrong: last_real clamps lengths to 1 to T without an error | violates: any other length raises ``IndexError``
import torch


def _check(indices: torch.Tensor, low: int, high: int) -> None:
    """Raise IndexError unless all indices are from low to high."""
    if not bool(((indices >= low) & (indices <= high)).all()):
        raise IndexError(f"index outside of {low} to {high}")


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    B, T, V = x.shape
    _check(ids, 0, V - 1)
    places = torch.arange(B * T) * V + ids.reshape(-1)
    return x.reshape(-1)[places].reshape(B, T)


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    n = lengths.clamp(1, x.shape[1])
    return x[torch.arange(len(x)), n - 1]


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    _check(ids, 0, vocabulary - 1)
    ordered = ids.flatten().sort().values
    ends = torch.searchsorted(ordered, torch.arange(vocabulary), right=True)
    starts = torch.searchsorted(ordered, torch.arange(vocabulary))
    return ends - starts
