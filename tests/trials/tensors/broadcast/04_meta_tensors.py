# wrong: adds empty tensors on the meta device, which huge sizes overflow | violates: Sizes may be so large that no tensor of that shape can be created.
import torch


def broadcast_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    total = torch.empty((), device="meta")
    for shape in shapes:
        try:
            total = total + torch.empty(tuple(shape), device="meta")
        except RuntimeError as error:
            raise ValueError(str(error)) from error
    return tuple(total.shape)


def squared_distances(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    # One matrix product: (-2a, |a|^2, 1) times (b, 1, |b|^2).
    left = torch.cat([-2 * a, (a * a).sum(1, keepdim=True), torch.ones_like(a[:, :1])], dim=1)
    right = torch.cat([b, torch.ones_like(b[:, :1]), (b * b).sum(1, keepdim=True)], dim=1)
    return torch.relu(torch.einsum("nk,mk->nm", left, right))
