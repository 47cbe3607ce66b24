"""Wrong versions of quantize, dequantize, pack and unpack for groups of four-bit integers."""

import torch
from torch.nn.functional import pad

from grader.checks import caught_by, edit, spelling


@caught_by("test_q_is_int8_and_there_is_one_scale_for_each_group")
def one_scale_for_each_row():
    """one scale per row instead of one per group of 32"""

    def quantize(w):
        scale = w.abs().amax(dim=-1, keepdim=True) / 7
        scale = torch.where(scale == 0, torch.ones_like(scale), scale)
        return (w / scale).round().to(torch.int8), scale

    def dequantize(q, scale):
        return q.to(scale.dtype) * scale


@caught_by("test_every_group_follows_the_rule_with_its_own_absmax")
def scale_of_the_row_in_every_group():
    """the absmax of the whole row used for each of its groups"""
    edit("groups.abs().amax(dim=-1) / 7", "groups.abs().amax(dim=(-2, -1)) / 7")
    edit(
        "    scale = torch.where(",
        "    scale = scale[..., None].expand(groups.shape[:-1])\n    scale = torch.where(",
    )


@caught_by("test_q_is_int8_and_there_is_one_scale_for_each_group")
def groups_of_64():
    """groups of 64 weights instead of 32"""
    edit("-n % 32", "-n % 64")
    edit("(-1, 32))", "(-1, 64))")
    edit("repeat_interleave(32", "repeat_interleave(64")


@caught_by("test_groups_worked_by_hand")
def scales_of_64_written_twice():
    """groups of 64 weights, with the scale of each written twice"""
    edit(
        "    scale = torch.where(",
        "    scale = pad(scale, (0, scale.shape[-1] % 2)).unflatten(-1, (-1, 2)).amax(dim=-1)\n"
        "    scale = scale.repeat_interleave(2, dim=-1)[..., : groups.shape[-2]]\n"
        "    scale = torch.where(",
    )


@caught_by("test_q_is_int8_and_there_is_one_scale_for_each_group")
def number_of_groups_for_their_size():
    """a row divided into 32 groups instead of groups of 32"""
    edit("unflatten(-1, (-1, 32))", "unflatten(-1, (32, -1))")


@caught_by("test_every_group_follows_the_rule_with_its_own_absmax")
def neighbours_in_different_groups():
    """weight j put into group j % G, as unflatten(-1, (32, -1)) does with the axes exchanged"""
    edit("unflatten(-1, (-1, 32))", "unflatten(-1, (32, -1)).transpose(-1, -2)")
    edit("q.flatten(-2)", "q.transpose(-1, -2).flatten(-2)")


