"""Wrong versions of pick, last_real and count."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_one_entry_for_each_position_by_hand")
def cross_product():
    """every position combined with every id, so that the result has a dimension too many"""
    with spelling():
        edit("x[sequences, positions, ids]", "x[:, :, ids]")
    with spelling():
        edit("x[sequences, positions, ids]", "x[:, positions, ids]")
    with spelling():
        edit("x[sequences, positions, ids]", "x[sequences, :, ids]")


@caught_by("test_one_entry_for_each_position_by_hand")
def positions_picked():
    """ids used as positions: whole vectors x[b, ids[b, t]] instead of entries"""
    with spelling():
        edit("x[sequences, positions, ids]", "x[sequences, ids]")
    with spelling():
        edit("x[sequences, positions, ids]", "x[:, ids]")


@caught_by("test_entry_b_t_is_picked_from_sequence_b_and_position_t")
def sequences_and_positions_exchanged():
    """output [b, t] from sequence t and position b"""
    edit("x[sequences, positions, ids]", "x[positions, sequences, ids]")


@caught_by("test_entry_b_t_is_picked_from_sequence_b_and_position_t")
def first_sequences_ids():
    """the ids of sequence 0 used for every sequence"""
    edit("sequences, positions, ids]", "sequences, positions, ids[0]]")


@caught_by("test_entry_b_t_is_picked_from_sequence_b_and_position_t")
def first_positions_ids():
    """each sequence's first id used at all of its positions"""
    edit("sequences, positions, ids]", "sequences, positions, ids[:, :1]]")


@caught_by("test_one_entry_for_each_position_by_hand")
def dimension_kept():
    """a result of shape (B, T, 1), as gather gives it: the last dimension was not removed"""
    edit("x[sequences, positions, ids]", "x[sequences, positions, ids].unsqueeze(-1)")


@caught_by("test_one_entry_for_each_position_by_hand")
def largest_entry():
    """the largest entry of each vector, whatever the ids"""
    edit("x[sequences, positions, ids]", "x.amax(dim=-1)")


@caught_by("test_one_entry_for_each_position_by_hand")
def ids_from_one():
    """ids counted from 1: the entry before the one that is named"""
    with spelling():
        edit("x[sequences, positions, ids]", "x[sequences, positions, ids - 1]")
    with spelling():
        edit("x[sequences, positions, ids]", "x[sequences, positions, (ids - 1).clamp(min=0)]")


@caught_by("test_the_picked_entry_is_exactly_that_of_x")
def one_hot_product():
    """a product with one-hot vectors, in which 0 times infinity or NaN is NaN"""
    with spelling():
        edit(
            "x[sequences, positions, ids]",
            "(x * torch.nn.functional.one_hot(ids, x.shape[2])).sum(dim=-1).to(x.dtype)",
        )
    with spelling():
        edit(
            "x[sequences, positions, ids]",
            "torch.einsum('btv,btv->bt', x, "
            "torch.nn.functional.one_hot(ids, x.shape[2]).to(x.dtype))",
        )


@caught_by("test_the_picked_entry_is_exactly_that_of_x")
def float_result():
    """a result that is converted to float32, whatever the dtype of x"""
    edit("x[sequences, positions, ids]", "x[sequences, positions, ids].float()")


@caught_by("test_ids_outside_the_vocabulary_are_not_picked")
def negative_ids_from_the_end():
    """negative ids counted from the end, as indexing does by itself"""
    edit("if ids.min() < 0:", "if False:")


@caught_by("test_ids_outside_the_vocabulary_are_not_picked")
def ids_clamped():
    """ids outside the vocabulary replaced by the nearest one inside"""
    edit("if ids.min() < 0:", "ids = ids.clamp(0, x.shape[2] - 1)\n    if False:")


@caught_by("test_ids_outside_the_vocabulary_are_not_picked")
def error_of_gather():
    """the RuntimeError of gather for an id outside the vocabulary instead of IndexError"""
    edit("if ids.min() < 0:", "if False:")
    edit("x[sequences, positions, ids]", "x.gather(-1, ids.unsqueeze(-1)).squeeze(-1)")


@caught_by("test_the_last_real_position_by_hand")
def last_column():
    """the last position of the batch for every sequence, which may be padding"""
    edit("x[torch.arange(len(x)), lengths - 1]", "x[:, -1].clone()")


@caught_by("test_the_last_real_position_by_hand")
def one_too_far():
    """the position after the last real one: lengths used without subtracting 1"""
    with spelling():
        edit("lengths - 1]", "lengths.clamp(max=x.shape[1] - 1)]")
    with spelling():
        edit("lengths - 1]", "lengths]")


