"""What goes wrong with packing."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_five_texts_by_hand")
def given_order():
    """the texts placed in the given order, not the longest first"""
    edit("sorted(range(len(lengths)), key=lambda i: -lengths[i])", "range(len(lengths))")


@caught_by("test_five_texts_by_hand")
def shortest_first():
    """the shortest text first"""
    edit("key=lambda i: -lengths[i]", "key=lambda i: lengths[i]")


@caught_by("test_texts_of_equal_length_keep_their_order")
def equal_lengths_reversed():
    """of texts with equal lengths the last placed first, as a reversed sort of pairs does"""
    edit("key=lambda i: -lengths[i]", "key=lambda i: (-lengths[i], -i)")


@caught_by("test_a_text_goes_to_the_first_row_with_room")
def last_row_only():
    """only the row that was begun last looked at: next fit"""
    edit("in enumerate(room) if", "in [*enumerate(room)][-1:] if")


@caught_by("test_a_text_goes_to_the_first_row_with_room")
def last_row_with_room():
    """the last row with room, not the first"""
    edit("in enumerate(room) if", "in reversed([*enumerate(room)]) if")


@caught_by("test_a_text_goes_to_the_first_row_with_room")
def fullest_row():
    """the fullest row that has room, not the first: best fit"""
    edit(
        "in enumerate(room) if",
        "in sorted(enumerate(room), key=lambda one: one[1]) if",
    )


@caught_by("test_a_text_goes_to_the_first_row_with_room")
def emptiest_row():
    """the row with the most room, not the first: worst fit"""
    edit(
        "in enumerate(room) if",
        "in sorted(enumerate(room), key=lambda one: -one[1]) if",
    )


@caught_by("test_five_texts_by_hand")
def never_quite_full():
    """a row never filled to its limit, < for <="""
    edit("lengths[i] <= left", "lengths[i] < left")


@caught_by("test_five_texts_by_hand")
def one_beyond_the_limit():
    """a row of one id more than the limit"""
    edit("room.append(limit)", "room.append(limit + 1)")


@caught_by("test_five_texts_by_hand")
def one_text_a_row():
    """a row for each text, as in a padded batch"""
    edit("b = next(fitting, len(rows))", "b = len(rows)")


@caught_by("test_a_text_goes_to_the_first_row_with_room")
def rows_sorted():
    """the texts of a row in the given order, not in that of placing"""
    with spelling():
        edit("    return rows\n", "    return [sorted(row) for row in rows]\n")
    with spelling():
        edit("    return rows\n", "    return sorted(sorted(row) for row in rows)\n")


@caught_by("test_five_texts_by_hand")
def rows_by_their_first_text():
    """the rows sorted by the indices in them, not in the order in which they were begun"""
    edit("    return rows\n", "    return sorted(rows)\n")


@caught_by("test_five_texts_by_hand")
def lengths_in_rows():
    """the lengths in the rows, not the texts' indices"""
    edit("rows[b].append(i)", "rows[b].append(lengths[i])")


@caught_by("test_a_length_below_1_is_refused")
def any_length_accepted():
    """no error for a length of 0 or above the limit"""
    edit("if not all(1 <= length <= limit for length in lengths):", "if False:")


@caught_by("test_a_length_below_1_is_refused")
def empty_text_placed():
    """a length of 0 accepted"""
    edit("1 <= length <= limit for", "length <= limit for")


@caught_by("test_a_length_above_the_limit_is_refused")
def too_long_accepted():
    """no error for a length above the limit"""
    edit("1 <= length <= limit for", "1 <= length for")


@caught_by("test_no_texts_need_no_rows")
def no_texts_refused():
    """an error, or a row, for no texts at all"""
    with spelling():
        edit("for length in lengths):", "for length in lengths) or not lengths:")
    with spelling():
        edit("    return rows\n", "    return rows or [[]]\n")


@caught_by("test_two_texts_share_a_row")
def no_walls():
    """the causal mask alone: a text attends to the texts before it in the row"""
    with spelling():
        edit(
            "return inputs, targets, positions, same &",
            "return inputs, targets, positions, (same | True) &",
        )
    with spelling():
        edit(
            "same & causal_mask(shape[1])",
            "(same | (owners >= 0).unsqueeze(1)) & causal_mask(shape[1])",
        )


@caught_by("test_two_texts_share_a_row")
def texts_in_the_given_order():
    """the texts of a row end to end in the given order, not in that of placing"""
    edit("for i in row:", "for i in sorted(row):")


@caught_by("test_two_texts_share_a_row")
def pad_after_a_text():
    """the padding's id as the target of each text's last id"""
    edit(
        "            start = end\n",
        "            targets[b, end - 1] = pad\n            start = end\n",
    )


@caught_by("test_four_tensors_are_returned")
def mask_for_heads():
    """a mask with a dimension more, for the heads"""
    edit("same & causal_mask(shape[1])", "(same & causal_mask(shape[1])).unsqueeze(1)")


