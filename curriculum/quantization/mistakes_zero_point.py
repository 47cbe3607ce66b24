"""Wrong versions of zero-point quantize and dequantize."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_range_on_one_side_of_zero_is_extended_to_zero")
def range_without_zero():
    """a range that is not extended to 0 at one end, or at both"""
    with spelling():
        edit("x.amin().clamp(max=0), x.amax().clamp(min=0)", "x.amin(), x.amax()")
    with spelling():
        edit("x.amin().clamp(max=0), x.amax().clamp(min=0)", "x.amin(), x.amax()")
        edit("(-lo / scale).round()", "(-lo / scale).round().clamp(0, 255)")
    with spelling():
        edit("x.amin().clamp(max=0)", "x.amin()")
    with spelling():
        edit("x.amax().clamp(min=0)", "x.amax()")
    with spelling():
        edit("x.amin().clamp(max=0)", "x.amin()")
        edit("(-lo / scale).round()", "(-lo / scale).round().clamp(0, 255)")
    with spelling():
        edit("x.amax().clamp(min=0)", "x.amax()")
        edit("(-lo / scale).round()", "(-lo / scale).round().clamp(0, 255)")


@caught_by("test_halves_go_to_the_even_neighbour")
def counted_from_the_lowest():
    """steps counted from lo, round((x - lo) / scale), which is not round(x / scale) plus z"""
    with spelling():
        edit("((x / scale).round() + z)", "((x - lo) / scale).round()")
    with spelling():
        edit("((x / scale).round() + z)", "(x / scale - lo / scale).round()")


@caught_by("test_q_and_the_zero_point_are_uint8_and_the_scale_is_one_number")
def zero_point_is_a_float():
    """a zero point that stays a float, with its fraction or without"""
    with spelling():
        edit("scale, z.to(torch.uint8)", "scale, z")
    with spelling():
        edit("(-lo / scale).round()", "-lo / scale")
        edit("((x / scale).round() + z)", "(x / scale + z).round()")
        edit("scale, z.to(torch.uint8)", "scale, z")


@caught_by("test_q_and_the_zero_point_are_uint8_and_the_scale_is_one_number")
def lowest_number_returned():
    """lo returned in place of the zero point, and added by dequantize"""
    edit("((x / scale).round() + z)", "((x - lo) / scale).round()")
    edit("scale, z.to(torch.uint8)", "scale, lo")
    edit(
        "(q.to(scale.dtype) - zero_point.to(scale.dtype)) * scale",
        "q.to(scale.dtype) * scale + zero_point",
    )


@caught_by("test_both_ends_of_the_range_fit_into_a_byte")
def zero_point_truncated():
    """the zero point truncated, as a conversion to an integer does, or rounded up"""
    with spelling():
        edit("(-lo / scale).round()", "(-lo / scale).floor()")
    with spelling():
        edit("(-lo / scale).round()", "(-lo / scale).ceil()")
    with spelling():
        edit("(-lo / scale).round()", "-lo / scale")
        edit("((x / scale).round() + z)", "(x / scale + z).round()")


@caught_by("test_numbers_worked_by_hand")
def two_hundred_and_fifty_six_steps():
    """a scale of (hi - lo) / 256, though 256 integers have 255 steps between them"""
    with spelling():
        edit("(hi - lo) / 255\n", "(hi - lo) / 256\n")
    with spelling():
        edit("(hi - lo) / 255\n", "(hi - lo) / 256\n")
        edit("(-lo / scale).round()", "(-lo / scale).round().clamp(0, 255)")


@caught_by("test_numbers_worked_by_hand")
def steps_of_int8():
    """a scale of (hi - lo) / 127, or half of the range unused"""
    edit("(hi - lo) / 255\n", "(hi - lo) / 127\n")


@caught_by("test_halves_go_to_the_even_neighbour")
def rounded_after_the_sum():
    """x / scale + z rounded at the end, so that halves go the other way where z is odd"""
    edit("((x / scale).round() + z)", "(x / scale + z).round()")


@caught_by("test_both_ends_of_the_range_fit_into_a_byte")
def never_clamped():
    """no limit at 255, so that 256 wraps around to 0"""
    with spelling():
        edit(".clamp(0, 255)", "")
    with spelling():
        edit(".clamp(0, 255)", ".to(torch.int64)")


@caught_by("test_numbers_worked_by_hand")
def limited_to_254():
    """integers limited to 254, as if the upper end did not count"""
    edit(".clamp(0, 255)", ".clamp(0, 254)")


@caught_by("test_numbers_worked_by_hand")
def limited_before_the_sum():
    """x / scale limited to 0 and 255 before z is added, so that negative numbers become z"""
    with spelling():
        edit("(x / scale).round() + z", "(x / scale).round().clamp(0, 255) + z")
    with spelling():
        edit("(x / scale).round() + z).clamp(0, 255)", "(x / scale).round().clamp(0, 255) + z)")


@caught_by("test_no_number_moves_by_more_than_half_a_scale")
def multiplied_by_255_first():
    """x multiplied by 255 before it is divided by hi - lo, which is infinite above 1.3e36"""
    edit("(x / scale).round()", "(x * 255 / torch.where(hi > lo, hi - lo, 255)).round()")


@caught_by("test_both_ends_of_the_range_fit_into_a_byte")
def zero_point_half_up():
    """halves rounded up in the zero point"""
    edit("(-lo / scale).round()", "(-lo / scale + 0.5).floor()")


@caught_by("test_q_and_the_zero_point_are_uint8_and_the_scale_is_one_number")
def shape_of_one():
    """a scale and a zero point of shape (1,) instead of ()"""
    edit("scale, z.to(torch.uint8)", "scale.reshape(1), z.to(torch.uint8).reshape(1)")


@caught_by("test_halves_go_to_the_even_neighbour")
def halves_up():
    """halves rounded up, or away from 0"""
    with spelling():
        edit("(x / scale).round()", "(x / scale + 0.5).floor()")
    with spelling():
        edit("(x / scale).round()", "(x.sign() * ((x / scale).abs() + 0.5).floor())")


@caught_by("test_no_number_moves_by_more_than_half_a_scale")
def truncated():
    """numbers truncated instead of rounded"""
    with spelling():
        edit("(x / scale).round()", "(x / scale).trunc()")
    with spelling():
        edit("(x / scale).round()", "(x / scale).floor()")


@caught_by("test_q_and_the_zero_point_are_uint8_and_the_scale_is_one_number")
def signed_integers():
    """integers from -128 to 127 in int8 instead of 0 to 255 in uint8"""
    edit("z = (-lo / scale).round()", "z = (-lo / scale).round() - 128")
    edit(".clamp(0, 255)", ".clamp(-128, 127)")
    edit("return q.to(torch.uint8), scale, z.to(torch.uint8)", "return q.char(), scale, z.char()")


@caught_by("test_numbers_worked_by_hand")
def symmetric_range():
    """a range from -absmax to absmax with 128 for 0, as if the range were even"""
    edit(
        "x.amin().clamp(max=0), x.amax().clamp(min=0)",
        "-x.abs().amax(), x.abs().amax()",
    )


@caught_by("test_numbers_worked_by_hand")
def zero_point_of_the_wrong_sign():
    """lo / scale without the minus, or z subtracted when quantizing"""
    with spelling():
        edit("(-lo / scale).round()", "(lo / scale).round()")
    with spelling():
        edit("((x / scale).round() + z)", "((x / scale).round() - z)")


@caught_by("test_dequantize_subtracts_the_zero_point_and_multiplies")
def zero_point_added():
    """dequantize that adds the zero point, or leaves it out"""
    with spelling():
        edit("(q.to(scale.dtype) - zero", "(q.to(scale.dtype) + zero")
    with spelling():
        edit("(q.to(scale.dtype) - zero_point.to(scale.dtype))", "q.to(scale.dtype)")


@caught_by("test_dequantize_subtracts_the_zero_point_and_multiplies")
def multiplied_before_the_difference():
    """dequantize that subtracts the zero point from the product: q * scale - z"""
    edit(
        "(q.to(scale.dtype) - zero_point.to(scale.dtype)) * scale",
        "q.to(scale.dtype) * scale - zero_point.to(scale.dtype)",
    )


@caught_by("test_dequantize_subtracts_the_zero_point_and_multiplies")
def difference_in_uint8():
    """dequantize that subtracts in uint8, where 0 - 8 is 248"""
    edit(
        "(q.to(scale.dtype) - zero_point.to(scale.dtype)) * scale",
        "(q - zero_point).to(scale.dtype) * scale",
    )


@caught_by("test_dequantize_subtracts_the_zero_point_and_multiplies")
def difference_in_int8():
    """dequantize that subtracts in int8, where 255 is -1"""
    edit(
        "(q.to(scale.dtype) - zero_point.to(scale.dtype)) * scale",
        "(q.to(torch.int8) - zero_point.to(torch.int8)).to(scale.dtype) * scale",
    )


@caught_by("test_dequantize_subtracts_the_zero_point_and_multiplies")
def negative_numbers_cut_off():
    """dequantize that limits the difference to 0 and above"""
    edit(
        "(q.to(scale.dtype) - zero_point.to(scale.dtype)) * scale",
        "(q.to(scale.dtype) - zero_point.to(scale.dtype)).clamp(min=0) * scale",
    )


@caught_by("test_constants_and_zeros")
def zero_divided_by_zero():
    """a scale of 0 for zeros, which makes 0 / 0"""
    with spelling():
        edit("    scale = torch.where(scale == 0, torch.ones_like(scale), scale)\n", "")
    with spelling():
        edit("    scale = torch.where(scale == 0, torch.ones_like(scale), scale)\n", "")
        edit("(-lo / scale).round()", "(-lo / scale).nan_to_num(0.0).round()")
        edit("(x / scale).round()", "(x / scale).nan_to_num(0.0).round()")


@caught_by("test_constants_and_zeros")
def zero_point_of_zeros_is_128():
    """128, the middle of the integers, as the zero point of a tensor of zeros"""
    edit("(-lo / scale).round()", "torch.where(hi > lo, (-lo / scale).round(), 128)")


@caught_by("test_constants_and_zeros")
def constants_taken_for_zeros():
    """the scale 1 whenever min and max are equal, whatever the number is"""
    with spelling():
        edit(
            "torch.where(scale == 0, torch",
            "torch.where((scale == 0) | (x.amin() == x.amax()), torch",
        )
    with spelling():
        edit(
            "torch.where(scale == 0, torch",
            "torch.where((scale == 0) | (x.amin() == x.amax()), torch",
        )
        edit(
            "    z = (-lo",
            "    x, lo = (x * 0, lo * 0) if x.amin() == x.amax() else (x, lo)\n    z = (-lo",
        )


@caught_by("test_no_number_moves_by_more_than_half_a_scale")
def small_taken_for_zero():
    """a scale of 1, or of some smallest number, for small numbers"""
    with spelling():
        edit("scale == 0", "scale < 1e-5")
    with spelling():
        edit("scale == 0", "scale < 1e-8")
    with spelling():
        edit("torch.where(scale == 0, torch.ones_like(scale), scale)", "scale.clamp(min=1e-5)")
    with spelling():
        edit("torch.where(scale == 0, torch.ones_like(scale), scale)", "scale.clamp(min=1e-8)")
    with spelling():
        edit("torch.where(scale == 0, torch.ones_like(scale), scale)", "scale.clamp(min=1e-12)")
    with spelling():
        edit("torch.ones_like(scale), scale)", "torch.ones_like(scale), scale.clamp(min=1e-8))")
    with spelling():
        edit("scale == 0", "scale <= torch.finfo(torch.float32).eps")


@caught_by("test_constants_and_zeros")
def epsilon_in_the_scale():
    """a small constant added to every scale, so that zeros can be divided by it"""
    edit("    scale = torch.where(scale == 0, torch.ones_like(scale), scale)\n", "")
    edit("(hi - lo) / 255\n", "(hi - lo) / 255 + 1e-8\n")


@caught_by("test_q_and_the_zero_point_are_uint8_and_the_scale_is_one_number")
def scale_for_each_row():
    """a scale and a zero point for each row or column instead of one for the whole tensor"""
    with spelling():
        edit("x.amin().clamp", "x.amin(dim=-1, keepdim=True).clamp")
        edit("x.amax().clamp", "x.amax(dim=-1, keepdim=True).clamp")
    with spelling():
        edit("x.amin().clamp", "x.amin(dim=0).clamp")
        edit("x.amax().clamp", "x.amax(dim=0).clamp")


@caught_by("test_q_and_the_zero_point_are_uint8_and_the_scale_is_one_number")
def python_numbers():
    """a scale or a zero point that is a Python number (.item()) instead of a tensor"""
    with spelling():
        edit("scale, z.to(torch.uint8)", "scale.item(), int(z)")
    with spelling():
        edit("scale, z.to(torch.uint8)", "scale, int(z)")


@caught_by("test_q_and_the_zero_point_are_uint8_and_the_scale_is_one_number")
def zero_point_in_a_wide_dtype():
    """a zero point of dtype int64 or int32, as PyTorch's own functions take it"""
    with spelling():
        edit("scale, z.to(torch.uint8)", "scale, z.to(torch.int64)")
    with spelling():
        edit("scale, z.to(torch.uint8)", "scale, z.to(torch.int32)")


@caught_by("test_q_and_the_zero_point_are_uint8_and_the_scale_is_one_number")
def float64_made_float32():
    """a scale in float32 for a float64 x too: x or the scale was converted on the way"""
    with spelling():
        edit("    lo, hi = x", "    x = x.float()\n    lo, hi = x")
    with spelling():
        edit("scale, z.to(torch.uint8)", "torch.tensor(scale.item()), z.to(torch.uint8)")


@caught_by("test_q_and_the_zero_point_are_uint8_and_the_scale_is_one_number")
def flattened():
    """q as a flat tensor, without the shape of x"""
    edit("return q.to(torch.uint8), scale", "return q.to(torch.uint8).flatten(), scale")


@caught_by("test_dequantize_gives_the_shape_of_q_and_the_dtype_of_the_scale")
def float32_always():
    """dequantize that returns float32, whatever the dtype of the scale"""
    edit(
        "(q.to(scale.dtype) - zero_point.to(scale.dtype)) * scale",
        "(q.float() - zero_point.float()) * scale.float()",
    )


@caught_by("test_the_inputs_stay_as_they_were")
def divided_in_place():
    """the caller's x divided and rounded in place (div_ changes the input)"""
    edit("(x / scale).round()", "x.div_(scale).round_()")
