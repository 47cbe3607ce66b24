"""The checks of find_outliers and multiply_int8."""

import torch

from grader.checks import close, equal, holds, load_shared, shaped

shared = load_shared(__file__)
SINGLE, DOUBLE = torch.float32, torch.float64
FLOAT32 = {"atol": 5e-4, "rtol": 2e-6}
"""Some thirty roundings in float32 of sums up to 300; wrong integers are off by more."""


def test_a_feature_with_one_value_above_the_threshold_is_an_outlier(find_outliers):
    """A column counts if one absolute value is above the threshold; one that equals it does not."""
    x = torch.tensor([[1.0, -7.0, 6.0, 0.0], [2.0, 0.0, -6.0, 6.5]])
    for dtype in (SINGLE, DOUBLE):
        got = find_outliers(x.to(dtype), 6.0)
        equal(got, torch.tensor([False, True, False, True]), say="threshold 6")
        got = find_outliers(x.to(dtype), 0.5)
        equal(got, torch.tensor([True, True, True, True]), say="threshold 0.5")
        got = find_outliers(x.to(dtype), 7.0)
        equal(got, torch.tensor([False] * 4), say="threshold 7")


def test_outliers_are_found_by_column_for_any_size(find_outliers, randn):
    """The result is a bool for each feature, whatever the numbers of tokens and features are."""
    for tokens, features in [(1, 1), (1, 11), (11, 1), (5, 7), (7, 5), (5, 5), (67, 31)]:
        x = randn(tokens, features)
        for threshold in (0.5, 2.0):
            want = [any(abs(a) > threshold for a in column) for column in x.T.tolist()]
            say = f"x of shape ({tokens}, {features}), threshold {threshold}"
            equal(find_outliers(x, threshold), torch.tensor(want), say=say)


def test_the_product_has_a_row_for_each_token_and_the_dtype_of_x(multiply_int8, randn):
    """The result has shape (T, out) and the dtype of x."""
    for tokens, features, out in [(2, 3, 5), (5, 3, 2), (1, 1, 1), (1, 7, 3), (7, 1, 3)]:
        for dtype in (SINGLE, DOUBLE):
            x, w = randn(tokens, features, dtype=dtype), randn(out, features, dtype=dtype)
            for threshold in (0.01, 1.0, 100.0):
                say = f"{tokens} tokens, {features} features in, {out} out, threshold {threshold}"
                shaped(multiply_int8(x, w, threshold), (tokens, out), dtype, say=say)


def test_a_product_worked_by_hand(multiply_int8):
    """[1.27, 50, -0.644] times [1.27, 2, 0.5] is 50 * 2 plus (127 * 127 - 64 * 50) / 10,000."""
    x, w = torch.tensor([[1.27, 50.0, -0.644]]), torch.tensor([[1.27, 2.0, 0.5]])
    want = torch.tensor([[101.2929]])
    close(multiply_int8(x, w), want, say="feature 1 is an outlier: 100 + 1.2929", **FLOAT32)


def test_without_outliers_all_is_computed_in_integers(multiply_int8, randint, randn):
    """If no value is above the threshold, each token and each row of w gets its own scale."""
    for tokens, features, out in [(1, 7, 1), (2, 5, 3), (5, 5, 5), (11, 67, 7)]:
        for dtype in (SINGLE, DOUBLE):
            x, w, want = _draw(randint, randn, tokens, features, out, 0)
            for size in (1.0, 1e-4):
                say = f"{tokens} tokens, {features} features in, {out} out, x near {size:g}"
                got = multiply_int8((x * size).to(dtype), (w / size).to(dtype))
                close(got, want.to(dtype), say=say, **FLOAT32)


def test_outlier_features_are_multiplied_in_floating_point(multiply_int8, randint, randn):
    """Outlier features add x w in floating point, and no scale of the others depends on them."""
    for tokens, features, out, outliers in [
        (1, 7, 1, 2),
        (3, 5, 2, 1),
        (7, 7, 7, 3),
        (5, 67, 11, 4),
    ]:
        for dtype in (SINGLE, DOUBLE):
            x, w, want = _draw(randint, randn, tokens, features, out, outliers)
            say = f"{tokens} tokens, {outliers} of {features} features are outliers, {out} out"
            got = multiply_int8(x.to(dtype), w.to(dtype))
            close(got, want.to(dtype), say=say, **FLOAT32)


