"""Wrong versions of quantize and dequantize."""

import torch

from grader.checks import caught_by, edit, spelling


@caught_by("test_minus_x_gives_minus_q_and_the_same_scale")
def divided_by_128():
    """a scale of max |x| / 128, so that the absmax becomes 128 and wraps around to -128"""
    edit("() / 127", "() / 128")


@caught_by("test_minus_x_gives_minus_q_and_the_same_scale")
def full_range():
    """a scale of max |x| / 127.5, which uses -128 too"""
    edit("() / 127", "() / 127.5")
    edit("round().to", "round().clamp(-128, 127).to")


@caught_by("test_minus_x_gives_minus_q_and_the_same_scale")
def max_without_abs():
    """a scale from the largest number instead of the largest absolute value"""
    with spelling():
        edit("abs().amax", "amax")
        edit("round().to", "round().clamp(-127, 127).to")
    with spelling():
        edit("abs().amax", "amax")
        edit("scale == 0", "scale <= 0")
        edit("round().to", "round().clamp(-127, 127).to")
    with spelling():
        edit("abs().amax", "amax")


@caught_by("test_quantizing_follows_the_rule_number_by_number")
def range_over_255():
    """a scale of (max - min) / 255 or / 254, as in zero-point quantization"""
    with spelling():
        edit("x.abs().amax() / 127", "(x.amax() - x.amin()) / 255")
        edit("round().to", "round().clamp(-127, 127).to")
    with spelling():
        edit("x.abs().amax() / 127", "(x.amax() - x.amin()) / 254")
        edit("round().to", "round().clamp(-127, 127).to")
    with spelling():
        edit("x.abs().amax() / 127", "(x.amax() - x.amin()) / 254")


@caught_by("test_q_is_int8_and_the_scale_is_one_number")
def scale_for_each_row():
    """one scale per row instead of one for the whole tensor"""
    edit("().amax()", "().amax(dim=-1, keepdim=True)")


@caught_by("test_numbers_worked_by_hand")
def scale_upside_down():
    """127 / max |x| returned as the scale (the paper's s), by which dequantize divides"""
    edit("scale = x", "largest = x")
    edit("() / 127", "()")
    edit("scale == 0", "largest == 0")
    edit(" (x / scale)", " (x * scale)")
    edit("* scale", "/ scale")
    edit("(scale), scale", "(largest), 127 / largest")


@caught_by("test_no_number_moves_by_more_than_half_a_scale")
def truncated():
    """numbers truncated towards 0 instead of rounded"""
    edit("round().to", "to")


@caught_by("test_halves_go_to_the_even_neighbour")
def halves_away_from_zero():
    """halves rounded away from 0, as C's round does"""
    edit("(x / scale).round()", "(x.sign() * ((x / scale).abs() + 0.5).floor())")


@caught_by("test_halves_go_to_the_even_neighbour")
def halves_up():
    """halves rounded up: the floor of x / scale + 0.5"""
    edit("scale).round", "scale + 0.5).floor")


@caught_by("test_no_number_moves_by_more_than_half_a_scale")
def outliers_clipped():
    """a scale of three standard deviations, so that larger numbers are clipped"""

    def quantize(x):
        largest = torch.minimum(x.abs().amax(), 3 * x.square().mean().sqrt())
        scale = torch.where(largest == 0, torch.ones_like(largest), largest / 127)
        return (x / scale).round().clamp(-127, 127).to(torch.int8), scale


@caught_by("test_no_number_moves_by_more_than_half_a_scale")
def small_taken_for_zero():
    """a small scale replaced by 1, as if all numbers were 0"""
    with spelling():
        edit("scale == 0", "scale < 1e-5")
    with spelling():
        edit("scale == 0", "scale < 1e-12")
    with spelling():
        edit("scale == 0", "scale < 1e-30")


