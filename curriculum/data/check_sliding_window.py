"""The checks of sliding windows."""

import pytest
import torch

from grader.checks import equal, formed, holds, value


def test_the_result_is_a_pair_of_int64_tables(sliding_window):
    """Inputs and targets are int64 tensors of shape (B, T): one row per window."""
    got = sliding_window(torch.arange(16), 5, 3)
    formed(got, "tuple of 2", "sliding_window(...)")
    for name, part in zip(["inputs", "targets"], got, strict=True):
        formed(part, "int64 tensor 4x5", name)


def test_two_windows_by_hand(sliding_window):
    """The tokens 3 1 4 1 5 9, in windows of three with stride 2, give 3 1 4 and 4 1 5."""
    inputs, targets = _pair(sliding_window(torch.tensor([3, 1, 4, 1, 5, 9]), 3, 2))
    equal(inputs, torch.tensor([[3, 1, 4], [4, 1, 5]]), say="inputs")
    equal(targets, torch.tensor([[1, 4, 1], [1, 5, 9]]), say="targets")


def test_each_target_is_the_token_after_its_input(sliding_window, randint):
    """Targets are the inputs shifted by one token; the last target comes from the text."""
    tokens = randint(0, 50_000, 23)
    inputs, targets = _pair(sliding_window(tokens, 5, 7))
    formed(inputs, "int64 tensor 3x5", "inputs")
    formed(targets, "int64 tensor 3x5", "targets")
    equal(targets[:, :-1], inputs[:, 1:], say="a target is the next input of its window")
    equal(targets[:, -1], tokens[torch.tensor([5, 12, 19])], say="the last target of each window")


def test_a_window_begins_every_stride_tokens(sliding_window):
    """Windows begin at 0, stride, 2 stride and so on, whether they overlap or leave gaps."""
    for stride in (1, 2, 3, 5):
        inputs, _ = _pair(sliding_window(100 + torch.arange(14), 3, stride))
        formed(inputs, f"int64 tensor {len(range(0, 11, stride))}x3", f"inputs at stride {stride}")
        equal(inputs[:, 0], 100 + torch.arange(0, 11, stride), say=f"stride {stride}")


def test_the_last_whole_window_is_there(sliding_window):
    """A window is included if its last target is the last token, and dropped if it is missing."""
    for count, windows in [(10, 2), (11, 3), (13, 3), (14, 4)]:
        inputs, targets = _pair(sliding_window(torch.arange(count), 4, 3))
        say = f"{count} tokens, context 4, stride 3"
        formed(inputs, f"int64 tensor {windows}x4", f"inputs of {say}")
        formed(targets, f"int64 tensor {windows}x4", f"targets of {say}")
        last = 3 * (windows - 1) + 4
        equal(targets[-1], torch.arange(last - 3, last + 1), say=f"the last window of {say}")


def test_random_texts_follow_the_rule(sliding_window, randint, rng):
    """Random texts, contexts and strides give the same windows as a slow loop."""
    for _ in range(13):
        tokens = randint(0, 50_257, rng.randint(20, 40))
        context, stride = rng.randint(1, 11), rng.randint(1, 13)
        inputs, targets = _pair(sliding_window(tokens, context, stride))
        want = _by_loop(tokens.tolist(), context, stride)
        say = f"{len(tokens)} tokens, context {context}, stride {stride}"
        equal(inputs, want[0], say=f"inputs of {say}")
        equal(targets, want[1], say=f"targets of {say}")


def test_windows_that_are_alike_are_all_there(sliding_window):
    """Windows with the same tokens are windows all the same: none is left out."""
    inputs, targets = _pair(sliding_window(torch.tensor([7, 8, 9] * 4), 2, 3))
    equal(inputs, torch.tensor([[7, 8]] * 4), say="inputs")
    equal(targets, torch.tensor([[8, 9]] * 4), say="targets")


