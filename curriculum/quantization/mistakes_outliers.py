"""Wrong versions of find_outliers and multiply_int8."""

import torch

from exercises.quantization.per_channel import quantize
from grader.checks import caught_by, edit, spelling


@caught_by("test_outliers_are_looked_for_in_x_and_not_in_w")
def outliers_of_the_weight():
    """outliers looked for in w instead of x, or in both"""
    with spelling():
        edit("outlier = find_outliers(x, threshold)", "outlier = find_outliers(w, threshold)")
    with spelling():
        edit(
            "outlier = find_outliers(x, threshold)",
            "outlier = find_outliers(x, threshold) | find_outliers(w, threshold)",
        )


@caught_by("test_sums_of_integers_are_exact")
def sums_in_a_small_dtype():
    """products summed in int8 or int16, where they wrap around"""
    with spelling():
        edit("p.to(torch.int32) @ q.to(torch.int32).T", "p @ q.T")
    with spelling():
        edit("p.to(torch.int32) @ q.to(torch.int32).T", "p.to(torch.int16) @ q.to(torch.int16).T")


@caught_by("test_sums_of_integers_are_exact")
def sums_in_float32():
    """integers summed in float32, which rounds whole numbers above 2 ** 24"""
    with spelling():
        edit("p.to(torch.int32) @ q.to(torch.int32).T", "p.float() @ q.float().T")
    with spelling():
        edit("p.to(torch.int32) @ q.to(torch.int32).T", "p.to(x.dtype) @ q.to(x.dtype).T")


@caught_by("test_sums_of_integers_are_exact")
def scaled_before_the_sum():
    """integers multiplied by their scales before the sum, which then is rounded"""
    edit(
        "sums.to(x.dtype) * a[:, None] * b",
        "(p * a[:, None]) @ (q * b[:, None]).T",
    )


@caught_by("test_without_outliers_all_is_computed_in_integers")
def weight_only():
    """the weight quantized and x left in floating point"""
    edit(
        "sums.to(x.dtype) * a[:, None] * b",
        "x.masked_fill(outlier, 0) @ (q * b[:, None]).T",
    )


@caught_by("test_outlier_features_are_multiplied_in_floating_point")
def absmax_with_the_outliers():
    """scales from all features, outliers too, so that the other features become coarse"""

    def multiply_int8(x, w, threshold=6.0):
        outlier = (x.abs() > threshold).any(dim=0)
        floats = x[:, outlier] @ w[:, outlier].T
        p, a = quantize(x)
        q, b = quantize(w)
        sums = p[:, ~outlier].to(torch.int32) @ q[:, ~outlier].to(torch.int32).T
        return floats + sums.to(x.dtype) * a[:, None] * b


@caught_by("test_outlier_features_are_multiplied_in_floating_point")
def absmax_with_the_outliers_in_one():
    """outlier features left out of the scales of x or those of w, and not of both"""
    with spelling():
        edit("quantize(w.masked_fill(outlier, 0))", "quantize(w)")
    with spelling():
        edit("quantize(x.masked_fill(outlier, 0))", "quantize(x)")
        edit("p.to(torch.int32)", "p.masked_fill(outlier, 0).to(torch.int32)")


@caught_by("test_a_feature_with_one_value_above_the_threshold_is_an_outlier")
def threshold_is_an_outlier():
    """a value that equals the threshold taken for an outlier"""
    edit("x.abs() > threshold", "x.abs() >= threshold")


@caught_by("test_a_feature_with_one_value_above_the_threshold_is_an_outlier")
def negative_outliers_missed():
    """large values found without abs, so that negative ones are missed"""
    edit("x.abs() > threshold", "x > threshold")


@caught_by("test_a_feature_with_one_value_above_the_threshold_is_an_outlier")
def outlier_in_every_token():
    """a feature taken for an outlier only if it is large in every token, or on average"""
    with spelling():
        edit("(x.abs() > threshold).any(dim=0)", "(x.abs() > threshold).all(dim=0)")
    with spelling():
        edit("(x.abs() > threshold).any(dim=0)", "x.abs().mean(dim=0) > threshold")


@caught_by("test_outliers_are_found_by_column_for_any_size")
def norm_of_a_feature():
    """the norm of a column, over all tokens, compared with the threshold"""
    edit("(x.abs() > threshold).any(dim=0)", "x.norm(dim=0) > threshold")


@caught_by("test_a_feature_with_one_value_above_the_threshold_is_an_outlier")
def standard_deviations():
    """the threshold taken as a number of standard deviations of x"""
    edit("x.abs() > threshold", "x.abs() > threshold * x.std(unbiased=False).clamp(min=1e-12)")


