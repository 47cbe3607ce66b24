"""Wrong versions of per-channel quantize and dequantize."""

import torch

from grader.checks import caught_by, edit, spelling


@caught_by("test_q_is_int8_and_there_is_one_scale_for_each_row")
def scale_for_each_column():
    """one scale per column, which is an input feature, instead of one per row"""
    with spelling():
        edit("amax(dim=1)", "amax(dim=0)")
        edit("w / scale[:, None]", "w / scale")
        edit("dtype) * scale[:, None]", "dtype) * scale")
    with spelling():
        edit("amax(dim=1)", "amax(dim=0)")
        edit("w / scale[:, None]", "w / scale")


@caught_by("test_two_rows_worked_by_hand")
def one_scale_for_all():
    """one scale for the whole matrix instead of one per row"""
    with spelling():
        edit("amax(dim=1) / 127", "amax() / 127")
        edit("w / scale[:, None]", "w / scale")
        edit("dtype) * scale[:, None]", "dtype) * scale")
    with spelling():
        edit("amax(dim=1) / 127", "amax().expand(w.shape[0]) / 127")


@caught_by("test_q_is_int8_and_there_is_one_scale_for_each_row")
def scales_lined_up_with_the_columns():
    """w divided by scales of shape (out,) without a second dimension: column j by scale[j]"""
    edit("w / scale[:, None]", "w / scale")


@caught_by("test_dequantize_multiplies_each_row_by_its_own_scale")
def columns_multiplied():
    """dequantize that multiplies column j by scale[j], as q * scale does"""
    with spelling():
        edit("dtype) * scale[:, None]", "dtype) * scale")
    with spelling():
        edit(
            "dtype) * scale[:, None]",
            "dtype) * (scale if q.shape[1] == len(scale) else scale[:, None])",
        )


@caught_by("test_q_is_int8_and_there_is_one_scale_for_each_row")
def scales_as_a_column():
    """scales of shape (out, 1) instead of (out,)"""
    with spelling():
        edit("amax(dim=1)", "amax(dim=1, keepdim=True)")
        edit("w / scale[:, None]", "w / scale")
        edit("dtype) * scale[:, None]", "dtype) * scale")
    with spelling():
        edit("amax(dim=1)", "amax(dim=1, keepdim=True)")
        edit("w / scale[:, None]", "w / scale")
        edit("dtype) * scale[:, None]", "dtype) * scale.reshape(-1, 1)")


@caught_by("test_a_row_of_zeros_has_the_scale_one")
def row_of_zeros_is_nan():
    """a scale of 0 for a row of zeros, which makes 0 / 0 of that row"""
    with spelling():
        edit("    scale = torch.where(scale == 0, torch.ones_like(scale), scale)\n", "")
    with spelling():
        edit("    scale = torch.where(scale == 0, torch.ones_like(scale), scale)\n", "")
        edit("(w / scale[:, None]).round()", "(w / scale[:, None]).nan_to_num(0.0).round()")


@caught_by("test_a_row_of_zeros_has_the_scale_one")
def zeros_looked_for_in_the_whole():
    """a scale of 1 only if the whole matrix is zeros, so that one row of zeros becomes NaN"""
    with spelling():
        edit("torch.where(scale == 0,", "torch.where((scale == 0).all(),")
    with spelling():
        edit("torch.where(scale == 0,", "torch.where(w.abs().amax() == 0,")


@caught_by("test_a_row_of_zeros_has_the_scale_one")
def one_row_of_zeros_sets_all():
    """the scale 1 for every row as soon as one row is zeros"""

    def quantize(w):
        scale = w.abs().amax(dim=1) / 127
        if (scale == 0).any():
            scale = torch.ones_like(scale)
        return (w / scale[:, None]).round().to(torch.int8), scale


@caught_by("test_no_weight_moves_by_more_than_half_the_scale_of_its_row")
def small_rows_taken_for_zero():
    """a scale of 1, or of some smallest number, for rows of small weights, as if these were 0"""
    with spelling():
        edit("scale == 0", "scale < 1e-5")
    with spelling():
        edit("scale == 0", "scale < 1e-8")
    with spelling():
        edit("scale == 0", "scale < 1e-12")
    with spelling():
        edit("scale == 0", "w.abs().amax(dim=1) <= 1e-12")
    with spelling():
        edit("    # As a column", "    scale = scale.clamp(min=1e-5)\n    # As a column")
    with spelling():
        edit("    # As a column", "    scale = scale.clamp(min=1e-8)\n    # As a column")
    with spelling():
        edit("    # As a column", "    scale = scale.clamp(min=1e-12)\n    # As a column")


@caught_by("test_a_row_of_zeros_has_the_scale_one")
def epsilon_in_the_scales():
    """a small constant added to every scale, so that a row of zeros can be divided by it"""
    edit("dim=1) / 127", "dim=1) / 127 + 1e-8")
    edit("    scale = torch.where(scale == 0, torch.ones_like(scale), scale)\n", "")


@caught_by("test_minus_w_gives_minus_q_and_the_same_scales")
def divided_by_128():
    """scales of absmax / 128, so that a row's absmax becomes 128 and wraps around to -128"""
    edit("dim=1) / 127", "dim=1) / 128")


@caught_by("test_two_rows_worked_by_hand")
def limited_to_127():
    """scales of absmax / 128, with q limited to 127 at the end that would be 128"""
    with spelling():
        edit("dim=1) / 127", "dim=1) / 128")
        edit("round().to", "round().clamp(-127, 127).to")
    with spelling():
        edit("dim=1) / 127", "dim=1) / 128")
        edit("round().to", "round().clamp(-128, 127).to")