def test_long_texts_and_contexts_follow_the_rule(sliding_window, randint):
    """Thousands of windows, and contexts of thousands of tokens, follow the same rule."""
    tokens = randint(0, 50_257, 5001)
    for context, stride in [(3, 2), (131, 65), (2500, 2048), (4000, 199), (5, 3000)]:
        got = sliding_window(tokens, context, stride)
        say = f"5001 tokens, context {context}, stride {stride}"
        for name, part, first in zip(["inputs", "targets"], _pair(got), (0, 1), strict=True):
            want = tokens[first : 5000 + first].unfold(0, context, stride)
            equal(part, want, say=f"{name} of {say}")


def test_ids_of_every_size_are_kept(sliding_window):
    """An id is never rounded or cut, however large it is: int64 holds it."""
    ids = [2**24 + 1, 2**31 + 5, 2**32 + 7, 2**53 + 1, 2**62 + 3, 11]
    inputs, targets = _pair(sliding_window(torch.tensor(ids), 3, 2))
    equal(inputs, torch.tensor([ids[0:3], ids[2:5]]), say="inputs")
    equal(targets, torch.tensor([ids[1:4], ids[3:6]]), say="targets")


def test_a_view_of_another_tensor_is_read_by_its_entries(sliding_window, randint):
    """Tokens that do not stand side by side in memory, as in a[1::2], give the same windows."""
    table = randint(0, 50_257, 13, 3)
    views = {
        "a[1::2]": table.flatten()[1::2],
        "a column of a table": table[:, 1],
        "one token, expanded": table[0, :1].expand(11),
    }
    for name, tokens in views.items():
        inputs, targets = _pair(sliding_window(tokens, 4, 3))
        want = _by_loop(tokens.tolist(), 4, 3)
        equal(inputs, want[0], say=f"inputs of {name}")
        equal(targets, want[1], say=f"targets of {name}")


def test_a_text_that_has_changed_gives_other_windows(sliding_window, live, randint):
    """Each call reads the tokens as they are then: nothing is kept from the call before."""
    text = live(randint(0, 99, 9))
    sliding_window(text, 3, 2)
    text[4] = 777
    got = _pair(sliding_window(text, 3, 2))
    for part, want in zip(got, _by_loop(value(text).tolist(), 3, 2), strict=True):
        equal(part, want, say="tokens[4] became 777 before the second call")


def test_a_text_without_a_whole_window_gives_no_rows(sliding_window):
    """A text of at most T tokens gives two tensors of shape (0, T)."""
    for count, context in [(5, 5), (4, 5), (1, 5), (1, 1), (0, 1), (0, 5), (7, 3000)]:
        for part in _pair(sliding_window(torch.arange(count), context, 2)):
            want = torch.zeros(0, context, dtype=torch.int64)
            equal(part, want, say=f"{count} tokens, context {context}")


def test_the_tokens_stay_as_they_were(sliding_window, randint):
    """The tensor of tokens that is passed in is not changed."""
    tokens = randint(0, 99, 17)
    before = tokens.clone()
    sliding_window(tokens, 5, 3)
    equal(tokens, before, say="tokens was changed in place")


def test_a_context_below_1_is_refused(sliding_window):
    """A context below 1 raises ValueError, however short the text."""
    for count in (7, 2, 0):
        for context, stride in [(0, 1), (-1, 2), (0, 3)]:
            with pytest.raises(ValueError):
                sliding_window(torch.arange(count), context, stride)


def test_a_stride_below_1_is_refused(sliding_window):
    """A stride below 1 raises ValueError, however short the text."""
    for count in (7, 2, 0):
        for context, stride in [(3, 0), (3, -2), (1, 0)]:
            with pytest.raises(ValueError):
                sliding_window(torch.arange(count), context, stride)


def _pair(got):
    """Return inputs and targets, after checking that they are two tensors."""
    formed(got, "tuple of 2", "sliding_window(...)")
    for part in got:
        holds(type(part) is torch.Tensor, "inputs and targets are tensors", got=part)
    return got


def _by_loop(tokens, context, stride):
    """Return inputs and targets, window by window."""
    inputs, targets, start = [], [], 0
    while start + context + 1 <= len(tokens):
        window = tokens[start : start + context + 1]
        inputs.append(window[:-1])
        targets.append(window[1:])
        start += stride
    return [torch.tensor(rows).reshape(-1, context) for rows in (inputs, targets)]