def test_only_outliers_give_the_product_in_floating_point(multiply_int8, randn):
    """If every feature is an outlier, the result is the product of x and the transpose of w."""
    for tokens, features, out in [(2, 3, 5), (5, 1, 2), (1, 7, 1)]:
        for dtype in (SINGLE, DOUBLE):
            x, w = randn(tokens, features, dtype=dtype), randn(out, features, dtype=dtype)
            x[-1] = 9.0
            want = x.double() @ w.double().T
            say = f"{features} features, each with a 9 in the last token"
            close(multiply_int8(x, w), want.to(dtype), say=say, **FLOAT32)


def test_outliers_are_looked_for_in_x_and_not_in_w(multiply_int8):
    """Large weights are quantized like others, as long as the feature is none in x."""
    x, w = torch.tensor([[1.27, 0.5]]), torch.tensor([[127.0, 1.4], [0.7, -254.0]])
    want = torch.tensor([[127 * 127 + 50, -50 * 127 * 2]]) * torch.tensor([[0.01]])
    say = "w has the integers 127, 1 and 0, -127, with the scales 1 and 2"
    close(multiply_int8(x, w), want, say=say, **FLOAT32)


def test_the_threshold_decides(multiply_int8, randint, randn):
    """No feature is an outlier if no value is above the threshold, which is 6 if none is given."""
    x, w, want = _draw(randint, randn, 5, 11, 3, 0)
    for threshold in (6.0, 50.0):
        got = multiply_int8(x, w, threshold)
        close(got, want, say=f"threshold {threshold}, no outliers", **FLOAT32)
    before, product = x.clone(), want
    x[2] = 0.5
    close(multiply_int8(x, w, 0.4), x @ w.T, say="threshold 0.4, only outliers", **FLOAT32)
    x[0, 4], x[1, 4] = 6.0, -6.1
    found = multiply_int8(x, w)
    rest, weights = x.clone(), w.clone()
    rest[:, 4] = weights[:, 4] = 0
    say = "without a threshold it is 6: feature 4 has a value of -6.1"
    want = multiply_int8(rest, weights) + torch.outer(x[:, 4], w[:, 4])
    close(found, want, say=say, **FLOAT32)
    close(multiply_int8(before, w), product, say="no outliers, after calls with some", **FLOAT32)


def test_sums_of_integers_are_exact(multiply_int8, randint):
    """Sums of 2,000 products up to 127 * 127 do not wrap around, and lose nothing by rounding."""
    signs = 2 * randint(0, 2, 3, 2000) - 1
    x = torch.stack([signs[0], signs[1], torch.ones_like(signs[0])]).double() * 1.27
    w = torch.stack([signs[0], signs[2], -torch.ones_like(signs[0])]).double() * 2.54
    for dtype in (SINGLE, DOUBLE):
        got = multiply_int8(x.to(dtype), w.to(dtype))
        close(got, (x @ w.T).to(dtype), atol=2e-3, rtol=1e-5, say="all integers are 127 or -127")
    # 2,000 * 127 * 127 + 1 is odd and above 2**24, so float32 cannot represent it.
    x, w = torch.full((1, 2001), 127 / 32, dtype=DOUBLE), torch.full((1, 2001), 127 / 4).double()
    x[0, 700], w[0, 700] = 1 / 32, 1 / 4
    say = "2,000 products of 127 * 127 and one of 1 * 1, scales 1 / 32 and 1 / 4"
    want = torch.tensor([[(2000 * 127 * 127 + 1) / 128]], dtype=DOUBLE)
    close(multiply_int8(x, w), want, atol=1e-3, rtol=0, say=say)
    # The first half of the features sums to 640 million and the second half takes it away again,
    # so that float32 rounds also where a library adds 32 partial sums side by side.
    p, q = randint(100, 128, 2, 50000).double(), randint(100, 128, 3, 50000).double()
    p[:, 0] = q[:, 0] = 127.0
    x, w = torch.cat([p, p], dim=1) * 0.013, torch.cat([q, -q], dim=1) * 0.007
    for dtype in (SINGLE, DOUBLE):
        got = multiply_int8(x.to(dtype), w.to(dtype))
        equal(got, torch.zeros(2, 3, dtype=dtype), say="sums of 100,000 products that cancel")


