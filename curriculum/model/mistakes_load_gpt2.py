"""Wrong versions of load_gpt2."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_the_result_is_a_gpt_of_the_tensors_sizes")
def nothing_turned():
    """weights not transposed, so that the shapes do not fit"""
    edit('{theirs}.{kind}").t()', '{theirs}.{kind}")')
    edit('{kind}").t() ', '{kind}") ')


@caught_by("test_weights_are_transposed_even_where_they_are_square")
def square_not_turned():
    """weights transposed only where the shapes would not fit otherwise, so not the square one"""
    edit(
        '{theirs}.{kind}").t()',
        '{theirs}.{kind}").t()\n                if theirs == "attn.c_proj":\n'
        '                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}")',
    )


@caught_by("test_weights_are_transposed_even_where_they_are_square")
def reshaped():
    """weights reshaped instead of transposed"""
    edit(
        'state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()',
        'tensor = take(f"h.{n}.{theirs}.{kind}")\n'
        '                state[f"blocks.{n}.{ours}.{kind}"] = tensor.reshape(tensor.t().shape)',
    )


@caught_by("test_c_attn_holds_query_then_key_then_value")
def joined_not_turned():
    """c_attn.weight split into query, key and value, which are not transposed"""
    edit('attn.c_attn.{kind}").t()', 'attn.c_attn.{kind}")')
    edit("joined.chunk(3)[i]", "joined.chunk(3, dim=-1)[i]")


@caught_by("test_c_attn_holds_query_then_key_then_value")
def c_attn_bias_skipped():
    """c_attn.bias skipped, as a mask whose name ends with attn.bias is"""
    edit("for i, name in", 'for i, name in () if kind == "bias" else')
    edit("load_state_dict(state)", "load_state_dict(state, strict=False)")


@caught_by("test_c_attn_holds_query_then_key_then_value")
def value_first():
    """c_attn split in another order than query, key, value"""
    with spelling():
        edit('("query", "key", "value")', '("value", "key", "query")')
    with spelling():
        edit('("query", "key", "value")', '("key", "query", "value")')
    with spelling():
        edit('("query", "key", "value")', '("query", "value", "key")')


@caught_by("test_c_attn_holds_query_then_key_then_value")
def head_by_head():
    """c_attn split head by head, as in GPT-NeoX: query, key and value of head 0 first"""
    edit("for i, name", "by_head = joined.unflatten(0, (heads, 3, -1))\n            for i, name")
    edit("joined.chunk(3)[i]", "by_head[:, i].flatten(0, 1)")


@caught_by("test_weights_are_transposed_even_where_they_are_square")
def weights_alone():
    """biases of the linear layers not loaded, so that they stay random"""
    edit(
        'state[f"blocks.{n}.{ours}.{kind}"] =',
        'if kind == "bias" and "norm" not in ours:\n                    continue\n'
        '                state[f"blocks.{n}.{ours}.{kind}"] =',
    )
    edit("load_state_dict(state)", "load_state_dict(state, strict=False)")


@caught_by("test_embeddings_and_norms_are_copied_as_they_are")
def norms_swapped():
    """the two norms of a block exchanged"""
    edit('": "norm1', '": "norm2')
    edit('": "norm2', '": "norm1')


@caught_by("test_embeddings_and_norms_are_copied_as_they_are")
def last_norm_forgotten():
    """the last norm not loaded, so that it keeps its initial values"""
    edit('state[f"norm.{kind}"] = take', "take")
    edit("(state)", "(state, strict=False)")


@caught_by("test_names_outside_the_table_are_ignored")
def head_loaded():
    """lm_head.weight loaded instead of wte.weight where a file has it"""
    edit(
        '"tokens.weight": take("wte.weight")',
        '"tokens.weight": files.get("lm_head.weight", take("wte.weight"))',
    )


@caught_by("test_names_outside_the_table_are_ignored")
def strict_about_names():
    """an error for names outside the table, such as the masks of older files"""
    with spelling():
        edit(
            'state = {"tokens.weight"',
            'if any(name.endswith((".attn.bias", ".masked_bias")) for name in files):\n'
            '        raise ValueError("unexpected names")\n    state = {"tokens.weight"',
        )
    with spelling():
        edit(
            'state = {"tokens.weight"',
            'if "lm_head.weight" in files:\n'
            '        raise ValueError("unexpected names")\n    state = {"tokens.weight"',
        )


@caught_by("test_the_prefix_transformer_is_removed")
def prefix_kept():
    """names with the prefix transformer. not recognised"""
    edit(
        '{name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}',
        "dict(tensors)",
    )


@caught_by("test_the_prefix_transformer_is_removed")
def prefix_by_the_first_name():
    """the prefix removed from all names or from none, depending on one of them"""
    with spelling():
        edit(
            'files = {name.removeprefix("transformer."):',
            'cut = 12 if next(iter(tensors)).startswith("transformer.") else 0\n'
            "    files = {name[cut:]:",
        )
    with spelling():
        edit(
            'files = {name.removeprefix("transformer."):',
            'cut = 12 if any(name.startswith("transformer.") for name in tensors) else 0\n'
            "    files = {name[cut:]:",
        )


@caught_by("test_twelve_blocks_keep_their_numbers_in_any_order_of_names")
def one_digit():
    """h.9 taken for the last block, as if numbers were text or had one digit"""
    edit('name.split(".")[1]', "name[2]")


@caught_by("test_twelve_blocks_keep_their_numbers_in_any_order_of_names")
def as_the_names_sort():
    """blocks in the order of their sorted names, where h.10 comes before h.2"""
    edit('state = {"', 'order = sorted(map(str, range(layers)))\n    state = {"')
    edit("{n}.{theirs}", "{order[n]}.{theirs}")
    edit(".{n}.attn", ".{order[n]}.attn")


@caught_by("test_twelve_blocks_keep_their_numbers_in_any_order_of_names")
def as_the_file_has_them():
    """blocks in the order in which they first occur in the dict"""
    edit(
        'state = {"tokens.weight"',
        'order = list(dict.fromkeys(name.split(".")[1] for name in files if name[:2] == "h."))\n'
        '    state = {"tokens.weight"',
    )
    edit('take(f"h.{n}.{theirs}', 'take(f"h.{order[n]}.{theirs}')
    edit('take(f"h.{n}.attn', 'take(f"h.{order[n]}.attn')


@caught_by("test_the_number_of_blocks_is_one_more_than_the_largest")
def only_known_names_counted():
    """blocks counted by the names of the table alone, so that one with a mask alone is missed"""
    edit(
        'if name.startswith("h.")',
        'if name.startswith("h.") and not name.endswith((".attn.bias", ".masked_bias"))',
    )


@caught_by("test_the_number_of_blocks_is_one_more_than_the_largest")
def counted_to_the_first_hole():
    """blocks counted up to the first gap, so that later ones are ignored"""
    edit(
        "1 + max([0, *numbers])",
        '0\n    while any(name.startswith(f"h.{layers}.") for name in files):\n        layers += 1',
    )


@caught_by("test_a_missing_tensor_is_named_in_a_value_error")
def bare_key_error():
    """a KeyError for a missing name instead of ValueError"""
    with spelling():
        edit(
            '        if name not in files:\n            raise ValueError(f"{name} is missing")\n',
            "",
        )
    with spelling():
        edit("raise ValueError", "raise KeyError")


@caught_by("test_a_missing_tensor_is_named_in_a_value_error")
def nameless_error():
    """a ValueError that does not say which name is missing"""
    edit('f"{name} is missing"', '"a tensor is missing"')


@caught_by("test_a_missing_tensor_is_named_in_a_value_error")
def missing_in_silence():
    """missing tensors ignored, so that their layers stay random"""
    edit(
        'state[f"blocks.{n}.{ours}.{kind}"] =',
        'if f"h.{n}.{theirs}.{kind}" in files:\n'
        '                    state[f"blocks.{n}.{ours}.{kind}"] =',
    )
    edit("load_state_dict(state)", "load_state_dict(state, strict=False)")


@caught_by("test_the_logits_are_those_of_gpt2")
def one_head():
    """a model with one head, or C / 64, whatever heads is passed"""
    edit("layers, heads", "layers, 1")


@caught_by("test_the_parameters_are_copies")
def tensors_assigned():
    """parameters that share memory with the tensors"""
    edit(
        "model.load_state_dict(state)",
        "for name, parameter in model.named_parameters():\n"
        "        parameter.data = state[name].to(parameter.dtype)",
    )


@caught_by("test_the_parameters_are_float32_and_require_gradients")
def dtype_of_the_file():
    """parameters in the dtype of the tensors, such as float16"""
    edit(
        "model.load_state_dict",
        "model.to(tensors[next(iter(tensors))].dtype)\n    model.load_state_dict",
    )


@caught_by("test_the_parameters_are_float32_and_require_gradients")
def frozen():
    """parameters that do not require gradients"""
    edit("return model", "return model.requires_grad_(False)")
