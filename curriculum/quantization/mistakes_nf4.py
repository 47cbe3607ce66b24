"""Wrong versions of levels, quantize and dequantize for NF4."""

import torch

from grader.checks import caught_by, edit, spelling


@caught_by("test_level_7_is_exactly_zero")
def no_zero():
    """sixteen levels symmetric around 0, none of which is 0"""
    with spelling():

        def levels():
            delta = (1 / 32 + 1 / 30) / 2
            p = torch.linspace(delta, 1 - delta, 16, dtype=torch.float64)
            quantiles = torch.special.ndtri(p)
            return (quantiles / quantiles[-1]).float()

    with spelling():

        def levels():  # noqa: F811
            quantiles = torch.special.ndtri((torch.arange(16, dtype=torch.float64) + 0.5) / 16)
            return (quantiles / quantiles[-1]).float()


@caught_by("test_the_levels_are_quantiles_of_the_normal_distribution")
def even_steps():
    """evenly spaced levels instead of quantiles"""
    edit("quantiles = [torch.special.ndtri(part) for part", "quantiles = [part - 0.5 for part")


@caught_by("test_there_are_sixteen_levels_from_minus_one_to_one")
def not_divided():
    """quantiles that are not divided by the largest"""
    edit(" / quantiles[1][-1]).float()", ").float()")


@caught_by("test_level_7_is_exactly_zero")
def zero_at_8():
    """eight negative levels and seven positive ones, so that level 8 is 0"""
    edit("(1 - delta, 0.5, 8,", "(1 - delta, 0.5, 9,")
    edit("(0.5, 1 - delta, 9,", "(0.5, 1 - delta, 8,")


@caught_by("test_there_are_sixteen_levels_from_minus_one_to_one")
def two_zeros():
    """0 twice, once from each half"""
    edit("dtype=torch.float64)[1:]", "dtype=torch.float64)")


@caught_by("test_there_are_sixteen_levels_from_minus_one_to_one")
def fifteen_levels():
    """seven positive levels, so that there are 15 in all"""
    edit("(0.5, 1 - delta, 9,", "(0.5, 1 - delta, 8,")


@caught_by("test_the_levels_are_quantiles_of_the_normal_distribution")
def other_delta():
    """another delta: 1/32, 1/30, or the sum without its half"""
    with spelling():
        edit("delta = (1 / 32 + 1 / 30) / 2\n    negative", "delta = 1 / 32\n    negative")
    with spelling():
        edit("delta = (1 / 32 + 1 / 30) / 2\n    negative", "delta = 1 / 30\n    negative")
    with spelling():
        edit("delta = (1 / 32 + 1 / 30) / 2\n    negative", "delta = 1 / 32 + 1 / 30\n    negative")


@caught_by("test_the_levels_are_quantiles_of_the_normal_distribution")
def middles_of_quantiles():
    """the quantiles of i / 17, in place of two halves with zero between them"""

    def levels():
        p = torch.arange(1, 17, dtype=torch.float64) / 17
        quantiles = torch.special.ndtri(p)
        negative, positive = quantiles[:8], quantiles[8:]
        negative = torch.cat([negative[:7], torch.zeros(1, dtype=torch.float64)])
        return torch.cat([-negative / negative[0], positive / positive[-1]]).float()


@caught_by("test_the_levels_are_quantiles_of_the_normal_distribution")
def steps_of_the_other_half():
    """the steps i/8 in the negative half too, or i/7 in the positive one"""
    with spelling():
        edit(
            "(1 - delta, 0.5, 8, dtype=torch.float64)[:-1]",
            "(1 - delta, 0.5, 9, dtype=torch.float64)[:-2]",
        )
    with spelling():
        edit(
            "(0.5, 1 - delta, 9, dtype=torch.float64)[1:]",
            "(0.5, 1 - delta, 8, dtype=torch.float64)[[1, 2, 3, 4, 5, 6, 7, 7]]",
        )


@caught_by("test_the_levels_are_quantiles_of_the_normal_distribution")
def another_distribution():
    """the quantiles of another distribution, such as the logistic one"""
    edit("torch.special.ndtri(part)", "torch.logit(part)")


@caught_by("test_there_are_sixteen_levels_from_minus_one_to_one")
def levels_float64():
    """levels in float64"""
    edit("quantiles[1][-1]).float()", "quantiles[1][-1])")