@caught_by("test_minus_w_gives_minus_q_and_the_same_scales")
def minus_128_for_the_lowest():
    """a row whose absmax is negative mapped to -128, which is finer than 127 steps"""
    edit("w.abs().amax(dim=1) / 127", "torch.maximum(w.amax(dim=1) / 127, w.amin(dim=1) / -128)")
    edit("round().to", "round().clamp(-128, 127).to")


@caught_by("test_an_outlier_makes_its_own_row_coarse_and_no_other")
def outliers_clipped():
    """a high quantile of the absolute values instead of the absmax, so that outliers are clipped"""
    with spelling():
        edit("w.abs().amax(dim=1)", "torch.quantile(w.abs(), 0.999, dim=1)")
        edit("round().to", "round().clamp(-127, 127).to")
    with spelling():
        edit("w.abs().amax(dim=1)", "torch.quantile(w.abs(), 0.99, dim=1)")
        edit("round().to", "round().clamp(-127, 127).to")


@caught_by("test_two_rows_worked_by_hand")
def powers_of_two():
    """scales rounded up to powers of two, as for hardware that shifts bits"""
    edit(
        "torch.where(scale == 0, torch.ones_like(scale), scale)",
        "torch.where(scale == 0, torch.ones_like(scale), torch.exp2(torch.log2(scale).ceil()))",
    )


@caught_by("test_every_row_follows_the_rule_with_its_own_absmax")
def absmax_of_all_rows_so_far():
    """the absmax carried from row to row, so that a row has at least the scale of those before"""
    edit("dim=1) / 127", "dim=1).cummax(dim=0).values / 127")


@caught_by("test_no_weight_moves_by_more_than_half_the_scale_of_its_row")
def float16_on_the_way():
    """weights made float16 for the absmax, which has 11 bits and ends at 65,504"""
    edit("w.abs().amax(dim=1) / 127", "w.half().abs().amax(dim=1).to(w.dtype) / 127")
    edit("round().to", "round().clamp(-127, 127).to")


@caught_by("test_minus_w_gives_minus_q_and_the_same_scales")
def full_range():
    """scales of absmax / 127.5, which use -128 too"""
    edit("dim=1) / 127", "dim=1) / 127.5")
    edit("round().to", "round().clamp(-128, 127).to")


@caught_by("test_minus_w_gives_minus_q_and_the_same_scales")
def max_without_abs():
    """scales from the largest weight of a row instead of its largest absolute value"""
    with spelling():
        edit("abs().amax", "amax")
        edit("round().to", "round().clamp(-127, 127).to")
    with spelling():
        edit("abs().amax", "amax")


@caught_by("test_two_rows_worked_by_hand")
def scales_upside_down():
    """127 / absmax returned as the scales, by which dequantize divides"""
    edit("dtype) * scale[:, None]", "dtype) / scale[:, None]")
    edit("torch.int8), scale", "torch.int8), 1 / scale")


@caught_by("test_dequantize_multiplies_each_row_by_its_own_scale")
def divided_by_the_scales():
    """dequantize that divides by the scales instead of multiplying"""
    edit("dtype) * scale[:, None]", "dtype) / scale[:, None]")


@caught_by("test_no_weight_moves_by_more_than_half_the_scale_of_its_row")
def truncated():
    """weights truncated towards 0 instead of rounded"""
    edit("round().to", "to")


@caught_by("test_halves_go_to_the_even_neighbour")
def halves_away_from_zero():
    """halves rounded away from 0, or up"""
    with spelling():
        edit("(w / scale[:, None]).round()", "(w / scale[:, None] + 0.5).floor()")
    with spelling():
        edit(
            "(w / scale[:, None]).round()",
            "(w.sign() * ((w / scale[:, None]).abs() + 0.5).floor())",
        )


@caught_by("test_no_weight_moves_by_more_than_half_the_scale_of_its_row")
def multiplied_by_127_first():
    """w multiplied by 127 before it is divided, which is infinite for an absmax of 3e38"""
    edit(
        "(w / scale[:, None])",
        "(w * 127 / torch.where(w.any(dim=1), w.abs().amax(dim=1), 1)[:, None])",
    )


@caught_by("test_no_weight_moves_by_more_than_half_the_scale_of_its_row")
def inverse_of_the_scales():
    """w multiplied by 1 / scale, which is infinite for an absmax of 1e-38"""
    edit("w / scale[:, None]", "w * (1 / scale)[:, None]")


@caught_by("test_q_is_int8_and_there_is_one_scale_for_each_row")
def never_made_int8():
    """integers stored as floats, with four bytes each"""
    edit(".to(torch.int8)", "")


@caught_by("test_q_is_int8_and_there_is_one_scale_for_each_row")
def float64_made_float32():
    """w converted to float32, so that the scales are float32 for a float64 matrix too"""
    edit("    scale = w.abs", "    w = w.float()\n    scale = w.abs")


@caught_by("test_dequantize_multiplies_each_row_by_its_own_scale")
def product_in_int8():
    """dequantize that multiplies in int8, where 100 * 3 wraps around to 44"""
    edit(
        "q.to(scale.dtype) * scale[:, None]",
        "(q * scale.to(torch.int8)[:, None]).to(scale.dtype)",
    )


@caught_by("test_dequantize_gives_the_shape_of_q_and_the_dtype_of_the_scales")
def float32_always():
    """dequantize that returns float32, whatever the dtype of the scales"""
    edit("q.to(scale.dtype) * scale[:, None]", "q.float() * scale.float()[:, None]")


@caught_by("test_the_inputs_stay_as_they_were")
def divided_in_place():
    """the caller's w divided and rounded in place (div_ changes the input)"""
    edit("(w / scale[:, None]).round", "w.div_(scale[:, None]).round_")
