"""What goes wrong with padded batches."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_token_with_the_id_of_the_padding_is_real")
def mask_from_the_ids():
    """a mask computed from the ids: False wherever the id equals pad, also within a sequence"""
    edit("torch.arange(width) < lengths.unsqueeze(1)", "ids != pad")


@caught_by("test_two_sequences_by_hand")
def padded_on_the_left():
    """padding on the left instead of the right"""
    edit("ids[b, : len(sequence)]", "ids[b, width - len(sequence) :]")
    edit("< lengths.unsqueeze(1)", ">= width - lengths.unsqueeze(1)")


@caught_by("test_two_sequences_by_hand")
def true_is_padding():
    """a mask that is True for padding"""
    edit("torch.arange(width) < lengths", "torch.arange(width) >= lengths")


@caught_by("test_two_sequences_by_hand")
def only_ids_padded_on_the_left():
    """ids with padding on the left, beside a mask for padding on the right"""
    edit("ids[b, : len(sequence)]", "ids[b, width - len(sequence) :]")


@caught_by("test_two_sequences_by_hand")
def last_token_counts_as_padding():
    """an off-by-one error: the mask is False for the last token of each sequence"""
    edit("< lengths.unsqueeze(1)", "< lengths.unsqueeze(1) - 1")


@caught_by("test_ids_are_int64_and_the_mask_is_bool")
def mask_first():
    """the mask returned first, the ids second"""
    edit("return ids, mask", "return mask, ids")


@caught_by("test_ids_are_int64_and_the_mask_is_bool")
def additive_mask():
    """a mask of 0 and -inf, to be added to attention scores"""
    edit("return ids, mask", "return ids, torch.where(mask, 0.0, -torch.inf)")


@caught_by("test_ids_are_int64_and_the_mask_is_bool")
def int32_ids():
    """ids in int32 instead of int64"""
    edit("return ids, mask", "return ids.int(), mask")


@caught_by("test_ids_are_int64_and_the_mask_is_bool")
def float_ids():
    """ids in float32 instead of int64"""
    edit("return ids, mask", "return ids.float(), mask")


@caught_by("test_ids_of_every_size_are_kept")
def through_float():
    """ids that pass through float32, which rounds those above 2^24"""
    with spelling():
        edit("return ids, mask", "return ids.float().long(), mask")
    with spelling():
        edit("= torch.tensor(sequence)", "= torch.tensor(sequence, dtype=torch.float32).long()")


@caught_by("test_padding_has_the_id_pad")
def negative_pad_as_zero():
    """padding with 0 where pad is negative"""
    edit("width), pad)", "width), max(pad, 0))")


@caught_by("test_two_sequences_by_hand")
def width_in_eights():
    """T rounded up to a multiple of 8 (pad_to_multiple_of)"""
    edit("int(lengths.max())", "-(-int(lengths.max()) // 8) * 8")


@caught_by("test_an_empty_sequence_is_a_row_of_padding")
def at_least_one_column():
    """a column of padding where every sequence is empty: T at least 1"""
    edit("int(lengths.max())", "max(1, int(lengths.max()))")


@caught_by("test_an_empty_sequence_is_a_row_of_padding")
def empty_sequence_has_one_token():
    """a mask that counts one real token in an empty sequence"""
    edit("< lengths.unsqueeze(1)", "< lengths.clamp(min=1).unsqueeze(1)")


@caught_by("test_a_limit_keeps_the_first_tokens")
def width_before_the_limit():
    """T measured before sequences are truncated, so that each row ends in padding"""
    edit("int(lengths.max())", "max(len(sequence) for sequence in sequences)")


@caught_by("test_a_limit_keeps_the_first_tokens")
def one_below_the_limit():
    """an off-by-one error: limit - 1 tokens of a longer sequence are used"""
    with spelling():
        edit("sequence[:limit]", "sequence[: limit and limit - 1]")
    with spelling():
        edit(
            "[sequence[:limit] for sequence in sequences]",
            "[s[: limit - 1] if limit and len(s) > limit else s for s in sequences]",
        )


@caught_by("test_a_limit_keeps_the_first_tokens")
def longer_than_the_limit_left_out():
    """a batch without the sequences that are longer than limit"""
    with spelling():
        edit(
            "[sequence[:limit] for sequence in sequences]",
            "[s for s in sequences if limit is None or len(s) <= limit] or [[]]",
        )
    with spelling():
        edit(
            "[sequence[:limit] for sequence in sequences]",
            "[s for s in sequences if limit is None or len(s) <= limit]",
        )


@caught_by("test_the_sequences_stay_as_they_were")
def cut_in_place():
    """the caller's lists cut to limit in place"""
    edit(
        "    kept = ",
        "    for sequence in sequences:\n"
        "        del sequence[len(sequence) if limit is None else limit :]\n"
        "    kept = ",
    )


