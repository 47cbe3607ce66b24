"""Wrong answers that hold what is expected in another form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from typing import Any

import torch

from grader.grading.judge.relations.asked import Asked
from grader.grading.judge.relations.evidence import Evidence
from grader.grading.judge.relations.numbers import as_tensor, is_near
from grader.grading.judge.relations.unchanged import is_equal

LEAST_DISTINCT = 4
"""Fewer distinct entries can agree by chance."""
MOST_EXTRA = 4
"""So many entries in front or behind are said."""
MOST = 100_000
"""Larger tensors are not turned in every way."""
SEQUENCE_FORMS: dict[str, Callable[[Any], Any]] = {
    "in reverse order": lambda want: want[::-1],
    "without its last entry": lambda want: want[:-1],
    "without its first entry": lambda want: want[1:],
    "sorted": lambda want: sorted(want) if isinstance(want, list) else want,
    "with each entry once": lambda want: (
        list(dict.fromkeys(want)) if isinstance(want, list) else want
    ),
}
"""How a list, a text or bytes may come in another form."""


def find_form(evidence: Evidence) -> str | None:
    """Say that every wrong answer is the expected one in another form.

    Transposed, in another shape, True and False exchanged, in reverse order, sorted, without its
    first or last entry, or with the same entries in front or behind. One form must fit every
    wrong answer, and the answers must be rich: symmetric, constant and tiny ones fit by chance.
    A list or a text must have that form wherever it makes a difference: no right answer may lack
    it. Where several fit, the first of that order is said.
    """
    found = [list(_list_forms(one)) for one in evidence.wrong]
    common = [form for form in found[0] if all(form in other for other in found)]
    if isinstance(evidence.wrong[0].want, (list, str, bytes)):
        common = [form for form in common if not _is_contradicted(form, evidence)]
    if not common or not _is_rich(evidence.wrong):
        return None
    return f"{evidence.subject} {evidence.where} the expected one {common[0]}."


def _is_rich(wrong: Sequence[Asked]) -> bool:
    """Return whether the answers hold enough to tell forms apart."""
    entries: set[Any] = set()
    total = 0
    for one in wrong:
        parts = one.want if type(one.want) is tuple else (one.want,)
        tensors = [part for part in map(as_tensor, parts) if part is not None]
        for tensor in tensors:
            entries.update(tensor.flatten()[:1000].tolist())
            total += tensor.numel()
        if not tensors and isinstance(one.want, (str, bytes, list, tuple)):
            entries.update(map(repr, one.want))
            total += len(one.want)
    booleans = all(type(entry) is bool for entry in entries)
    return total >= LEAST_DISTINCT and len(entries) >= (2 if booleans else LEAST_DISTINCT)


def _list_forms(one: Asked) -> Iterator[str]:
    if isinstance(one.want, torch.Tensor) and isinstance(one.got, torch.Tensor):
        yield from _list_tensor_forms(one.want.detach(), one.got.detach())
    elif type(one.want) is tuple and type(one.got) is tuple and len(one.want) == len(one.got):
        yield from _list_tuple_forms(one.want, one.got)
    elif isinstance(one.want, (list, str, bytes)) and type(one.want) is type(one.got):
        yield from _list_sequence_forms(one.want, one.got)


def _list_tuple_forms(want: tuple[Any, ...], got: tuple[Any, ...]) -> Iterator[str]:
    """Yield the forms in which every tensor of a tuple comes, the right ones too."""
    tensors = [isinstance(one, torch.Tensor) for one in (*want, *got)]
    if want and all(tensors):
        found = [list(_list_tensor_forms(*pair)) for pair in zip(want, got, strict=True)]
        yield from (form for form in found[0] if all(form in other for other in found))


def _list_tensor_forms(want: torch.Tensor, got: torch.Tensor) -> Iterator[str]:
    if want.dtype != got.dtype or want.dim() > 5 or want.numel() > MOST:
        return
    for order in permutations(range(want.dim())):
        moved = [place for place, dim in enumerate(order) if place != dim]
        turned = want.permute(order)
        if moved and is_near(got, turned) and not is_near(turned, want):
            yield _describe_order(order, moved)
    if got.shape != want.shape and is_near(got.reshape(-1), want.reshape(-1)):
        yield _describe_shape(want, got)
    if want.dtype == torch.bool and got.shape == want.shape and torch.equal(got, ~want):
        yield "with True and False exchanged"
    for dim in range(want.dim()):
        if is_near(got, want.flip(dim)) and not is_near(want.flip(dim), want):
            yield f"in reverse order along dimension {dim}"


def _describe_shape(want: torch.Tensor, got: torch.Tensor) -> str:
    if got.squeeze().shape == want.squeeze().shape:
        more = "with one or more dimensions of size 1 added"
        return more if got.dim() > want.dim() else "without its dimensions of size 1"
    return "in another shape, with the entries in their order"


def _describe_order(order: tuple[int, ...], moved: list[int]) -> str:
    if len(moved) == 2:
        return f"with dimensions {moved[0]} and {moved[1]} exchanged"
    return f"with its dimensions in the order {order}"


def _is_contradicted(form: str, evidence: Evidence) -> bool:
    """Return whether a right answer would be another in this form."""
    if form not in SEQUENCE_FORMS:
        return bool(evidence.right)
    return any(not is_equal(_transform(form, one.want), one.want) for one in evidence.right)


def _list_sequence_forms(want: Any, got: Any) -> Iterator[str]:
    for form in SEQUENCE_FORMS:
        made = _transform(form, want)
        if is_equal(made, got) and not is_equal(made, want):
            yield form
    extra = len(got) - len(want)
    if 0 < extra <= MOST_EXTRA:
        if is_equal(got[extra:], want) and _is_plain(got[:extra]):
            yield f"with {got[:extra]!r} in front"
        if is_equal(got[:-extra], want) and _is_plain(got[-extra:]):
            yield f"with {got[-extra:]!r} behind"


def _transform(form: str, want: Any) -> Any:
    try:
        return SEQUENCE_FORMS[form](want)
    except (TypeError, RuntimeError):  # entries that cannot be ordered or hashed
        return None


def _is_plain(entries: Any) -> bool:
    return isinstance(entries, (str, bytes)) or all(type(one) in (int, float) for one in entries)
