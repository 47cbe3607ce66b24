# wrong: the bound lets the id V through, which reads the next vector | violates: Ids are from 0 to V - 1; any other id, also a negative one, raises ``IndexError``.
import torch


def _check(indices: torch.Tensor, low: int, high: int) -> None:
    """Raise IndexError unless all indices are from low to high."""
    if not bool(((indices >= low) & (indices <= high)).all()):
        raise IndexError(f"index outside of {low} to {high}")


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    B, T, V = x.shape
    _check(ids, 0, V)
    places = torch.arange(B * T) * V + ids.reshape(-1)
    return x.reshape(-1)[places].reshape(B, T)


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    B, T, C = x.shape
    _check(lengths, 1, T)
    return torch.index_select(x.reshape(B * T, C), 0, torch.arange(B) * T + lengths - 1)


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    _check(ids, 0, vocabulary - 1)
    ordered = ids.flatten().sort().values
    ends = torch.searchsorted(ordered, torch.arange(vocabulary), right=True)
    starts = torch.searchsorted(ordered, torch.arange(vocabulary))
    return ends - starts
