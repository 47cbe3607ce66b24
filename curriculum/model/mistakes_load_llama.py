"""Wrong versions of load_llama."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_each_name_is_translated")
def norms_swapped():
    """the two norms of a block exchanged"""
    edit('": "norm1', '": "norm2')
    edit('": "norm2', '": "norm1')


@caught_by("test_each_name_is_translated")
def gate_and_up_swapped():
    """gate and up, which have the same shape, exchanged"""
    edit('.gate"', '.up"')
    edit('"feed_forward.up', '"feed_forward.gate')


@caught_by("test_each_name_is_translated")
def one_digit():
    """block numbers of which only the first digit is read"""
    edit(".{number}", ".{number[0]}")


@caught_by("test_each_name_is_translated")
def counted_from_one():
    """block numbers one too high, as if the file counted from 1"""
    edit(".{number}", ".{int(number) + 1}")


@caught_by("test_each_name_is_translated")
def two_digits_refused():
    """block numbers of more than one digit refused"""
    edit("number.isdecimal()", "number.isdecimal() and len(number) == 1")


@caught_by("test_a_name_outside_the_table_raises_value_error")
def bare_key_error():
    """the KeyError of a dict for a name outside the table, instead of ValueError"""
    with spelling():
        edit('raise ValueError(f"Llama has no place for {name}")', "raise KeyError(name)")
    with spelling():
        edit("if part in ours and number.isdecimal()", "if number.isdecimal()")


@caught_by("test_a_name_outside_the_table_raises_value_error")
def unknown_names_as_they_are():
    """names outside the table returned as they are"""
    edit('raise ValueError(f"Llama has no place for {name}")', "return name")


@caught_by("test_a_name_outside_the_table_raises_value_error")
def output_accepted():
    """output.weight accepted as a third name outside the blocks"""
    with spelling():
        edit(
            "    # Only whole",
            '    if name == "output.weight":\n        return "output.weight"\n    # Only whole',
        )
    with spelling():
        edit(
            "    # Only whole",
            '    if name == "output.weight":\n        return "tokens.weight"\n    # Only whole',
        )
    with spelling():
        edit(
            "    # Only whole",
            '    if name == "output.weight":\n        return "head.weight"\n    # Only whole',
        )


@caught_by("test_a_name_outside_the_table_raises_value_error")
def names_that_go_on():
    """names accepted that go on after .weight, as re.match accepts them"""
    with spelling():
        edit('["token_embd", "weight"]', '["token_embd", "weight", *_]')
        edit('["output_norm", "weight"]', '["output_norm", "weight", *_]')
        edit('part, "weight"]', 'part, "weight", *_]')
    with spelling():
        edit(
            "    # Only whole",
            '    if name.startswith("blk."):\n'
            '        name = name.partition(".weight")[0] + ".weight"\n    # Only whole',
        )


@caught_by("test_a_name_outside_the_table_raises_value_error")
def any_block_number():
    """anything accepted as a block number, also letters"""
    edit(" and number.isdecimal()", "")


@caught_by("test_a_name_outside_the_table_raises_value_error")
def words_replaced():
    """names translated by replacing words, also those outside the table"""

    def our_name(name):
        for theirs, ours in (
            ("blk", "blocks"),
            ("attn_norm", "norm1"),
            ("ffn_norm", "norm2"),
            ("output_norm", "norm"),
            ("attn_output", "attention.out"),
            ("attn_q", "attention.query"),
            ("attn_k", "attention.key"),
            ("attn_v", "attention.value"),
            ("ffn_", "feed_forward."),
            ("token_embd", "tokens"),
        ):
            name = name.replace(theirs, ours)
        if not name.startswith(("blocks.", "tokens.", "norm.")):
            raise ValueError(f"Llama has no place for {name}")
        return name


@caught_by("test_six_rows_by_hand")
def left_permuted():
    """the rows of query and key weights left in the file's order"""
    edit("pairs.transpose(1, 2).reshape(weight.shape)", "weight.clone()")


@caught_by("test_six_rows_by_hand")
def permuted_again():
    """the file's permutation applied a second time instead of its inverse"""
    edit("heads, -1, 2", "heads, 2, -1")


@caught_by("test_each_head_is_reordered_on_its_own")
def all_heads_as_one():
    """even and odd rows separated over the whole weight instead of in each head"""
    edit("heads, -1", "1, -1")


@caught_by("test_six_rows_by_hand")
def rows_written_in_place():
    """the weight that is passed changed: its rows are written into it in their new order"""
    with spelling():
        edit(
            "return pairs.transpose(1, 2).reshape(weight.shape)",
            "return weight.copy_(pairs.transpose(1, 2).reshape(weight.shape))",
        )
    with spelling():
        edit(
            "return pairs.transpose(1, 2).reshape(weight.shape)",
            "for head in weight.chunk(heads):\n"
            "        half = len(head) // 2\n"
            "        head[:half], head[half:] = head[0::2].clone(), head[1::2]\n"
            "    return weight",
        )