@caught_by("test_two_texts_share_a_row")
def not_causal():
    """walls without the causal mask: a position attends to later ones of its text"""
    edit("same & causal_mask(shape[1])", "same")


@caught_by("test_two_texts_share_a_row")
def true_for_walls():
    """True where a position may not attend, the mask the wrong way round"""
    edit("same & causal_mask(shape[1])", "~(same & causal_mask(shape[1]))")


@caught_by("test_two_texts_share_a_row")
def earlier_for_later():
    """the mask transposed: a position attends to itself and later ones"""
    edit("same & causal_mask(shape[1])", "same & causal_mask(shape[1]).T")


@caught_by("test_two_texts_share_a_row")
def not_itself():
    """a position that may not attend to itself"""
    edit("causal_mask(shape[1])", "causal_mask(shape[1]).tril(-1)")


@caught_by("test_two_texts_share_a_row")
def positions_run_on():
    """positions that run on through the row"""
    with spelling():
        edit("= torch.arange(lengths[i])", "= torch.arange(start, end)")
    with spelling():
        edit(
            "torch.zeros(shape, dtype=torch.int64)",
            "torch.arange(shape[1]).repeat(shape[0], 1)",
        )
        edit("            positions[b, start:end] = torch.arange(lengths[i])\n", "")


@caught_by("test_two_texts_share_a_row")
def positions_from_one():
    """positions that begin at 1"""
    edit("= torch.arange(lengths[i])", "= torch.arange(lengths[i]) + 1")


@caught_by("test_two_texts_share_a_row")
def next_text_predicted():
    """the first id of the next text as the target of a text's last id"""
    edit(
        "    same = owners",
        "    following = inputs.roll(-1, 1)\n    following[:, -1] = IGNORED\n"
        "    inside = owners.roll(-1, 1) >= 0\n"
        "    targets = following.where(inside & (owners >= 0), IGNORED)\n    same = owners",
    )


@caught_by("test_two_texts_share_a_row")
def targets_not_shifted():
    """targets that are the inputs, not the next ids"""
    with spelling():
        edit("targets[b, start : end - 1] = ids[1:]", "targets[b, start:end] = ids")
    with spelling():
        edit("targets[b, start : end - 1] = ids[1:]", "targets[b, start : end - 1] = ids[:-1]")


@caught_by("test_two_texts_share_a_row")
def first_id_masked():
    """-100 at the first id of each text, as for a loss that shifts the targets by itself"""
    edit("targets[b, start : end - 1] = ids[1:]", "targets[b, start + 1 : end] = ids[1:]")


@caught_by("test_four_tensors_are_returned")
def last_id_dropped():
    """the last id of each text left out of the inputs, since it predicts nothing"""
    edit("kept = [text[:limit] for text in texts]", "kept = [text[:limit][:-1] for text in texts]")
    edit(
        "targets[b, start : end - 1] = ids[1:]",
        "targets[b, start:end] = torch.tensor(texts[i][1 : lengths[i] + 1])",
    )


@caught_by("test_four_tensors_are_returned")
def as_wide_as_the_limit():
    """rows as wide as the limit, even if none is that full"""
    edit("max(sum(lengths[i] for i in row) for row in rows)\n", "limit\n")


@caught_by("test_a_row_is_padded_at_its_end")
def padding_predicted():
    """the padding's id as the target of padding, and of each text's last id"""
    with spelling():
        edit("torch.full(shape, IGNORED)", "torch.full(shape, pad)")
    with spelling():
        edit("    same = owners", "    targets[owners < 0] = pad\n    same = owners")


@caught_by("test_a_row_is_padded_at_its_end")
def padding_predicted_after_a_text():
    """the padding as the target of the last id before it"""
    edit(
        "    same = owners",
        "    before = (owners >= 0) & (owners.roll(-1, 1) < 0)\n    before[:, -1] = False\n"
        "    targets[before] = pad\n    same = owners",
    )


@caught_by("test_a_row_is_padded_at_its_end")
def ignored_in_the_inputs():
    """-100 as padding of the inputs, which is no id of the model's"""
    edit("torch.full(shape, pad)", "torch.full(shape, IGNORED)")


@caught_by("test_two_texts_share_a_row")
def pad_between_texts():
    """the padding's id at the end of each text, to separate it from the next"""
    edit(
        "kept = [text[:limit] for text in texts]",
        "kept = [(text[:limit] + [pad])[:limit] if text else text for text in texts]",
    )


@caught_by("test_a_row_is_padded_at_its_end")
def padded_at_the_left():
    """padding at the beginning of the rows"""
    edit("        start = 0\n", "        start = shape[1] - sum(lengths[i] for i in row)\n")


@caught_by("test_a_row_is_padded_at_its_end")
def positions_of_padding():
    """positions that count on in the padding"""
    with spelling():
        edit(
            "            start = end\n",
            "            start = end\n"
            "        positions[b, start:] = torch.arange(shape[1] - start)\n",
        )
    with spelling():
        edit(
            "            start = end\n",
            "            start = end\n"
            "        positions[b, start:] = torch.arange(start, shape[1])\n",
        )
    with spelling():
        edit(
            "            start = end\n",
            "            start = end\n"
            "        positions[b, start:] = torch.arange(shape[1] - start) + lengths[row[-1]]\n",
        )