@caught_by("test_the_last_real_position_by_hand")
def every_length_for_every_sequence():
    """the last positions of all sequences taken from each sequence: shape (B, B, C)"""
    with spelling():
        edit("x[torch.arange(len(x)), lengths - 1]", "x[:, lengths - 1]")
    with spelling():
        edit(
            "x[torch.arange(len(x)), lengths - 1]",
            "x[torch.arange(len(x))[:, None], lengths - 1]",
        )


@caught_by("test_each_sequence_has_its_own_last_position")
def the_longest_sequences():
    """the last position of the longest sequence for all of them"""
    edit("lengths - 1]", "lengths.max() - 1]")


@caught_by("test_the_last_real_position_by_hand")
def mean_of_the_real_positions():
    """the mean over all real positions instead of the last one"""
    edit(
        "return x[torch.arange(len(x)), lengths - 1]",
        "real = torch.arange(x.shape[1]) < lengths[:, None]\n"
        "    return (x.where(real[..., None], 0).sum(dim=1) / lengths[:, None]).to(x.dtype)",
    )


@caught_by("test_padding_changes_nothing")
def product_with_a_mask():
    """a sum over positions times a mask, in which NaN or infinity in the padding survives"""
    with spelling():
        edit(
            "return x[torch.arange(len(x)), lengths - 1]",
            "last = torch.arange(x.shape[1]) == lengths[:, None] - 1\n"
            "    return (x * last[..., None]).sum(dim=1).to(x.dtype)",
        )
    with spelling():
        edit(
            "return x[torch.arange(len(x)), lengths - 1]",
            "last = torch.arange(x.shape[1]) == lengths[:, None] - 1\n"
            "    return torch.einsum('btc,bt->bc', x, last.to(x.dtype))",
        )


@caught_by("test_impossible_lengths_are_refused")
def length_zero_from_the_end():
    """a length of 0 gives position -1, the last of the batch, instead of an error"""
    with spelling():
        edit("if lengths.min() < 1:", "if False:")
    with spelling():
        edit("lengths.min() < 1", "lengths.min() < 0")


@caught_by("test_impossible_lengths_are_refused")
def lengths_clamped():
    """impossible lengths replaced by the nearest possible one"""
    edit("if lengths.min() < 1:", "lengths = lengths.clamp(1, x.shape[1])\n    if False:")


@caught_by("test_ids_are_counted_by_hand")
def repetitions_lost():
    """an indexed addition (counts[ids] += 1), which counts an id once however often it occurs"""
    with spelling():
        edit(
            "return counts.index_add(0, flat, torch.ones_like(flat))",
            "counts[flat] += 1\n    return counts",
        )
    with spelling():
        edit("counts.index_add(", "counts.scatter(")
    with spelling():
        edit(
            "return counts.index_add(0, flat, torch.ones_like(flat))",
            "counts[ids] += 1\n    return counts",
        )


@caught_by("test_ids_are_counted_by_hand")
def as_long_as_the_largest_id():
    """counts up to the largest id that occurs, so that the shape depends on the data"""
    edit("torch.zeros(vocabulary,", "torch.zeros(int(flat.max()) + 1 if len(flat) else 0,")


@caught_by("test_ids_are_counted_by_hand")
def present_ids_only():
    """a count for each id that occurs, and none for the others"""
    with spelling():
        edit(
            "counts.index_add(0, flat, torch.ones_like(flat))",
            "flat.unique(return_counts=True)[1]",
        )
    with spelling():
        edit(
            "return counts.index_add(0, flat, torch.ones_like(flat))",
            "counts = counts.index_add(0, flat, torch.ones_like(flat))\n"
            "    return counts[counts > 0]",
        )


@caught_by("test_ids_are_counted_by_hand")
def counts_as_floats():
    """float32 counts instead of int64"""
    edit("dtype=torch.int64)", "dtype=torch.float32)")
    edit("torch.ones_like(flat))", "torch.ones(len(flat)))")


@caught_by("test_ids_of_any_shape_are_counted_together")
def rows_counted_apart():
    """the counts of each row by themselves, or of the first row alone"""
    with spelling():
        edit(
            "return counts.index_add(0, flat, torch.ones_like(flat))",
            "if ids.dim() != 2:\n"
            "        return counts.index_add(0, flat, torch.ones_like(flat))\n"
            "    return torch.zeros(len(ids), vocabulary, dtype=torch.int64).scatter_add(\n"
            "        1, ids, torch.ones_like(ids)\n    )",
        )
    with spelling():
        edit(
            "counts.index_add(0, flat, torch.ones_like(flat))",
            "counts.index_add(0, ids[0].reshape(-1) if ids.dim() > 1 and len(ids) else flat, "
            "torch.ones_like(ids[0].reshape(-1) if ids.dim() > 1 and len(ids) else flat))",
        )