@caught_by("test_each_head_is_reordered_on_its_own")
def rows_in_the_default_dtype():
    """rows written into a new tensor of the default dtype instead of the weight's"""
    edit(
        "(1, 2).reshape(weight.shape)", "(1, 2).reshape(weight.shape).to(torch.get_default_dtype())"
    )


@caught_by("test_the_logits_are_those_of_the_file")
def keys_as_for_queries():
    """key rows reordered as if there were as many key-value heads as query heads"""
    edit('"key": kv_heads}', '"key": heads}')


@caught_by("test_every_tensor_becomes_its_parameter")
def queries_only():
    """rows reordered in the query weights, but not in the key weights"""
    edit('{"query": heads, "key": kv_heads}', '{"query": heads}')


@caught_by("test_every_tensor_becomes_its_parameter")
def values_too():
    """rows reordered in the value weights as well, though RoPE does not rotate values"""
    edit('"key": kv_heads}', '"key": kv_heads, "value": kv_heads}')


@caught_by("test_every_tensor_becomes_its_parameter")
def sorted_as_text():
    """blocks in the order of their names as text, where block 10 comes before block 2"""
    edit(
        "state = {our_name(name): tensor for name, tensor in tensors.items()}",
        'order = sorted({name.split(".")[1] for name in tensors if name.startswith("blk.")})\n'
        "    state = {}\n"
        "    for name, tensor in tensors.items():\n"
        '        n = name.split(".")[1]\n'
        "        place = order.index(n) if n in order else n\n"
        '        state[our_name(name).replace(f".{n}.", f".{place}.")] = tensor',
    )


@caught_by("test_every_tensor_becomes_its_parameter")
def in_the_order_of_the_file():
    """tensors assigned to the parameters in the order of the file, whatever their names"""
    edit(
        "model.load_state_dict(state)",
        "for parameter, weight in zip(model.parameters(), state.values(), strict=True):\n"
        "        parameter.data.copy_(weight)",
    )


@caught_by("test_every_tensor_becomes_its_parameter")
def last_block_as_text():
    """the number of blocks taken from the last name sorted as text, where block 9 follows 11"""
    edit(
        'sum(name.endswith("norm1.weight") for name in state)',
        '1 + int(max(name for name in state if name.startswith("blocks")).split(".")[1])',
    )


@caught_by("test_the_sizes_follow_from_the_tensors")
def one_block_short():
    """the largest block number taken as the number of blocks"""
    edit(
        'sum(name.endswith("norm1.weight") for name in state)',
        'max(int(name.split(".")[1]) for name in state if name.startswith("blocks"))',
    )


@caught_by("test_the_sizes_follow_from_the_tensors")
def sizes_the_other_way_round():
    """V and C exchanged, in the order in which a GGUF file stores a shape"""
    edit("*tokens.shape, layers", "*tokens.shape[::-1], layers")


@caught_by("test_base_and_eps_reach_the_model")
def base_left_out():
    """a model with the default base, whatever base is passed"""
    edit("len(up), base, eps)", "len(up), eps=eps)")


@caught_by("test_base_and_eps_reach_the_model")
def eps_left_out():
    """a model with the default eps, whatever eps is passed"""
    edit("len(up), base, eps)", "len(up), base)")


@caught_by("test_a_missing_tensor_raises_value_error")
def holes_left_random():
    """missing tensors ignored, so that their parameters stay random"""
    edit("shapes.items() ^ wanted.items()", "shapes.items() - wanted.items()")
    edit("load_state_dict(state)", "load_state_dict(state, strict=False)")


@caught_by("test_a_missing_tensor_raises_value_error")
def too_many_passed_over():
    """names that Llama does not have ignored, without an error"""
    edit(
        "tensor in tensors.items()}",
        'tensor in tensors.items() if name != "output.weight"}',
    )


@caught_by("test_a_wrong_shape_raises_value_error")
def shapes_broadcast():
    """tensors copied without comparing shapes, so that one number is broadcast to a norm"""
    edit("{name: weight.shape for name, weight in state.items()}", "dict.fromkeys(state)")
    edit(
        "{name: weight.shape for name, weight in model.state_dict().items()}",
        "dict.fromkeys(model.state_dict())",
    )
    edit(
        "model.load_state_dict(state)",
        "for name, parameter in model.named_parameters():\n"
        "        parameter.data.copy_(state[name])",
    )


@caught_by("test_the_model_holds_copies")
def tensors_shared():
    """parameters that share memory with the tensors"""
    edit(
        "model.load_state_dict(state)",
        "for name, parameter in model.named_parameters():\n        parameter.data = state[name]",
    )


@caught_by("test_every_parameter_gets_a_gradient")
def frozen():
    """parameters that do not require gradients"""
    edit("return model", "return model.requires_grad_(False)")