@caught_by("test_there_are_sixteen_levels_from_minus_one_to_one")
def levels_descending():
    """levels in descending order, or in the order in which they are computed"""
    with spelling():
        edit("quantiles[1][-1]).float()", "quantiles[1][-1]).float().flip(0)")
    with spelling():
        edit(
            "torch.cat([-quantiles[0], zero, quantiles[1]])",
            "torch.cat([zero, quantiles[1], -quantiles[0]])",
        )
    with spelling():
        edit("torch.cat([-quantiles[0], zero,", "torch.cat([-quantiles[0].flip(0), zero,")


@caught_by("test_nothing_is_changed_and_nothing_is_shared")
def levels_shared():
    """one tensor of levels for all calls, which a caller can change"""

    def levels(kept=[]):  # noqa: B006
        if not kept:
            delta = (1 / 32 + 1 / 30) / 2
            negative = torch.linspace(1 - delta, 0.5, 8, dtype=torch.float64)[:-1]
            positive = torch.linspace(0.5, 1 - delta, 9, dtype=torch.float64)[1:]
            quantiles = [torch.special.ndtri(part) for part in (negative, positive)]
            zero = torch.zeros(1, dtype=torch.float64)
            ordered = torch.cat([-quantiles[0], zero, quantiles[1]]) / quantiles[1][-1]
            kept.append(ordered.float())
        return kept[0]


@caught_by("test_a_block_worked_by_hand")
def deviation_for_absmax():
    """the standard deviation of a block in place of its absmax"""
    edit("absmax = blocks.abs().amax(dim=1)  # (ceil(N / 64),)", "absmax = blocks.std(dim=1)")


@caught_by("test_a_block_worked_by_hand")
def max_without_abs():
    """the largest weight of a block instead of its largest absolute value"""
    with spelling():
        edit("blocks.abs().amax(dim=1)", "blocks.amax(dim=1)")
    with spelling():
        edit("blocks.abs().amax(dim=1)", "blocks.amax(dim=1)")
        edit("absmax == 0", "absmax <= 0")


@caught_by("test_a_block_worked_by_hand")
def not_divided_by_the_absmax():
    """the level nearest to the weight itself, which is not divided by the absmax"""
    edit("numbers = blocks / torch.where(absmax == 0, 1, absmax)[:, None]", "numbers = blocks")


@caught_by("test_a_block_worked_by_hand")
def scale_of_seven_steps():
    """absmax / 7 stored, as in int4, instead of the absmax"""
    edit(".reshape(w.shape), absmax", ".reshape(w.shape), absmax / 7")


@caught_by("test_a_block_worked_by_hand")
def inverse_returned():
    """1 / absmax returned instead of the absmax"""
    edit(".reshape(w.shape), absmax", ".reshape(w.shape), 1 / absmax")


@caught_by("test_a_block_worked_by_hand")
def next_level_below():
    """the level below a number, or the one above it, instead of the nearest"""
    with spelling():
        edit(
            "torch.bucketize(numbers, (ordered[1:] + ordered[:-1]) / 2)",
            "torch.bucketize(numbers, ordered, right=True) - 1",
        )
    with spelling():
        edit(
            "torch.bucketize(numbers, (ordered[1:] + ordered[:-1]) / 2)",
            "torch.bucketize(numbers, ordered).clamp(max=15)",
        )


@caught_by("test_a_block_worked_by_hand")
def evenly_spaced_codes():
    """codes as if the levels were evenly spaced"""
    with spelling():
        edit(
            "torch.bucketize(numbers, (ordered[1:] + ordered[:-1]) / 2)",
            "((numbers + 1) * 7.5).round()",
        )
    with spelling():
        edit(
            "torch.bucketize(numbers, (ordered[1:] + ordered[:-1]) / 2)",
            "(numbers * 7).round() + 8",
        )
    with spelling():
        edit(
            "torch.bucketize(numbers, (ordered[1:] + ordered[:-1]) / 2)",
            "(numbers * 7).round() + 7",
        )


@caught_by("test_a_block_worked_by_hand")
def by_probability():
    """codes from the probability of a number, which is rounded in place of the distance"""
    edit(
        "torch.bucketize(numbers, (ordered[1:] + ordered[:-1]) / 2)",
        "(torch.special.ndtr(numbers * 1.848) * 15).round()",
    )


@caught_by("test_a_block_worked_by_hand")
def levels_returned():
    """levels instead of their indices, cut off to whole numbers"""
    edit("codes.to(torch.uint8).flatten()", "ordered[codes].to(torch.uint8).flatten()")


@caught_by("test_codes_are_uint8_and_there_is_one_absmax_for_each_block")
def codes_of_another_dtype():
    """int64 codes instead of uint8"""
    edit("codes.to(torch.uint8)", "codes")