@caught_by("test_ids_of_any_shape_are_counted_together")
def nothing_to_count():
    """an error when there are no ids: the minimum of nothing"""
    edit(
        "    counts = torch.zeros(",
        "    if flat.min() < 0:\n        raise IndexError(f'there is no token {flat.min()}')\n"
        "    counts = torch.zeros(",
    )


@caught_by("test_ids_outside_the_vocabulary_are_not_counted")
def outsiders_left_out():
    """ids outside the vocabulary left out of the counts"""
    with spelling():
        edit(
            "flat = ids.reshape(-1)",
            "flat = ids.reshape(-1)\n    flat = flat[(flat >= 0) & (flat < vocabulary)]",
        )
    with spelling():
        edit(
            "return counts.index_add(0, flat, torch.ones_like(flat))",
            "present, times = flat.unique(return_counts=True)\n"
            "    for token, number in zip(present.tolist(), times.tolist(), strict=True):\n"
            "        if 0 <= token < vocabulary:\n            counts[token] = number\n"
            "    return counts",
        )


@caught_by("test_ids_outside_the_vocabulary_are_not_counted")
def negative_ids_counted_from_the_end():
    """id -1 counted as the last token of the vocabulary"""
    with spelling():
        edit(
            "return counts.index_add(0, flat, torch.ones_like(flat))",
            "for token in flat.tolist():\n        counts[token] += 1\n    return counts",
        )
    with spelling():
        edit(
            "counts.index_add(0, flat, torch.ones_like(flat))",
            "counts.index_put((flat,), torch.tensor(1), accumulate=True)",
        )


@caught_by("test_a_large_vocabulary_is_counted")
def one_row_for_each_id():
    """a table with a row for each id and a column for each token, which does not fit into memory"""
    with spelling():
        edit(
            "counts.index_add(0, flat, torch.ones_like(flat))",
            "torch.nn.functional.one_hot(flat, vocabulary).sum(dim=0)",
        )
    with spelling():
        edit(
            "counts.index_add(0, flat, torch.ones_like(flat))",
            "torch.eye(vocabulary, dtype=torch.int64).index_select(0, flat).sum(dim=0)",
        )


@caught_by("test_the_layout_in_memory_makes_no_difference")
def flattened_with_view():
    """ids or x flattened with view, which fails for a transposed tensor"""
    with spelling():
        edit("ids.reshape(-1)", "ids.view(-1)")
    with spelling():
        edit(
            "x[sequences, positions, ids]",
            "x.view(-1, x.shape[2])[torch.arange(ids.numel()), ids.reshape(-1)].view(ids.shape)",
        )


@caught_by("test_the_gradient_is_in_the_picked_entries_alone")
def picked_without_gradient():
    """picked entries that are detached from x, so that no gradient flows"""
    with spelling():
        edit("x[sequences, positions, ids]", "x.detach()[sequences, positions, ids]")
    with spelling():
        edit(
            "return x[sequences, positions, ids]",
            "rows = zip(x.flatten(0, 1), ids.flatten().tolist(), strict=True)\n"
            "    picked = [row[entry].item() for row, entry in rows]\n"
            "    return torch.tensor(picked, dtype=x.dtype).reshape(ids.shape)",
        )


@caught_by("test_the_gradient_is_in_the_last_real_positions_alone")
def last_without_gradient():
    """last vectors that are detached from x, so that no gradient flows"""
    edit("return x[torch.arange(len(x))", "return x.detach()[torch.arange(len(x))")


@caught_by("test_results_share_no_memory_and_inputs_stay")
def view_returned():
    """a view of x, so that a change of the result changes x"""
    with spelling():
        edit(
            "return x[sequences, positions, ids]",
            "return x[sequences, positions, ids] if x.shape[2] > 1 else x.squeeze(2)",
        )
    with spelling():
        edit(
            "return x[sequences, positions, ids]",
            "return x[:, 0, ids[0, 0]].unsqueeze(1) if ids.numel() == 1 "
            "else x[sequences, positions, ids]",
        )
    with spelling():
        edit(
            "return x[torch.arange(len(x)), lengths - 1]",
            "return x[:, int(lengths[0]) - 1] if len(x) == 1 "
            "else x[torch.arange(len(x)), lengths - 1]",
        )


@caught_by("test_results_share_no_memory_and_inputs_stay")
def lengths_changed_in_place():
    """1 subtracted from the caller's lengths in place"""
    edit(
        "return x[torch.arange(len(x)), lengths - 1]",
        "lengths -= 1\n    return x[torch.arange(len(x)), lengths]",
    )