@caught_by("test_the_last_group_has_what_is_left_of_its_row")
def groups_run_across_rows():
    """the matrix flattened before it is cut into groups, so that groups reach into the next row"""

    def quantize(w):
        n, count = w.shape[-1], -(-w.shape[-1] // 32)
        flat = w.flatten()
        groups = pad(flat, (0, -flat.numel() % 32)).unflatten(0, (-1, 32))
        scale = groups.abs().amax(dim=-1) / 7
        scale = torch.where(scale == 0, torch.ones_like(scale), scale)
        q = (groups / scale[:, None]).round().to(torch.int8).flatten()[: w.numel()]
        filled = pad(scale, (0, w.numel() // n * count - len(scale)), value=1)
        return q.reshape(w.shape), filled.reshape(*w.shape[:-1], count)


@caught_by("test_q_is_int8_and_there_is_one_scale_for_each_group")
def only_multiples_of_32():
    """a width that 32 does not divide is refused, as a reshape without padding does"""
    edit("pad(w, (0, -n % 32))", "w")


@caught_by("test_q_is_int8_and_there_is_one_scale_for_each_group")
def shorter_group_lost():
    """the weights after the last full group of 32 left out"""
    with spelling():
        edit("pad(w, (0, -n % 32))", "pad(w, (0, -n % 32 - 32 if n % 32 and n > 32 else -n % 32))")
    with spelling():
        edit("pad(w, (0, -n % 32))", "pad(w, (0, max(1, n // 32) * 32 - n))")
        edit(
            "return q.flatten(-2)[..., :n]",
            "return pad(q.flatten(-2), (0, n - max(1, n // 32) * 32))",
        )


@caught_by("test_the_last_group_has_what_is_left_of_its_row")
def rest_joins_the_group_before():
    """the n % 32 weights that are left share the scale of the group before"""
    edit(
        "    scale = torch.where(",
        "    if n % 32 and n > 32:\n"
        "        both = scale[..., -2:].amax(dim=-1, keepdim=True).expand(*scale.shape[:-1], 2)\n"
        "        scale = torch.cat([scale[..., :-2], both], dim=-1)\n"
        "    scale = torch.where(",
    )


@caught_by("test_q_is_int8_and_there_is_one_scale_for_each_group")
def one_group_too_many():
    """n // 32 + 1 groups, with an empty one where 32 divides n"""
    edit("-n % 32", "32 - n % 32")


@caught_by("test_q_is_int8_and_there_is_one_scale_for_each_group")
def padding_returned():
    """q with the zeros that fill up the last group"""
    edit("q.flatten(-2)[..., :n], scale", "q.flatten(-2), scale")


@caught_by("test_q_is_int8_and_there_is_one_scale_for_each_group")
def scales_with_a_dimension_too_many():
    """scales of shape (..., G, 1) instead of (..., G)"""
    edit("[..., :n], scale", "[..., :n], scale[..., None]")


@caught_by("test_q_is_int8_and_there_is_one_scale_for_each_group")
def matrices_only():
    """an error for w without rows, or with more than one leading dimension"""
    edit("n = w.shape[-1]", "_, n = w.shape")


@caught_by("test_a_group_of_zeros_has_the_scale_one")
def shorter_group_filled_with_ones():
    """the last group filled up with ones, which change the absmax of small weights"""
    edit("pad(w, (0, -n % 32))", "pad(w, (0, -n % 32), value=1.0)")


@caught_by("test_the_last_group_has_what_is_left_of_its_row")
def shorter_group_takes_the_last_32():
    """the scale of the last group computed from the last 32 weights of the row"""
    edit(
        "    scale = torch.where(",
        "    scale = torch.cat([scale[..., :-1], w[..., -32:].abs().amax(-1, True) / 7], -1)\n"
        "    scale = torch.where(",
    )


@caught_by("test_minus_w_gives_minus_q_and_the_same_scales")
def full_range():
    """scales of absmax / 8 or / 7.5, which use -8 too"""
    with spelling():
        edit("amax(dim=-1) / 7", "amax(dim=-1) / 8")
        edit("round().to", "round().clamp(-8, 7).to")
    with spelling():
        edit("amax(dim=-1) / 7", "amax(dim=-1) / 7.5")
        edit("round().to", "round().clamp(-8, 7).to")


@caught_by("test_minus_w_gives_minus_q_and_the_same_scales")
def max_without_abs():
    """scales from the largest weight of a group instead of its largest absolute value"""
    with spelling():
        edit("abs().amax", "amax")
        edit("round().to", "round().clamp(-7, 7).to")
    with spelling():
        edit("abs().amax", "amax")
    with spelling():
        edit("abs().amax", "amax")
        edit("scale == 0", "scale <= 0")
        edit("round().to", "round().clamp(-7, 7).to")


@caught_by("test_groups_worked_by_hand")
def divided_by_15():
    """scales of the absmax / 15, the number of steps between -7 and 7 and one more"""
    edit("amax(dim=-1) / 7", "amax(dim=-1) / 15")


@caught_by("test_groups_worked_by_hand")
def range_divided_by_15():
    """scales of (max - min) / 15, the range of a group, instead of its absmax / 7"""
    edit("groups.abs().amax(dim=-1) / 7", "(groups.amax(dim=-1) - groups.amin(dim=-1)) / 15")
    edit("round().to", "round().clamp(-7, 7).to")


@caught_by("test_minus_w_gives_minus_q_and_the_same_scales")
def mapped_to_minus_8():
    """the weight of largest absolute value mapped to -8, as in llama.cpp's Q4_0"""
    edit(
        "groups.abs().amax(dim=-1) / 7",
        "groups.gather(-1, groups.abs().argmax(dim=-1, keepdim=True))[..., 0] / -8",
    )
    edit("round().to", "round().clamp(-8, 7).to")


@caught_by("test_no_weight_moves_by_more_than_half_the_scale_of_its_group")
def inverse_of_the_scales():
    """groups multiplied by 7 / absmax, which is infinite for an absmax of 1e-38"""
    edit("groups / scale[..., None]", "groups * (1 / scale)[..., None]")


@caught_by("test_a_group_of_zeros_has_the_scale_one")
def zeros_are_nan():
    """a scale of 0 for a group of zeros, which makes 0 / 0 of it"""
    with spelling():
        edit("    scale = torch.where(scale == 0, torch.ones_like(scale), scale)\n", "")
    with spelling():
        edit("    scale = torch.where(scale == 0, torch.ones_like(scale), scale)\n", "")
        edit("scale[..., None]).round()", "scale[..., None]).nan_to_num(0.0).round()")


@caught_by("test_a_group_of_zeros_has_the_scale_one")
def zeros_looked_for_in_the_row():
    """the scale 1 only for a row of zeros, so that a group of zeros in another row has none"""
    with spelling():
        edit("scale == 0", "(scale == 0).all(dim=-1, keepdim=True)")
    with spelling():
        edit("scale == 0", "(scale == 0).all(dim=-1, keepdim=True)")
        edit("scale[..., None]).round()", "scale[..., None]).nan_to_num(0.0).round()")


@caught_by("test_no_weight_moves_by_more_than_half_the_scale_of_its_group")
def small_groups_taken_for_zero():
    """a scale of 1, or of some smallest number, for groups of small weights"""
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
        edit("torch.ones_like(scale), scale)", "torch.ones_like(scale), scale.clamp(min=1e-8 / 7))")


@caught_by("test_no_weight_moves_by_more_than_half_the_scale_of_its_group")
def truncated():
    """weights truncated towards 0 instead of rounded"""
    edit("round().to", "to")


@caught_by("test_halves_go_to_the_even_neighbour")
def halves_away_from_zero():
    """halves rounded up, or away from 0"""
    with spelling():
        edit("(groups / scale[..., None]).round()", "(groups / scale[..., None] + 0.5).floor()")
    with spelling():
        edit(
            "(groups / scale[..., None]).round()",
            "(groups.sign() * ((groups / scale[..., None]).abs() + 0.5).floor())",
        )


@caught_by("test_q_is_int8_and_there_is_one_scale_for_each_group")
def codes_instead_of_integers():
    """codes from 0 to 15 (q + 8) returned by quantize, instead of integers from -7 to 7"""
    edit("round().to(torch.int8)", "round().add(8).to(torch.uint8)")


@caught_by("test_q_is_int8_and_there_is_one_scale_for_each_group")
def float64_made_float32():
    """w converted to float32, so that the scales are float32 for float64 weights too"""
    edit("    n = w.shape[-1]", "    w = w.float()\n    n = w.shape[-1]")


@caught_by("test_the_first_of_two_integers_is_in_the_low_half")
def halves_exchanged():
    """the first of two integers in the high half of the byte, and the second in the low half"""
    with spelling():
        edit(
            "codes[..., 0::2] | (codes[..., 1::2] << 4)",
            "(codes[..., 0::2] << 4) | codes[..., 1::2]",
        )
        edit("[packed & 15, packed >> 4]", "[packed >> 4, packed & 15]")
    with spelling():
        edit(
            "codes[..., 0::2] | (codes[..., 1::2] << 4)",
            "(codes[..., 0::2] << 4) | codes[..., 1::2]",
        )
    with spelling():
        edit("[packed & 15, packed >> 4]", "[packed >> 4, packed & 15]")


@caught_by("test_the_first_of_two_integers_is_in_the_low_half")
def halves_of_the_row():
    """integers i and i + n / 2 in byte i, as in GGUF's blocks, instead of two neighbours"""
    with spelling():
        edit("codes[..., 0::2]", "codes[..., : codes.shape[-1] // 2]")
        edit("codes[..., 1::2]", "codes[..., codes.shape[-1] // 2 :]")
        edit("dim=-1)  # (..., ceil(n / 2), 2)", "dim=-2)")
    with spelling():
        edit("codes[..., 0::2]", "codes[..., : codes.shape[-1] // 2]")
        edit("codes[..., 1::2]", "codes[..., codes.shape[-1] // 2 :]")
    with spelling():
        edit("dim=-1)  # (..., ceil(n / 2), 2)", "dim=-2)")


@caught_by("test_the_first_of_two_integers_is_in_the_low_half")
def sign_lost():
    """integers stored without adding 8, or read without subtracting it, so the sign is lost"""
    with spelling():
        edit(" + 8).to(torch.uint8)", ").abs().to(torch.uint8)")
        edit(".to(torch.int8) - 8", ".to(torch.int8)")
    with spelling():
        edit(".to(torch.int8) - 8", ".to(torch.int8)")


@caught_by("test_the_first_of_two_integers_is_in_the_low_half")
def twos_complement():
    """four-bit two's complement (q & 15) instead of q + 8"""
    with spelling():
        edit("(pad(q, (0, q.shape[-1] % 2)) + 8)", "(pad(q, (0, q.shape[-1] % 2)) & 15)")
        edit(".to(torch.int8) - 8", ".to(torch.int8).add(8).bitwise_and(15) - 8")
    with spelling():
        edit("(pad(q, (0, q.shape[-1] % 2)) + 8)", "(pad(q, (0, q.shape[-1] % 2)) & 15)")
    with spelling():
        edit("(pad(q, (0, q.shape[-1] % 2)) + 8)", "(pad(q, (0, q.shape[-1] % 2), value=-8) & 15)")


@caught_by("test_the_first_of_two_integers_is_in_the_low_half")
def seven_added():
    """7 added instead of 8, so that codes are from 0 to 14 and -8 does not fit"""
    with spelling():
        edit(" + 8).to(torch.uint8)", " + 7).to(torch.uint8)")
        edit(".to(torch.int8) - 8", ".to(torch.int8) - 7")
    with spelling():
        edit(" + 8).to(torch.uint8)", " + 7).clamp(min=0).to(torch.uint8)")


@caught_by("test_the_first_of_two_integers_is_in_the_low_half")
def negative_numbers_spill():
    """negative integers shifted and joined without adding 8, so that their sign bits spill over"""
    edit("(pad(q, (0, q.shape[-1] % 2)) + 8).to(torch.uint8)", "pad(q, (0, q.shape[-1] % 2))")
    edit("(codes[..., 1::2] << 4)", "(codes[..., 1::2] << 4).to(torch.uint8)")


@caught_by("test_the_first_of_two_integers_is_in_the_low_half")
def unused_half_is_zero():
    """a high half of 0 in the last byte of an odd row, where 8, the code of 0, belongs"""
    edit(
        "(pad(q, (0, q.shape[-1] % 2)) + 8).to(torch.uint8)",
        "pad((q + 8).to(torch.uint8), (0, q.shape[-1] % 2))",
    )


@caught_by("test_two_integers_take_one_byte")
def odd_integer_lost():
    """the last integer of an odd row left out"""
    edit("pad(q, (0, q.shape[-1] % 2))", "q[..., : q.shape[-1] // 2 * 2]")


@caught_by("test_two_integers_take_one_byte")
def odd_rows_refused():
    """an error for a row with an odd number of integers"""
    edit("pad(q, (0, q.shape[-1] % 2))", "q")


@caught_by("test_two_integers_take_one_byte")
def not_packed():
    """one integer in each byte, so that nothing is saved"""
    edit("return codes[..., 0::2] | (codes[..., 1::2] << 4)", "return codes")


@caught_by("test_each_row_is_packed_by_itself")
def rows_packed_together():
    """q flattened before it is packed, so that a byte holds integers of two rows"""

    def pack(q):
        flat = q.flatten()
        codes = (pad(flat, (0, flat.numel() % 2)) + 8).to(torch.uint8)
        joined = codes[0::2] | (codes[1::2] << 4)
        size = q.numel() // q.shape[-1] * ((q.shape[-1] + 1) // 2)
        return pad(joined, (0, size - len(joined))).reshape(*q.shape[:-1], -1)


@caught_by("test_two_integers_take_one_byte")
def length_ignored():
    """unpack that always returns two integers per byte, whatever n is"""
    edit("halves.flatten(-2)[..., :n].to", "halves.flatten(-2).to")


@caught_by("test_the_first_of_two_integers_is_in_the_low_half")
def shifted_with_the_sign():
    """bytes read as int8, whose shift by 4 keeps the sign: 143 gives -8 and not 8"""
    edit("packed >> 4", "(packed.view(torch.int8) >> 4).to(torch.uint8)")


@caught_by("test_all_256_bytes_and_all_16_integers_come_back")
def unused_half_examined():
    """an error if the high half of the last byte, which no integer uses, is not 8"""
    edit(
        "    # As int8",
        "    if n % 2 and (halves[..., -1, 1] != 8).any():\n"
        '        raise ValueError("bad padding")\n'
        "    # As int8",
    )


@caught_by("test_dequantize_multiplies_by_the_scale_of_the_group")
def minus_8_made_minus_7():
    """-8 limited to -7 by dequantize, which has to take it"""
    edit("q.to(scale.dtype) * each", "q.clamp(min=-7).to(scale.dtype) * each")


@caught_by("test_the_first_of_two_integers_is_in_the_low_half")
def code_0_unpacked_as_minus_7():
    """-8 limited to -7 by unpack, though a byte may hold its code, 0"""
    edit(".to(torch.int8) - 8", ".to(torch.int8).clamp(min=1) - 8")


@caught_by("test_two_integers_take_one_byte")
def left_as_uint8():
    """unpack that subtracts 8 in uint8, where 0 - 8 is 248"""
    edit("[..., :n].to(torch.int8) - 8", "[..., :n] - 8")


@caught_by("test_the_first_of_two_integers_is_in_the_low_half")
def low_half_not_masked():
    """the low half read without the mask 15, so that the high half is still in it"""
    edit("[packed & 15, packed >> 4]", "[packed, packed >> 4]")


@caught_by("test_dequantize_multiplies_by_the_scale_of_the_group")
def scales_in_turn():
    """scales repeated in turn (0, 1, 0, 1, ...) instead of each 32 times (0, 0, ..., 1, 1, ...)"""
    edit(
        "scale.repeat_interleave(32, dim=-1)",
        "torch.cat([scale] * 32, dim=-1)",
    )


@caught_by("test_dequantize_multiplies_by_the_scale_of_the_group")
def groups_of_equal_size():
    """dequantize with groups of ceil(n / G) integers instead of 32"""
    edit("repeat_interleave(32", "repeat_interleave(-(-q.shape[-1] // scale.shape[-1])")


@caught_by("test_dequantize_multiplies_by_the_scale_of_the_group")
def product_in_int8():
    """dequantize that multiplies in int8, where scales lose their fraction"""
    edit("q.to(scale.dtype) * each", "(q * each.to(torch.int8)).to(scale.dtype)")


@caught_by("test_two_integers_take_one_byte")
def float32_always():
    """dequantize that returns float32, whatever the dtype of the scales"""
    with spelling():
        edit("q.to(scale.dtype) * each", "q.float() * each.float()")
    with spelling():
        edit("q.to(scale.dtype) * each", "(q * each).float()")


@caught_by("test_the_inputs_stay_as_they_were")
def q_changed_in_place():
    """8 added to the caller's q in place"""
    edit(
        "(pad(q, (0, q.shape[-1] % 2)) + 8).to", "pad(q.add_(8), (0, q.shape[-1] % 2), value=8).to"
    )


@caught_by("test_the_inputs_stay_as_they_were")
def w_divided_in_place():
    """the caller's w divided and rounded in place, where nothing has to be filled up"""
    edit("pad(w, (0, -n % 32)).unflatten", "(pad(w, (0, -n % 32)) if n % 32 else w).unflatten")
    edit("(groups / scale[..., None]).round()", "groups.div_(scale[..., None]).round_()")