@caught_by("test_a_feature_with_one_value_above_the_threshold_is_an_outlier")
def features_without_outliers():
    """True for the features that have no outlier"""
    edit("return (x.abs() > threshold).any(dim=0)", "return ~(x.abs() > threshold).any(dim=0)")
    edit("= find_outliers(x, threshold)", "= ~find_outliers(x, threshold)")


@caught_by("test_a_feature_with_one_value_above_the_threshold_is_an_outlier")
def bool_for_each_value():
    """a bool for each value of x instead of one for each feature"""
    edit("return (x.abs() > threshold).any(dim=0)", "return x.abs() > threshold")
    edit("= find_outliers(x, threshold)", "= find_outliers(x, threshold).any(dim=0)")


@caught_by("test_outlier_features_are_multiplied_in_floating_point")
def outliers_of_each_token():
    """outlier features found for each token by itself, though one token decides for all"""

    def multiply_int8(x, w, threshold=6.0):
        rows = []
        for token in x.split(1):
            outlier = (token.abs() > threshold).any(dim=0)
            p, a = quantize(token.masked_fill(outlier, 0))
            q, b = quantize(w.masked_fill(outlier, 0))
            sums = p.to(torch.int32) @ q.to(torch.int32).T
            rows.append(token[:, outlier] @ w[:, outlier].T + sums.to(x.dtype) * a[:, None] * b)
        return torch.cat(rows)


@caught_by("test_a_product_worked_by_hand")
def outliers_clipped():
    """outliers clipped to the threshold, and everything quantized"""
    edit("outlier = find_outliers(x, threshold)", "outlier = torch.zeros_like(x[0]).bool()")
    edit("quantize(x.masked_fill(outlier, 0))", "quantize(x.clamp(-threshold, threshold))")


@caught_by("test_without_outliers_all_is_computed_in_integers")
def floats_without_outliers():
    """the product in floating point if there is no outlier feature"""
    edit("    floats =", "    if not outlier.any():\n        return x @ w.T\n    floats =")


@caught_by("test_a_feature_with_one_value_above_the_threshold_is_an_outlier")
def outlier_tokens():
    """tokens (rows of x) with a large value instead of features (columns)"""
    edit("any(dim=0)", "any(dim=1)")


@caught_by("test_a_feature_with_one_value_above_the_threshold_is_an_outlier")
def indices_returned():
    """the indices of the outlier features instead of a bool for each feature"""
    edit(
        "return (x.abs() > threshold).any(dim=0)",
        "return (x.abs() > threshold).any(dim=0).nonzero().flatten()",
    )
    edit(
        "outlier = find_outliers(x, threshold)",
        "outlier = torch.zeros(x.shape[1], dtype=torch.bool)\n"
        "    outlier[find_outliers(x, threshold)] = True",
    )


@caught_by("test_outlier_features_are_multiplied_in_floating_point")
def single_values_apart():
    """only the large values themselves kept in floating point, not the whole feature"""

    def multiply_int8(x, w, threshold=6.0):
        large = x.abs() > threshold
        p, a = quantize(x.masked_fill(large, 0))
        q, b = quantize(w)
        sums = p.to(torch.int32) @ q.to(torch.int32).T
        return x.masked_fill(~large, 0) @ w.T + sums.to(x.dtype) * a[:, None] * b


@caught_by("test_a_product_worked_by_hand")
def outliers_counted_twice():
    """outlier features added in floating point and in the integers as well"""
    with spelling():
        edit("x.masked_fill(outlier, 0)", "x")
        edit("w.masked_fill(outlier, 0)", "w")
    with spelling():
        edit("x.masked_fill(outlier, 0)", "x.masked_fill(outlier.all(), 0)")
        edit("w.masked_fill(outlier, 0)", "w.masked_fill(outlier.all(), 0)")


@caught_by("test_a_product_worked_by_hand")
def outliers_left_out():
    """outlier features left out of the sum, as if they were 0"""
    edit("floats + sums", "0 * floats + sums")


@caught_by("test_a_product_worked_by_hand")
def never_separated():
    """all features in integers, outliers too, so that they spoil the scales"""
    edit("(x, threshold)  # (in,)", "(x, float('inf'))  # (in,)")


@caught_by("test_a_product_worked_by_hand")
def never_quantized():
    """the whole product in floating point"""
    edit(
        "floats + sums.to(x.dtype) * a[:, None] * b",
        "floats + x.masked_fill(outlier, 0) @ w.T",
    )