@caught_by("test_codes_are_uint8_and_there_is_one_absmax_for_each_block")
def codes_packed():
    """two codes packed into a byte"""
    edit(
        "    return codes.to(torch.uint8).flatten()[: len(flat)].reshape(w.shape), absmax",
        "    flat = codes.to(torch.uint8).flatten()\n"
        "    return flat[::2] * 16 + flat[1::2], absmax",
    )


@caught_by("test_codes_are_uint8_and_there_is_one_absmax_for_each_block")
def codes_flat():
    """codes in one dimension instead of the shape of w"""
    edit("[: len(flat)].reshape(w.shape), absmax", "[: len(flat)], absmax")


@caught_by("test_codes_are_uint8_and_there_is_one_absmax_for_each_block")
def padding_returned():
    """codes with the zeros that fill up the last block, or an error for them"""
    with spelling():
        edit("flatten()[: len(flat)].reshape(w.shape), absmax", "flatten(), absmax")
    with spelling():
        edit(
            "flatten()[: len(flat)].reshape(w.shape), absmax", "flatten().reshape(w.shape), absmax"
        )


@caught_by("test_codes_are_uint8_and_there_is_one_absmax_for_each_block")
def only_multiples_of_64():
    """a number of weights that 64 does not divide is refused"""
    edit("torch.nn.functional.pad(flat, (0, -len(flat) % 64))", "flat")


@caught_by("test_codes_are_uint8_and_there_is_one_absmax_for_each_block")
def absmax_with_a_dimension_too_many():
    """absmax of shape (blocks, 1)"""
    edit(".reshape(w.shape), absmax", ".reshape(w.shape), absmax[:, None]")


@caught_by("test_codes_are_uint8_and_there_is_one_absmax_for_each_block")
def blocks_of_another_size():
    """blocks of 32 weights instead of 64"""
    edit("-len(flat) % 64)).unflatten(0, (-1, 64))", "-len(flat) % 32)).unflatten(0, (-1, 32))")
    edit("repeat_interleave(64)", "repeat_interleave(32)")


@caught_by("test_codes_are_uint8_and_there_is_one_absmax_for_each_block")
def one_absmax():
    """one absmax for the whole tensor"""

    def quantize(w):
        absmax = w.abs().amax().reshape(1)
        numbers = w / torch.where(absmax == 0, 1, absmax)
        ordered = levels().to(w.dtype)  # noqa: F821
        codes = torch.bucketize(numbers, (ordered[1:] + ordered[:-1]) / 2)
        return codes.to(torch.uint8), absmax

    def dequantize(codes, absmax):
        return levels().to(absmax.dtype)[codes.long()] * absmax[0]  # noqa: F821


@caught_by("test_codes_are_uint8_and_there_is_one_absmax_for_each_block")
def blocks_in_each_row():
    """blocks that begin anew in each row, as the groups of group_int4 do"""

    def quantize(w):
        rows = w.reshape(-1, w.shape[-1]) if w.dim() else w.reshape(1, 1)
        blocks = torch.nn.functional.pad(rows, (0, -rows.shape[1] % 64)).unflatten(1, (-1, 64))
        absmax = blocks.abs().amax(dim=2)
        numbers = blocks / torch.where(absmax == 0, 1, absmax)[:, :, None]
        ordered = levels().to(w.dtype)  # noqa: F821
        codes = torch.bucketize(numbers, (ordered[1:] + ordered[:-1]) / 2).to(torch.uint8)
        return codes.flatten(1)[:, : rows.shape[1]].reshape(w.shape), absmax.flatten()


@caught_by("test_blocks_run_across_rows")
def columns_first():
    """blocks cut from the transposed tensor, column after column"""
    edit("    flat = w.flatten()", "    flat = w.mT.flatten() if w.dim() > 1 else w.flatten()")
    edit(
        "codes.to(torch.uint8).flatten()[: len(flat)].reshape(w.shape), absmax",
        "codes.to(torch.uint8).flatten()[: len(flat)].reshape((w.mT if w.dim() > 1 else w).shape)"
        ".permute(*range(w.dim() - 2), *range(w.dim())[-2:][::-1]), absmax",
    )


@caught_by("test_each_block_has_its_own_absmax")
def every_64th_weight():
    """weight j put into block j % G instead of block j // 64"""
    edit("unflatten(0, (-1, 64))", "unflatten(0, (64, -1)).T")
    edit("codes.to(torch.uint8).flatten()", "codes.T.to(torch.uint8).flatten()")


