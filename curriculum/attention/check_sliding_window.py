"""The checks of the sliding-window mask."""

import pytest
import torch
from torch.nn import functional

from grader.checks import equal, holds


def test_the_mask_is_a_bool_tensor_of_queries_by_keys(sliding_window_mask):
    """The mask has one row per query and one column per key, and its dtype is bool."""
    for sizes, window in [((2,), 2), ((1, 3), 2), ((3, 5), 2), ((3, 5), 7)]:
        got = sliding_window_mask(*sizes, window=window)
        holds(type(got) is torch.Tensor, "the mask is a tensor", got=got)
        say = f"the shape for {sizes}, window={window}"
        equal(tuple(got.shape), (sizes[0], sizes[-1]), say=say)
        holds(got.dtype == torch.bool, "the mask is bool, not numbers", got=got)


def test_four_tokens_by_hand(sliding_window_mask):
    """With a window of 2 a token attends to itself and the token before it."""
    want = _table("x...", "xx..", ".xx.", "..xx")
    equal(sliding_window_mask(4, window=2), want, say="itself and window - 1 before it")


def test_the_last_two_of_five_tokens_by_hand(sliding_window_mask):
    """Of five tokens, with a window of 3, token 3 attends to 1 to 3 and token 4 to 2 to 4."""
    want = _table(".xxx.", "..xxx")
    equal(sliding_window_mask(2, 5, window=3), want, say="row 0 belongs to token 3")


def test_a_window_of_one_permits_a_token_only_itself(sliding_window_mask):
    """With a window of 1 each query attends to its own key only."""
    equal(sliding_window_mask(5, window=1), torch.eye(5, dtype=torch.bool), say="window=1")
    equal(sliding_window_mask(1, 3, window=1), _table("..x"), say="the newest of three tokens")


def test_a_wide_window_is_the_causal_mask(sliding_window_mask):
    """A window of as many tokens as there are keys, or more, gives the causal mask."""
    for queries, keys in [(5, 5), (2, 5), (1, 7)]:
        want = torch.ones(queries, keys, dtype=torch.bool).tril(keys - queries)
        for window in (keys, keys + 1, 1000):
            say = f"{queries} queries, {keys} keys, window={window}"
            equal(sliding_window_mask(queries, keys, window=window), want, say=say)


def test_each_row_permits_a_window_of_keys(sliding_window_mask, rng):
    """A row allows window keys, or all keys up to its own where there are fewer."""
    for _ in range(7):
        keys, window = rng.randint(5, 17), rng.randint(1, 7)
        queries = rng.randint(1, keys)
        got = sliding_window_mask(queries, keys, window=window)
        holds(type(got) is torch.Tensor and got.dim() == 2, "the mask is a table", got=got)
        want = [min(window, t + 1) for t in range(keys - queries, keys)]
        say = f"keys per row for {queries} queries, {keys} keys, window={window}"
        equal(got.long().sum(dim=1).tolist(), want, say=say)


def test_each_entry_follows_the_rule(sliding_window_mask, rng):
    """Entry [i, j] is True exactly where t - window < j <= t, for t = i + (keys - queries)."""
    for _ in range(11):
        queries = rng.randint(2, 11)
        keys, window = queries + rng.choice([0, 1, 3, 13]), rng.randint(1, 9)
        say = f"{queries} queries, {keys} keys, window={window}"
        got = sliding_window_mask(queries, keys, window=window)
        equal(got, _by_rule(queries, keys, window), say=say)
    got = sliding_window_mask(queries=3, keys=5, window=2)
    equal(got, _by_rule(3, 5, 2), say="sliding_window_mask(queries=3, keys=5, window=2)")


def test_no_number_of_tokens_is_too_large(sliding_window_mask):
    """The rule holds for 131 queries, for the last 3 of 5,000 tokens, and for large windows."""
    for queries, keys, window in [(65, 131, 70), (131, 131, 100), (3, 5000, 3), (3, 5000, 4097)]:
        say = f"{queries} queries, {keys} keys, window={window}"
        got = sliding_window_mask(queries, keys, window=window)
        equal(got, _by_rule(queries, keys, window), say=say)


def test_a_token_out_of_the_window_changes_no_output(sliding_window_mask, randn):
    """With a window of 3, changing token 2 changes the outputs of tokens 2, 3 and 4 only."""
    mask = sliding_window_mask(7, window=3)
    whole = type(mask) is torch.Tensor and mask.dtype == torch.bool and mask.shape == (7, 7)
    holds(whole, "the mask is a bool tensor of shape 7x7", got=mask)
    x = randn(7, 5)
    changed = x.clone()
    changed[2] += 1.0
    before = functional.scaled_dot_product_attention(x, x, x, attn_mask=mask)
    after = functional.scaled_dot_product_attention(changed, changed, changed, attn_mask=mask)
    moved = (after != before).any(dim=1).tolist()
    say = "the outputs that changed when token 2 was changed"
    equal(moved, [False, False, True, True, True, False, False], say=say)


def test_sizes_without_a_meaning_are_refused(sliding_window_mask):
    """A window below 1 and more queries than keys raise ValueError."""
    windows = [(3, 3, 0), (3, 5, -1), (3, None, -5)]
    for queries, keys, window in [*windows, (3, 2, 2), (2, 1, 1), (11, 3, 5), (1, 0, 1), (3, 0, 7)]:
        with pytest.raises(ValueError):
            sliding_window_mask(queries, keys, window=window)


def test_each_call_returns_a_tensor_of_its_own(sliding_window_mask, beside):
    """A mask that the caller changes has no effect on the next one."""
    narrow = beside("functools.partial")(sliding_window_mask, window=2)
    masks = beside("builtins.map")(narrow, [3, 2], [3, 5])
    # Set to False where they live, as a caller may.
    beside("builtins.list")(beside("builtins.map")(beside("torch.zero_"), masks))
    for queries, keys in [(3, 3), (2, 5), (5, 5)]:
        say = f"{queries} queries, {keys} keys, window=2, after the caller has changed other masks"
        got = sliding_window_mask(queries, keys, window=2)
        equal(got, _by_rule(queries, keys, 2), say=say)


def _by_rule(queries, keys, window):
    """Return the mask by its definition, entry by entry."""
    tokens = range(keys - queries, keys)
    return torch.tensor([[t - window < j <= t for j in range(keys)] for t in tokens])


def _table(*rows):
    """Return a mask that is True where a row has an x."""
    return torch.tensor([[letter == "x" for letter in row] for row in rows])