@caught_by("test_outlier_features_are_multiplied_in_floating_point")
def outliers_quantized_apart():
    """outlier features quantized to int8 as well, with scales of their own"""

    def multiply_int8(x, w, threshold=6.0):
        outlier = (x.abs() > threshold).any(dim=0)
        y = torch.zeros(len(x), len(w), dtype=x.dtype)
        for part in (outlier, ~outlier):
            p, a = quantize(x.masked_fill(part, 0))
            q, b = quantize(w.masked_fill(part, 0))
            y += (p.to(torch.int32) @ q.to(torch.int32).T) * a[:, None] * b
        return y


@caught_by("test_outlier_features_are_multiplied_in_floating_point")
def outliers_in_half_precision():
    """outlier features multiplied in float16 or bfloat16, not in the dtype of x"""
    with spelling():
        edit(
            "x[:, outlier] @ w[:, outlier].T",
            "(x[:, outlier].half() @ w[:, outlier].half().T).to(x.dtype)",
        )
    with spelling():
        edit(
            "x[:, outlier] @ w[:, outlier].T",
            "(x[:, outlier].bfloat16() @ w[:, outlier].bfloat16().T).to(x.dtype)",
        )
    with spelling():
        edit(
            "x[:, outlier] @ w[:, outlier].T",
            "(x[:, outlier].half().float() @ w[:, outlier].half().float().T).to(x.dtype)",
        )


@caught_by("test_without_outliers_all_is_computed_in_integers")
def one_scale_for_x():
    """one scale for all tokens instead of one for each"""
    edit(
        "p, a = quantize(x.masked_fill(outlier, 0))",
        "p, a = quantize(x.masked_fill(outlier, 0).reshape(1, -1))\n"
        "    p, a = p.reshape(x.shape), a.expand(len(x))",
    )


@caught_by("test_without_outliers_all_is_computed_in_integers")
def one_scale_for_w():
    """one scale for the whole weight instead of one for each output feature"""
    edit(
        "q, b = quantize(w.masked_fill(outlier, 0))",
        "q, b = quantize(w.masked_fill(outlier, 0).reshape(1, -1))\n"
        "    q, b = q.reshape(w.shape), b.expand(len(w))",
    )


@caught_by("test_a_product_worked_by_hand")
def one_scale_forgotten():
    """the sums multiplied by the scale of x or that of w, and not by both"""
    with spelling():
        edit("* a[:, None] * b", "* a[:, None]")
    with spelling():
        edit("* a[:, None] * b", "* b")
    with spelling():
        edit("sums.to(x.dtype) * a[:, None] * b", "sums.to(x.dtype)")


@caught_by("test_the_product_has_a_row_for_each_token_and_the_dtype_of_x")
def scales_along_the_wrong_axes():
    """the scales of x lined up with the output features, and those of w with the tokens"""
    edit("* a[:, None] * b", "* a * b[:, None]")


@caught_by("test_without_outliers_all_is_computed_in_integers")
def weight_scales_of_the_columns():
    """the weight quantized by columns, whose scales cannot be taken out of the sum"""
    edit(
        "q, b = quantize(w.masked_fill(outlier, 0))",
        "q, b = quantize(w.masked_fill(outlier, 0).T)\n"
        "    q, b = q.T, b[~outlier | outlier.all()].mean().expand(len(w))",
    )


@caught_by("test_the_threshold_decides")
def threshold_ignored():
    """6 used for the threshold, whatever was given"""
    with spelling():
        edit("find_outliers(x, threshold)", "find_outliers(x, 6.0)")
    with spelling():
        edit("x.abs() > threshold", "x.abs() > 6.0")


@caught_by("test_the_product_has_a_row_for_each_token_and_the_dtype_of_x")
def no_column_left():
    """the other features sliced out, where the absmax of no column raises an error"""
    edit("quantize(x.masked_fill(outlier, 0))", "quantize(x[:, ~outlier])")
    edit("quantize(w.masked_fill(outlier, 0))", "quantize(w[:, ~outlier])")


@caught_by("test_the_product_has_a_row_for_each_token_and_the_dtype_of_x")
def float32_always():
    """float32 returned for float64 inputs"""
    edit("return floats + sums.to(x.dtype)", "return floats.float() + sums.float()")
    edit("* a[:, None] * b", "* a.float()[:, None] * b.float()")


@caught_by("test_the_inputs_stay_as_they_were")
def filled_in_place():
    """the outlier features of the caller's x or w set to 0 in place"""
    with spelling():
        edit("x.masked_fill(", "x.masked_fill_(")
        edit("w.masked_fill(", "w.masked_fill_(")
    with spelling():
        edit("x.masked_fill(", "x.masked_fill_(")
    with spelling():
        edit("x.abs() > threshold", "x.abs_() > threshold")


@caught_by("test_the_product_has_a_row_for_each_token_and_the_dtype_of_x")
def weight_not_transposed():
    """w taken as (in, out), so that it does not fit"""
    edit("w[:, outlier].T", "w[:, outlier]")