def test_outliers_in_floating_point_save_the_other_features(multiply_int8, randn):
    """With two outlier features of 60, the error is below a fifth of that with all in int8."""
    x, w = randn(17, 128, dtype=DOUBLE), randn(31, 128, dtype=DOUBLE)
    x[:, [3, 70]] = 60 * randn(17, 2, dtype=DOUBLE).sign()
    want = x @ w.T
    apart = (multiply_int8(x, w) - want).abs().mean()
    together = (multiply_int8(x, w, 1000.0) - want).abs().mean()
    say = "the mean error with the threshold 6 is below a fifth of that with outliers in int8"
    holds(bool(apart < together / 5), say, want=together / 5, got=apart)
    rest = [j for j in range(128) if j not in (3, 70)]
    a = x[:, rest].abs().amax(dim=1, keepdim=True) / 127
    b = w[:, rest].abs().amax(dim=1) / 127
    bound = a / 2 * w[:, rest].abs().sum(dim=1) + x[:, rest].abs().sum(dim=1, keepdim=True) * b / 2
    bound = bound + a * b * len(rest) / 4
    off = (multiply_int8(x, w) - want).abs()
    holds(bool((off <= bound * 1.0001 + 1e-3).all()), "no sum is off by more than its bound")


def test_tokens_and_rows_of_zeros_give_zeros(multiply_int8, randn):
    """Zeros in a token or in a row of w give 0 and never NaN, beside outliers too."""
    for dtype in (SINGLE, DOUBLE):
        x, w = randn(3, 5).to(dtype), randn(4, 5).to(dtype)
        x[1], w[2] = 0.0, 0.0
        x[:, 3] = torch.tensor([50.0, 0.0, -8.0])
        got = multiply_int8(x, w)
        equal(got[1], torch.zeros(4, dtype=dtype), say="the products of a token of zeros")
        equal(got[:, 2], torch.zeros(3, dtype=dtype), say="the products with a row of zeros")
        only = torch.zeros(2, 5, dtype=dtype)
        only[0, 3] = 9.0
        want = torch.zeros(2, 4, dtype=dtype)
        want[0] = 9 * w[:, 3]
        close(multiply_int8(only, w), want, say="tokens without other values", **FLOAT32)


def test_the_layout_in_memory_does_not_matter(multiply_int8, find_outliers, randint, randn):
    """Transposed and strided x and w give what their copies give."""
    x, w, want = _draw(randint, randn, 5, 13, 7, 2)
    turned = x.T.contiguous().T, w.T.contiguous().T
    close(multiply_int8(*turned), want, say="transposed x and w", **FLOAT32)
    strided = x.repeat_interleave(2, dim=1)[:, ::2], w.repeat_interleave(2, dim=0)[::2]
    close(multiply_int8(*strided), want, say="strided x and w", **FLOAT32)
    found = (x.abs() > 6).any(dim=0)
    equal(find_outliers(turned[0], 6.0), found, say="outliers of a transposed x")
    row = x[:1].expand(4, 13)
    equal(find_outliers(row, 6.0), x[0].abs() > 6, say="outliers of a row expanded to four")


def test_the_inputs_stay_as_they_were(multiply_int8, find_outliers, randn):
    """No function changes its arguments."""
    x, w = randn(3, 5), randn(4, 5)
    x[1, 2] = 50.0
    before = x.clone(), w.clone()
    find_outliers(x, 6.0)
    multiply_int8(x, w)
    equal(x, before[0], say="a call changed its input x; return a new tensor")
    equal(w, before[1], say="a call changed its input w; return a new tensor")


def _draw(randint, randn, tokens, features, out, outliers):
    """Return x and w, away from ties, with this many outlier features, and their product."""
    order = randint(0, 10**9, features).argsort()
    apart, rest = order[:outliers], order[outliers:]
    x = torch.zeros(tokens, features, dtype=DOUBLE)
    w = torch.zeros(out, features, dtype=DOUBLE)
    sums = []
    for whole, rows in ((x, tokens), (w, out)):
        numbers, integers = shared.draw_off_ties(randint, rows, len(rest), 127)
        sizes = randint(3, 30, rows, 1).double() / 1000
        whole[:, rest] = numbers * sizes
        sums.append(integers.double() * sizes)
    want = sums[0] @ sums[1].T
    x[:, apart] = 2 * randn(tokens, outliers, dtype=DOUBLE)
    x[int(randint(0, tokens, 1)), apart] = 20.0 * (2 * randint(0, 2, outliers) - 1).double()
    w[:, apart] = 8 * randn(out, outliers, dtype=DOUBLE)
    return x, w, want + x[:, apart] @ w[:, apart].T