@caught_by("test_no_number_moves_by_more_than_half_a_scale")
def absmax_from_a_floor():
    """an absmax that is never below some small number, so that smaller numbers become 0"""
    with spelling():
        edit("    # No clamp", "    scale = scale.clamp(min=1e-5 / 127)\n    # No clamp")
    with spelling():
        edit("    # No clamp", "    scale = scale.clamp(min=1e-8 / 127)\n    # No clamp")
    with spelling():
        edit("    # No clamp", "    scale = scale.clamp(min=1e-12 / 127)\n    # No clamp")


@caught_by("test_no_number_moves_by_more_than_half_a_scale")
def inverse_of_the_scale():
    """x multiplied by 127 / absmax, which is infinite for an absmax of 1e-38"""
    edit("return (x / scale)", "return (x * (1 / scale))")


@caught_by("test_no_number_moves_by_more_than_half_a_scale")
def root_of_the_square():
    """an absmax that is the root of the largest square, which overflows above 1e19"""
    edit("x.abs().amax()", "x.square().amax().sqrt()")


@caught_by("test_q_is_int8_and_the_scale_is_one_number")
def scale_of_shape_one():
    """a scale of shape (1,) instead of ()"""
    edit(
        "return (x / scale).round().to(torch.int8), scale",
        "return (x / scale).round().to(torch.int8), scale.reshape(1)",
    )


@caught_by("test_q_is_int8_and_the_scale_is_one_number")
def float64_made_float32():
    """x converted to float32, so that the scale is float32 for a float64 tensor too"""
    edit("    scale = x.abs", "    x = x.float()\n    scale = x.abs")


@caught_by("test_zeros_have_the_scale_one")
def zero_divided_by_zero():
    """a scale of 0 instead of 1 for a tensor of zeros, as 0 / 127 gives"""
    edit("    scale = torch.where(scale == 0, torch.ones_like(scale), scale)\n", "")


@caught_by("test_zeros_have_the_scale_one")
def epsilon_in_the_scale():
    """a small constant added to every scale, so that zeros can be divided by it"""
    edit("() / 127", "() / 127 + 1e-8")
    edit("    scale = torch.where(scale == 0, torch.ones_like(scale), scale)\n", "")


@caught_by("test_q_is_int8_and_the_scale_is_one_number")
def never_made_int8():
    """integers stored as floats, with four bytes each"""
    edit(".to(torch.int8)", "")


@caught_by("test_q_is_int8_and_the_scale_is_one_number")
def scale_of_python():
    """a scale that is a Python number (.item()) instead of a tensor"""
    with spelling():
        edit("    scale = torch.where(scale == 0, torch.ones_like(scale), scale)\n", "")
        edit("() / 127", "().item() / 127 or 1.0")
    with spelling():
        edit(
            "return (x / scale).round().to(torch.int8), scale",
            "return (x / scale).round().to(torch.int8), scale.item()",
        )


@caught_by("test_the_inputs_stay_as_they_were")
def divided_in_place():
    """the caller's x divided and rounded in place (div_ changes the input)"""
    edit("(x / scale).round", "x.div_(scale).round_")


@caught_by("test_dequantize_multiplies_by_the_scale")
def product_in_int8():
    """dequantize that multiplies in int8, where 100 * 3 wraps around to 44"""
    edit("q.to(scale.dtype) * scale", "(q * scale.to(torch.int8)).to(scale.dtype)")


@caught_by("test_dequantize_gives_the_shape_of_q_and_the_dtype_of_the_scale")
def left_in_int8():
    """dequantize that returns the dtype of q, int8"""
    edit("q.to(scale.dtype) * scale", "q * scale.to(q.dtype)")


@caught_by("test_dequantize_multiplies_by_the_scale")
def divided_by_the_scale():
    """dequantize that divides by the scale"""
    edit("* scale", "/ scale")


@caught_by("test_dequantize_gives_the_shape_of_q_and_the_dtype_of_the_scale")
def float32_always():
    """dequantize that returns float32, whatever the dtype of scale"""
    edit("to(scale.dtype) * scale", "float() * scale.float()")