@caught_by("test_each_weight_gets_the_nearest_level")
def last_block_filled_with_ones():
    """the last block filled up with ones, which change its absmax"""
    edit("(0, -len(flat) % 64))", "(0, -len(flat) % 64), value=1.0)")


@caught_by("test_zero_stays_exactly_zero")
def zeros_are_nan():
    """a block of zeros divided by its absmax of 0"""
    with spelling():
        edit("torch.where(absmax == 0, 1, absmax)[:, None]", "absmax[:, None]")


@caught_by("test_zero_stays_exactly_zero")
def one_for_the_absmax_of_zeros():
    """an absmax of 1 returned for a block of zeros"""
    edit(
        "    numbers = blocks",
        "    absmax = torch.where(absmax == 0, 1, absmax)\n    numbers = blocks",
    )


@caught_by("test_small_and_large_blocks_are_quantized_alike")
def small_blocks_taken_for_zero():
    """a small number added to the absmax, or a small absmax raised to it"""
    with spelling():
        edit("    numbers = blocks", "    absmax = absmax.clamp(min=1e-12)\n    numbers = blocks")
    with spelling():
        edit("torch.where(absmax == 0, 1, absmax)[:, None]", "(absmax + 1e-8)[:, None]")
    with spelling():
        edit("torch.where(absmax == 0, 1, absmax)[:, None]", "absmax.clamp(min=1e-8)[:, None]")


@caught_by("test_codes_are_uint8_and_there_is_one_absmax_for_each_block")
def absmax_float32():
    """absmax in float32 for float64 weights too"""
    with spelling():
        edit("    flat = w.flatten()", "    flat = w.float().flatten()")
        edit("levels().to(w.dtype)", "levels()")
    with spelling():
        edit(".reshape(w.shape), absmax", ".reshape(w.shape), absmax.float()")


@caught_by("test_dequantize_looks_each_level_up")
def float32_restored():
    """dequantize that returns float32, whatever the dtype of absmax"""
    edit("levels().to(absmax.dtype)[codes.long()] * each", "levels()[codes.long()] * each.float()")


@caught_by("test_a_block_worked_by_hand")
def codes_taken_for_numbers():
    """codes multiplied as if they were integers, instead of looked up"""
    with spelling():
        edit(
            "levels().to(absmax.dtype)[codes.long()] * each",
            "(codes.to(absmax.dtype) - 7) / 8 * each",
        )
    with spelling():
        edit("levels().to(absmax.dtype)[codes.long()] * each", "codes.to(absmax.dtype) * each")
    with spelling():
        edit(
            "levels().to(absmax.dtype)[codes.long()] * each",
            "(codes.to(absmax.dtype) / 7.5 - 1) * each",
        )


@caught_by("test_a_block_worked_by_hand")
def levels_indexed_with_uint8():
    """levels indexed with uint8 codes, which PyTorch takes for a mask"""
    edit("[codes.long()]", "[codes]")


@caught_by("test_a_block_worked_by_hand")
def absmax_not_multiplied():
    """levels returned without the absmax"""
    edit("[codes.long()] * each", "[codes.long()]")


@caught_by("test_a_block_worked_by_hand")
def divided_by_the_absmax():
    """levels divided by the absmax instead of multiplied"""
    edit("[codes.long()] * each", "[codes.long()] / each")


@caught_by("test_blocks_run_across_rows")
def absmax_repeated_in_turn():
    """absmax i used for the codes i, i + G, i + 2 G, as repeat does, instead of 64 in a row"""
    edit("absmax.repeat_interleave(64)", "absmax.repeat(64)")


@caught_by("test_blocks_run_across_rows")
def absmax_of_each_row():
    """one absmax for each row used by dequantize, or a shape that fits no other"""
    with spelling():
        edit(
            "    each = absmax",
            "    if codes.dim() > 1:\n"
            "        return levels().to(absmax.dtype)[codes.long()] * absmax[: "
            "codes.shape[0]].reshape(-1, *[1] * (codes.dim() - 1))\n"
            "    each = absmax",
        )


@caught_by("test_nothing_is_changed_and_nothing_is_shared")
def w_divided_in_place():
    """the caller's w divided in place, where nothing has to be filled up"""
    edit(
        "torch.nn.functional.pad(flat, (0, -len(flat) % 64))",
        "(torch.nn.functional.pad(flat, (0, -len(flat) % 64)) if len(flat) % 64 else flat)",
    )
    edit(
        "numbers = blocks / torch.where(absmax == 0, 1, absmax)[:, None]",
        "numbers = blocks.div_(torch.where(absmax == 0, 1, absmax)[:, None])",
    )