@caught_by("test_padding_attends_to_itself")
def padding_attends_to_nothing():
    """padding that may attend to nothing, so that softmax gives NaN there"""
    edit("same & causal_mask", "same & (owners >= 0).unsqueeze(2) & causal_mask")


@caught_by("test_padding_attends_to_itself")
def padding_attends_to_texts():
    """padding that attends to the texts before it"""
    with spelling():
        edit(
            "    same = owners",
            "    for b, row in enumerate(rows):\n"
            "        owners[b][owners[b] < 0] = row[-1]\n    same = owners",
        )
    with spelling():
        edit("same & causal_mask", "(same | (owners < 0).unsqueeze(2)) & causal_mask")


@caught_by("test_padding_attends_to_itself")
def padding_is_text_0():
    """padding with the number of text 0, so that it attends to that text if it is in its row"""
    edit("torch.full(shape, -1)", "torch.zeros(shape, dtype=torch.int64)")


@caught_by("test_padding_attends_to_itself")
def padding_each_alone():
    """each place of padding alone, as if it were a text of its own"""
    edit(
        "same & causal_mask(shape[1])",
        "same & causal_mask(shape[1]) & (\n"
        "        (owners >= 0).unsqueeze(2) | torch.eye(shape[1], dtype=torch.bool)\n    )",
    )


@caught_by("test_only_a_text_beyond_the_limit_is_cut")
def long_text_dropped():
    """a text beyond the limit left out altogether"""
    edit(
        "kept = [text[:limit] for text in texts]",
        "kept = [text for text in texts if len(text) <= limit]",
    )


@caught_by("test_only_a_text_beyond_the_limit_is_cut")
def long_text_divided():
    """a text beyond the limit divided into several texts"""
    edit(
        "kept = [text[:limit] for text in texts]",
        "kept = [\n        text[at : at + limit]\n        for text in texts\n"
        "        for at in range(0, max(len(text), 1), limit)\n    ]",
    )


@caught_by("test_only_a_text_beyond_the_limit_is_cut")
def end_kept():
    """the last ids of a text beyond the limit kept, not the first"""
    edit("text[:limit]", "text[-limit:]")


@caught_by("test_only_a_text_beyond_the_limit_is_cut")
def target_from_the_dropped_rest():
    """the first dropped id as the target of the last that was kept"""
    edit(
        "            positions[b, start:end]",
        "            if len(texts[i]) > limit:\n"
        "                targets[b, end - 1] = texts[i][limit]\n"
        "            positions[b, start:end]",
    )


@caught_by("test_only_a_text_beyond_the_limit_is_cut")
def long_text_refused():
    """an error for a text beyond the limit"""
    edit("text[:limit]", "text")


@caught_by("test_only_a_text_beyond_the_limit_is_cut")
def longest_before_the_cut():
    """the order taken from the lengths before the cut"""
    edit(
        "    rows = assign_rows(lengths, limit)\n",
        "    order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))\n"
        "    rows = assign_rows([lengths[i] for i in order], limit)\n"
        "    rows = [[order[i] for i in row] for row in rows]\n",
    )


@caught_by("test_the_values_of_the_ids_do_not_matter")
def padding_by_value():
    """ids that equal pad taken for padding"""
    with spelling():
        edit("    same = owners", "    owners[inputs == pad] = -1\n    same = owners")
    with spelling():
        edit("    same = owners", "    targets[inputs == pad] = IGNORED\n    same = owners")
    with spelling():
        edit("    same = owners", "    targets[targets == pad] = IGNORED\n    same = owners")


@caught_by("test_the_values_of_the_ids_do_not_matter")
def texts_by_value():
    """equal texts taken for one, so that there is no wall between them"""
    edit("owners[b, start:end] = i", "owners[b, start:end] = kept.index(kept[i])")


@caught_by("test_a_text_that_is_missing_or_empty_is_refused")
def empty_texts_skipped():
    """a text without ids left out, without an error"""
    edit("text[:limit] for text in texts]", "text[:limit] for text in texts if text]")


@caught_by("test_a_text_that_is_missing_or_empty_is_refused")
def no_texts_accepted():
    """empty tensors for no texts, without an error"""
    edit(
        '        raise ValueError("there is at least one text")',
        "        empty = torch.zeros(0, 0, dtype=torch.int64)\n"
        "        return empty, empty.clone(), empty.clone(), torch.zeros(0, 0, 0).bool()",
    )


@caught_by("test_nothing_is_changed_or_kept")
def lengths_sorted_in_place():
    """the lengths, or the texts, changed in place"""
    with spelling():
        edit(
            "    return rows\n",
            "    lengths.sort(reverse=True)\n    return rows\n",
        )
    with spelling():
        edit(
            "kept = [text[:limit] for text in texts]",
            "for text in texts:\n        del text[limit:]\n    kept = texts",
        )
