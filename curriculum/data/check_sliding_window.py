"""What is asked of sliding windows."""

import pytest
import torch

from grader.engine.expect import equal, formed, holds


def test_the_result_is_a_pair_of_int64_tables(sliding_window):
    """Inputs and targets are int64 tensors with a row for each window and a column per token."""
    got = sliding_window(torch.arange(16), 5, 3)
    formed(got, "tuple of 2", "sliding_window(...)")
    for name, part in zip(["inputs", "targets"], got, strict=True):
        formed(part, "int64 tensor 4x5", name)


def test_two_windows_by_hand(sliding_window):
    """Of the tokens 3 1 4 1 5 9, windows of three with stride 2 are 3 1 4 and 4 1 5."""
    inputs, targets = _pair(sliding_window(torch.tensor([3, 1, 4, 1, 5, 9]), 3, 2))
    equal(inputs, torch.tensor([[3, 1, 4], [4, 1, 5]]), say="inputs")
    equal(targets, torch.tensor([[1, 4, 1], [1, 5, 9]]), say="targets")


def test_each_target_is_the_token_after_its_input(sliding_window, randint):
    """Targets are the inputs moved on by one token, and the last one comes from the text."""
    tokens = randint(0, 50_000, 23)
    inputs, targets = _pair(sliding_window(tokens, 5, 7))
    formed(inputs, "int64 tensor 3x5", "inputs")
    formed(targets, "int64 tensor 3x5", "targets")
    equal(targets[:, :-1], inputs[:, 1:], say="within a window")
    equal(targets[:, -1], tokens[torch.tensor([5, 12, 19])], say="the last target of each window")


def test_a_window_begins_every_stride_tokens(sliding_window):
    """Windows begin at 0, stride, 2 stride and so on, overlapping, touching or apart."""
    for stride in (1, 2, 3, 5):
        inputs, _ = _pair(sliding_window(100 + torch.arange(14), 3, stride))
        formed(inputs, f"int64 tensor {len(range(0, 11, stride))}x3", f"inputs at stride {stride}")
        equal(inputs[:, 0], 100 + torch.arange(0, 11, stride), say=f"stride {stride}")


def test_the_last_whole_window_is_there(sliding_window):
    """A window whose last target is the last token counts; one token less and it is gone."""
    for count, windows in [(10, 2), (11, 3), (13, 3), (14, 4)]:
        inputs, targets = _pair(sliding_window(torch.arange(count), 4, 3))
        say = f"{count} tokens, context 4, stride 3"
        formed(inputs, f"int64 tensor {windows}x4", f"inputs of {say}")
        formed(targets, f"int64 tensor {windows}x4", f"targets of {say}")
        last = 3 * (windows - 1) + 4
        equal(targets[-1], torch.arange(last - 3, last + 1), say=f"the last window of {say}")


def test_random_texts_follow_the_rule(sliding_window, randint, rng):
    """Fresh texts, contexts and strides give the windows of a slow loop."""
    for _ in range(13):
        tokens = randint(0, 50_257, rng.randint(20, 40))
        context, stride = rng.randint(1, 11), rng.randint(1, 13)
        inputs, targets = _pair(sliding_window(tokens, context, stride))
        want = _by_loop(tokens.tolist(), context, stride)
        say = f"{len(tokens)} tokens, context {context}, stride {stride}"
        equal(inputs, want[0], say=f"inputs of {say}")
        equal(targets, want[1], say=f"targets of {say}")


def test_a_text_without_a_whole_window_gives_no_rows(sliding_window):
    """A text of at most context tokens gives two tables of shape (0, context)."""
    for count in (0, 1, 4, 5):
        for part in _pair(sliding_window(torch.arange(count), 5, 2)):
            equal(part, torch.zeros(0, 5, dtype=torch.int64), say=f"{count} tokens, context 5")


def test_the_tokens_stay_as_they_were(sliding_window, randint):
    """The text that goes in is the same afterwards."""
    tokens = randint(0, 99, 17)
    before = tokens.clone()
    sliding_window(tokens, 5, 3)
    equal(tokens, before, say="the tokens that went in have changed")


def test_context_and_stride_below_1_are_refused(sliding_window):
    """A context or a stride of 0 or less raises ValueError."""
    for context, stride in [(0, 1), (-1, 2), (3, 0), (3, -2)]:
        with pytest.raises(ValueError):
            sliding_window(torch.arange(7), context, stride)


def _pair(got):
    """The two tables, once it is known that there are two."""
    formed(got, "tuple of 2", "sliding_window(...)")
    for part in got:
        holds(type(part) is torch.Tensor, "inputs and targets are tensors", got=part)
    return got


def _by_loop(tokens, context, stride):
    """Inputs and targets, one start after the other."""
    inputs, targets, start = [], [], 0
    while start + context + 1 <= len(tokens):
        window = tokens[start : start + context + 1]
        inputs.append(window[:-1])
        targets.append(window[1:])
        start += stride
    return [torch.tensor(rows).reshape(-1, context) for rows in (inputs, targets)]