@caught_by("test_the_layout_in_memory_does_not_matter")
def memory_in_place_of_entries():
    """view, which refuses a tensor that is not contiguous"""
    with spelling():
        edit("    flat = w.flatten()", "    flat = w.view(-1)")
    with spelling():
        edit("    each = absmax", "    codes = codes.view(-1).view(codes.shape)\n    each = absmax")


@caught_by("test_the_levels_are_quantiles_of_the_normal_distribution")
def levels_rounded():
    """levels rounded to a few digits, as papers print them"""
    with spelling():
        edit("quantiles[1][-1]).float()", "quantiles[1][-1]).float().mul(1e4).round() / 1e4")
    with spelling():
        edit("quantiles[1][-1]).float()", "quantiles[1][-1]).half().float()")


@caught_by("test_each_weight_gets_the_nearest_level")
def borders_by_probability():
    """the code changes where the probability, and not the number, is halfway between two levels"""
    edit(
        "torch.bucketize(numbers, (ordered[1:] + ordered[:-1]) / 2)",
        "torch.bucketize(numbers, torch.special.ndtri((torch.special.ndtr(1.848 * ordered[1:]) "
        "+ torch.special.ndtr(1.848 * ordered[:-1])) / 2) / 1.848)",
    )


@caught_by("test_each_weight_gets_the_nearest_level")
def compared_in_float16():
    """numbers rounded to float16 before the nearest level is looked for"""
    edit("torch.bucketize(numbers,", "torch.bucketize(numbers.half().to(w.dtype),")


@caught_by("test_zero_stays_exactly_zero")
def zeros_get_code_0():
    """the code 0, whose level is -1, for a block of zeros"""
    edit(
        "    return codes.to(torch.uint8)",
        "    codes = codes * (absmax != 0)[:, None]\n    return codes.to(torch.uint8)",
    )


@caught_by("test_small_and_large_blocks_are_quantized_alike")
def root_of_the_square():
    """the absmax as the root of the largest square, which overflows for large weights"""
    edit("blocks.abs().amax(dim=1)", "blocks.square().amax(dim=1).sqrt()")


@caught_by("test_codes_are_uint8_and_there_is_one_absmax_for_each_block")
def rest_left_out():
    """the weights after the last whole block left out"""
    with spelling():
        edit(
            "torch.nn.functional.pad(flat, (0, -len(flat) % 64))",
            "flat[: max(1, len(flat) // 64) * 64]",
        )
    with spelling():
        edit(
            "    blocks = torch.nn.functional.pad(flat, (0, -len(flat) % "
            "64)).unflatten(0, (-1, 64))",
            "    whole = flat[: max(len(flat) // 64 * 64, min(len(flat), 64))]\n"
            "    blocks = torch.nn.functional.pad(whole, (0, -len(whole) % "
            "64)).unflatten(0, (-1, 64))",
        )
        edit(
            "codes.to(torch.uint8).flatten()[: len(flat)]",
            "torch.nn.functional.pad(codes.to(torch.uint8).flatten(), (0, 64), "
            "value=7)[: len(flat)]",
        )


@caught_by("test_the_last_block_has_what_is_left")
def rest_joins_the_block_before():
    """the absmax of the last block taken from the block before it too"""
    edit(
        "    numbers = blocks",
        "    if len(flat) % 64 and len(flat) > 64:\n"
        "        absmax[-1] = absmax[-2:].amax()\n"
        "    numbers = blocks",
    )


@caught_by("test_codes_are_uint8_and_there_is_one_absmax_for_each_block")
def no_dimensions_refused():
    """an error for a tensor without dimensions"""
    edit("    flat = w.flatten()", "    flat = w.flatten()\n    len(w)")


@caught_by("test_a_block_worked_by_hand")
def flat_result():
    """dequantize that returns one dimension instead of the shape of the codes"""
    edit("[codes.long()] * each", "[codes.long().flatten()] * each.flatten()")


@caught_by("test_nothing_is_changed_and_nothing_is_shared")
def absmax_changed_in_place():
    """the caller's absmax multiplied in place, where there is one number for each block"""
    edit(
        "    each = absmax.repeat_interleave(64)[: codes.numel()].reshape(codes.shape)\n"
        "    return levels().to(absmax.dtype)[codes.long()] * each",
        "    each = absmax.repeat_interleave(64)[: codes.numel()].reshape(codes.shape)\n"
        "    result = levels().to(absmax.dtype)[codes.long()] * each\n"
        "    absmax.mul_(0.5)\n"
        "    return result",
    )