@caught_by("test_batches_without_padding_are_filled")
def one_sequence_without_a_batch():
    """a batch of one sequence returned without its first dimension (squeeze)"""
    edit("return ids, mask", "return ids.squeeze(0), mask.squeeze(0)")


@caught_by("test_batches_without_padding_are_filled")
def alike_sequences_once():
    """sequences with the same tokens returned once"""
    edit("for sequence in sequences]", "for sequence in dict.fromkeys(map(tuple, sequences))]")


@caught_by("test_a_later_batch_leaves_an_earlier_one_as_it_was")
def buffer_filled_again():
    """a buffer that each call fills again, so that an earlier batch changes"""
    edit("def padded_batch(", "BUFFERS = {}\n\n\ndef padded_batch(")
    edit(
        "ids = torch.full((len(kept), width), pad)",
        "buffer = torch.empty((len(kept), width), dtype=torch.int64)\n"
        "    ids = BUFFERS.setdefault((len(kept), width), buffer).fill_(pad)",
    )


@caught_by("test_padding_has_the_id_pad")
def zeros_always():
    """padding with zeros, whatever pad is passed"""
    edit("width), pad)", "width), 0)")


@caught_by("test_the_table_is_as_wide_as_the_longest_sequence")
def cut_to_the_shortest():
    """every sequence truncated to the length of the shortest, so that no padding is needed"""
    edit("lengths.max()", "lengths.min()")
    edit("torch.tensor(sequence)", "torch.tensor(sequence[:width])")


@caught_by("test_the_table_is_as_wide_as_the_longest_sequence")
def as_wide_as_the_first():
    """T taken from the first sequence: longer ones are truncated"""
    edit("int(lengths.max())", "int(lengths[0])")
    edit("torch.tensor(sequence)", "torch.tensor(sequence[:width])")


@caught_by("test_two_sequences_by_hand")
def one_column_too_many():
    """an off-by-one error: one column more than the longest sequence needs"""
    edit("int(lengths.max())", "int(lengths.max()) + 1")


@caught_by("test_two_sequences_by_hand")
def first_padding_counts_as_real():
    """an off-by-one error: t <= length, so the first padding counts as a token"""
    edit("torch.arange(width) < lengths", "torch.arange(width) <= lengths")


@caught_by("test_ids_are_int64_and_the_mask_is_bool")
def mask_of_numbers():
    """a mask of integers 1 and 0, as in Hugging Face's attention_mask"""
    edit("return ids, mask", "return ids, mask.long()")


@caught_by("test_an_empty_sequence_is_a_row_of_padding")
def float_where_all_are_empty():
    """ids without a dtype, which become float32 when every sequence is empty"""
    edit("return ids, mask", "return torch.tensor(ids.tolist()), mask")


@caught_by("test_an_empty_sequence_is_a_row_of_padding")
def empty_sequences_left_out():
    """a batch without its empty sequences, so that rows no longer match their labels"""
    edit("for sequence in sequences]", "for sequence in sequences if sequence]")
    edit("int(lengths.max())", "max(map(len, kept), default=0)")


@caught_by("test_a_limit_keeps_the_first_tokens")
def limit_ignored():
    """a batch without truncation, whatever limit is passed"""
    edit("[sequence[:limit] for", "[sequence for")


@caught_by("test_a_limit_keeps_the_first_tokens")
def limit_is_the_width():
    """rows padded to limit, even if no sequence is that long"""
    edit("int(lengths.max())", "limit or int(lengths.max())")


@caught_by("test_a_limit_keeps_the_first_tokens")
def limit_keeps_the_end():
    """long sequences truncated at the front: their last tokens are kept"""
    edit("[sequence[:limit] for", "[sequence[-limit:] if limit else sequence for")


@caught_by("test_random_batches_follow_the_rule")
def longest_first():
    """rows sorted by length, longest first, as pack_padded_sequence expects them"""
    edit("lengths = torch.tensor(", "kept.sort(key=len, reverse=True)\n    lengths = torch.tensor(")


@caught_by("test_the_sequences_stay_as_they_were")
def padded_in_place():
    """padding added to the caller's lists with +="""
    edit(
        "return ids, mask",
        "for sequence in sequences:\n        sequence[width:] = [pad] * (width - len(sequence))\n"
        "    return ids, mask",
    )


@caught_by("test_an_empty_batch_is_refused")
def an_empty_batch_allowed():
    """an empty batch returned as two empty tensors"""
    edit("if not sequences:", "if False:")
    edit("int(lengths.max())", "max(map(len, kept), default=0)")
