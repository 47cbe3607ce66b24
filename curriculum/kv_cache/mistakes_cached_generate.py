"""Wrong versions of extend and cached_generate."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_sequence_may_be_cut_anywhere")
def rope_from_0():
    """RoPE at start 0 in every call, so that each new token seems to be the first"""
    edit("rope(part, start, base)", "rope(part, 0, base)")


@caught_by("test_a_sequence_may_be_cut_anywhere")
def only_keys_at_their_position():
    """new keys at their position, new queries at position 0 and on"""
    edit(
        "q, k = (rope(part, start, base) for part in (q, k))",
        "q, k = rope(q, 0, base), rope(k, start, base)",
    )


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def scaled_by_another_size():
    """scores divided by the root of another size than D, or by nothing"""
    with spelling():
        edit("scaled_dot_product(q, k", "scaled_dot_product(q * head**0.5, k")
    with spelling():
        edit("scaled_dot_product(q, k", "scaled_dot_product(q / q.shape[1] ** 0.5, k")
    with spelling():
        edit(
            "scaled_dot_product(q, k",
            "scaled_dot_product(q * (head / cache.keys.shape[2]) ** 0.5, k",
        )


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def scores_set_to_0():
    """masked scores set to 0, not to -inf: softmax gives them a weight"""
    edit(
        "read = scaled_dot_product(q, k, v, mask)",
        "scores = q @ k.transpose(-1, -2) / head**0.5\n"
        "            read = (scores * mask).softmax(dim=-1) @ v",
    )


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def scores_in_half_precision():
    """scores computed in float16, whose numbers have three decimal digits"""
    edit(
        "read = scaled_dot_product(q, k, v, mask)",
        "scores = (q.half() @ k.half().mT / head**0.5).to(x.dtype)\n"
        '            scores = scores.masked_fill(~mask, float("-inf"))\n'
        "            read = scores.softmax(dim=-1) @ v",
    )


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def parallel_block():
    """the feed-forward network reads the block's input, not the sum with attention's output"""
    edit(
        "            x = x + attention.out",
        "            before = x\n            x = x + attention.out",
    )
    edit("block.norm2(x)", "block.norm2(before)")


@caught_by("test_a_pass_computes_the_new_tokens_alone")
def prompt_computed_for_no_step():
    """the prompt computed for count = 0 too, where no token is drawn"""
    edit(
        "    context = ids.shape[1] + count\n",
        "    context = ids.shape[1] + count\n"
        "    if count == 0:\n"
        "        extend(model, ids, cache, padding, base=base)\n",
    )


@caught_by("test_a_sequence_that_has_ended_repeats_its_end")
def end_0_for_none():
    """the token 0 never ends a sequence: 0 is taken for no end"""
    edit("end=end, seed", "end=end or None, seed")


@caught_by("test_tokens_are_drawn_with_the_models_probabilities")
def small_t_is_greedy():
    """a small temperature taken for 0"""
    edit("t=t, k=k", "t=t if t >= 0.1 else 0, k=k")


@caught_by("test_a_sequence_may_be_cut_anywhere")
def all_keys_rotated_again():
    """RoPE after the append: keys from the cache are rotated once more in each call"""
    edit(
        "            q, k = (rope(part, start, base) for part in (q, k))\n"
        "            k, v = cache.append(layer, k, v)  # (B, K, S + T, D)\n",
        "            q, k = (rope(part, start, base) for part in (q, k))\n"
        "            k, v = cache.append(layer, k, v)\n"
        "            if start:\n"
        "                k = rope(k, 0, base)\n",
    )


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def values_rotated_too():
    """values rotated like queries and keys"""
    edit(
        "q, k = (rope(part, start, base) for part in (q, k))",
        "q, k, v = (rope(part, start, base) for part in (q, k, v))",
    )


@caught_by("test_a_sequence_may_be_cut_anywhere")
def default_base():
    """the default base of RoPE, whatever base is given"""
    edit("rope(part, start, base)", "rope(part, start)")


@caught_by("test_greedy_tokens_are_those_of_generate")
def base_not_passed_on():
    """base not passed to the passes of cached_generate"""
    edit("cache, padding, base=base)", "cache, padding)")


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def no_mask():
    """no causal mask: right for one token, wrong for a prompt"""
    with spelling():
        edit("mask = key <= query", "mask = key <= start + tokens + 0 * query")
    with spelling():
        edit("scaled_dot_product(q, k, v, mask)", "scaled_dot_product(q, k, v)")


@caught_by("test_a_sequence_may_be_cut_anywhere")
def mask_from_0():
    """a mask aligned at the first key: new token i attends to columns 0 to i"""
    with spelling():
        edit("mask = key <= query", "mask = key <= query - start * (tokens > 1)")
    with spelling():
        edit("mask = key <= query", "mask = key <= query - start")


@caught_by("test_a_sequence_may_be_cut_anywhere")
def mask_for_the_first_call_alone():
    """a mask in the first call alone: later chunks of several tokens attend to what follows"""
    edit("mask = key <= query", "mask = (key <= query) | (start > 0)")


@caught_by("test_a_sequence_may_be_cut_anywhere")
def cache_not_read():
    """keys and values appended, but attention computed over the new ones alone"""
    edit("k, v = cache.append(layer, k, v)  #", "cache.append(layer, k, v)  #")
    edit("mask = key <= query  # (T, S + T)", "key = key[start:]\n    mask = key <= query")


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def tiled_heads():
    """key-value heads repeated as 0 1 0 1 0 1 in place of 0 0 0 1 1 1"""
    edit(
        "part.repeat_interleave(q.shape[1] // k.shape[1], dim=1)",
        "part.repeat(1, q.shape[1] // k.shape[1], 1, 1)",
    )


@caught_by("test_each_sequence_with_padding_is_as_it_is_alone")
def columns_only_later():
    """positions for RoPE counted without padding in the first call, and with it later"""
    edit(
        "q, k = (rope(part, start, base) for part in (q, k))",
        "if padding is not None and start:\n"
        "                q, k = (\n"
        "                    torch.cat([rope(part[b : b + 1], start + n, base)\n"
        "                               for b, n in enumerate(padding.tolist())])\n"
        "                    for part in (q, k)\n"
        "                )\n"
        "            else:\n"
        "                q, k = (rope(part, start, base) for part in (q, k))",
    )


@caught_by("test_each_sequence_with_padding_is_as_it_is_alone")
def padding_ignored():
    """padding ignored: tokens attend to it"""
    edit("    if padding is not None:\n", "    if False:\n")


@caught_by("test_each_sequence_with_padding_is_as_it_is_alone")
def padding_masked_in_the_prompt_alone():
    """padding masked in its own call alone: the tokens of later calls attend to it"""
    with spelling():
        edit("    if padding is not None:\n", "    if padding is not None and start == 0:\n")
    with spelling():
        edit(
            "key >= padding.view(-1, 1, 1, 1)",
            "(key < start) | (key - start >= padding.view(-1, 1, 1, 1))",
        )


@caught_by("test_each_sequence_with_padding_is_as_it_is_alone")
def mask_remembered():
    """a mask kept for later calls of the same sizes, whose padding may be another"""
    edit("def extend(\n", "MASKS: dict[tuple[int, int, int], torch.Tensor] = {}\n\n\ndef extend(\n")
    edit(
        "    with torch.no_grad():\n        x = model",
        "    if padding is not None:\n"
        "        mask = MASKS.setdefault((len(ids), start, tokens), mask)\n"
        "    with torch.no_grad():\n        x = model",
    )


@caught_by("test_each_sequence_with_padding_is_as_it_is_alone")
def padding_not_a_number():
    """tokens at padding that attend to nothing: NaN, which 0 does not remove from the values"""
    edit(" | (key == query)", "")


@caught_by("test_each_sequence_with_padding_is_as_it_is_alone")
def padding_off_by_one():
    """one column too many or too few taken for padding"""
    with spelling():
        edit("key >= padding", "key > padding")
    with spelling():
        edit("key >= padding", "key + 1 >= padding")


@caught_by("test_the_logits_have_their_shape_and_no_gradients")
def gradients_recorded():
    """gradients recorded, so that the cache keeps the graph of all earlier calls"""
    edit("    with torch.no_grad():\n        x = model", "    if True:\n        x = model")


@caught_by("test_every_layer_of_the_cache_gets_the_new_tokens")
def layers_exchanged():
    """keys and values of layer l stored in another layer of the cache"""
    edit("cache.append(layer, k, v)", "cache.append(len(model.blocks) - 1 - layer, k, v)")


@caught_by("test_a_pass_computes_the_new_tokens_alone")
def whole_text_again():
    """the whole text computed in every call, though the keys and values are in the cache"""
    with spelling():
        edit(
            "    start, tokens, head = len(cache), ids.shape[1], cache.keys.shape[-1]\n",
            "    new = ids.shape[1]\n"
            "    ids = torch.cat([cache.ids, ids], dim=1) if len(cache) else ids\n"
            "    if ids.shape[1] > cache.keys.shape[3]:\n"
            '        raise ValueError("the tokens do not fit into the cache")\n'
            "    cache.ids = ids.clone()\n"
            "    cache.clear()\n"
            "    start, tokens, head = 0, ids.shape[1], cache.keys.shape[-1]\n",
        )
        edit(
            "return model.norm(x) @ model.tokens.weight.T",
            "return (model.norm(x) @ model.tokens.weight.T)[:, -new:]",
        )
    with spelling():
        edit(
            "return extend(model, ids[:, len(cache) :], cache, padding, base=base)",
            "cache.clear()\n            return extend(model, ids, cache, padding, base=base)",
        )
    with spelling():
        edit(
            "return extend(model, ids[:, len(cache) :], cache, padding, base=base)",
            "return model(ids)",
        )


@caught_by("test_a_pass_computes_the_new_tokens_alone")
def given_cache_left_empty():
    """the given cache empty afterwards: a second one is used, or it is emptied at the end"""
    with spelling():
        edit(
            "    class Cached(nn.Module):",
            "    cache = Cache(*cache.keys.shape, cache.keys.dtype)\n\n"
            "    class Cached(nn.Module):",
        )
    with spelling():
        edit(
            "    return generate(Cached(), ids, count, context, t=t, k=k, end=end, seed=seed)\n",
            "    new = generate(Cached(), ids, count, context, t=t, k=k, end=end, seed=seed)\n"
            "    cache.clear()\n"
            "    return new\n",
        )


@caught_by("test_tokens_without_room_are_refused")
def room_for_the_last_token_too():
    """T + count places required, though the last token that is drawn is never computed"""
    edit(
        "    context = ids.shape[1] + count\n",
        "    context = ids.shape[1] + count\n"
        "    if context > cache.keys.shape[3]:\n"
        '        raise ValueError("the tokens do not fit into the cache")\n',
    )


@caught_by("test_a_sequence_that_has_ended_repeats_its_end")
def room_for_all_steps():
    """a ValueError before the first pass, though all sequences may end before the cache is full"""
    edit(
        "    context = ids.shape[1] + count\n",
        "    context = ids.shape[1] + count\n"
        "    if context - 1 > cache.keys.shape[3]:\n"
        '        raise ValueError("the tokens do not fit into the cache")\n',
    )


@caught_by("test_tokens_without_room_are_refused")
def a_shorter_text():
    """a text that ends where the cache is full, without an error"""
    edit(
        "    context = ids.shape[1] + count\n",
        "    count = min(count, cache.keys.shape[3] - ids.shape[1] + 1)\n"
        "    context = ids.shape[1] + count\n",
    )


@caught_by("test_prompts_with_padding_are_continued_as_alone")
def padding_in_the_prefill_alone():
    """padding passed to the first pass alone"""
    edit(
        "cache, padding, base=base)",
        "cache, None if len(cache) else padding, base=base)",
    )


@caught_by("test_a_sequence_that_has_ended_repeats_its_end")
def end_ignored():
    """end ignored: every sequence gets count tokens"""
    edit("k=k, end=end,", "k=k,")


@caught_by("test_a_pass_computes_the_new_tokens_alone")
def one_pass_too_many():
    """a pass for the last token too, whose logits are not used"""
    edit(
        "    return generate(Cached(), ids, count, context, t=t, k=k, end=end, seed=seed)\n",
        "    new = generate(Cached(), ids, count, context, t=t, k=k, end=end, seed=seed)\n"
        "    if count and new.shape[1] <= cache.keys.shape[3]:\n"
        "        extend(model, new[:, -1:], cache, padding, base=base)\n"
        "    return new\n",
    )


@caught_by("test_a_pass_computes_the_new_tokens_alone")
def prompt_token_by_token():
    """new tokens computed one a pass, in place of one pass for all of them"""
    with spelling():
        edit(
            "    start, tokens, head = len(cache), ids.shape[1], cache.keys.shape[-1]\n",
            "    start, tokens, head = len(cache), ids.shape[1], cache.keys.shape[-1]\n"
            "    if start + tokens > cache.keys.shape[3]:\n"
            '        raise ValueError("the tokens do not fit into the cache")\n'
            "    if tokens > 1:\n"
            "        parts = ids.split(1, dim=1)\n"
            "        got = [extend(model, part, cache, padding, base=base) for part in parts]\n"
            "        return torch.cat(got, dim=1)\n",
        )
    with spelling():
        edit(
            "            return extend(model, ids[:, len(cache) :], cache, padding, base=base)",
            "            for place in range(len(cache), ids.shape[1]):\n"
            "                new = ids[:, place : place + 1]\n"
            "                got = extend(model, new, cache, padding, base=base)\n"
            "            return got",
        )


@caught_by("test_the_seed_decides_the_draws")
def seed_plus_step():
    """a new generator in each step, from seed + step: so that seeds repeat draws"""
    with spelling():
        edit(
            "    return generate(Cached(), ids, count, context, t=t, k=k, end=end, seed=seed)\n",
            "    prompt, last = ids.shape[1], -1 if end is None else end\n"
            "    for step in range(count):\n"
            "        ended = (ids[:, prompt:] == last).any(dim=1)\n"
            "        if ended.all():\n"
            "            break\n"
            "        ids = generate(Cached(), ids, 1, context, t=t, k=k, seed=seed + step)\n"
            "        ids[ended, -1] = last\n"
            "    return ids\n",
        )
    with spelling():  # drawn from probabilities in float64
        edit("cache, padding, base=base)", "cache, padding, base=base).double()")
        edit(
            "    return generate(Cached(), ids, count, context, t=t, k=k, end=end, seed=seed)\n",
            "    prompt, last = ids.shape[1], -1 if end is None else end\n"
            "    for step in range(count):\n"
            "        ended = (ids[:, prompt:] == last).any(dim=1)\n"
            "        if ended.all():\n"
            "            break\n"
            "        ids = generate(Cached(), ids, 1, context, t=t, k=k, seed=seed + step)\n"
            "        ids[ended, -1] = last\n"
            "    return ids\n",
        )


@caught_by("test_model_and_prompts_are_left_as_they_were")
def model_in_a_wrapper():
    """a wrapper that registers the model as its part, whose mode generate sets with its own"""
    edit(
        "    class Cached(nn.Module):\n",
        "    class Cached(nn.Module):\n"
        "        def __init__(self) -> None:\n"
        "            super().__init__()\n"
        "            self.model = model\n\n",
    )


@caught_by("test_model_and_prompts_are_left_as_they_were")
def evaluation_mode_for_good():
    """the model set to evaluation mode, and left in it"""
    edit(
        "    context = ids.shape[1] + count\n",
        "    context = ids.shape[1] + count\n    model.eval()\n",
    )


@caught_by("test_a_sequence_that_has_ended_repeats_its_end")
def ended_by_the_prompt():
    """a sequence whose prompt contains end taken for one that has ended"""
    edit(
        "            return extend(model, ids[:, len(cache) :], cache, padding, base=base)",
        "            logits = extend(model, ids[:, len(cache) :], cache, padding, base=base)\n"
        "            if end is not None:\n"
        "                logits[(prompts == end).any(dim=1), :, end] = 1e4\n"
        "            return logits",
    )
    edit("    context = ids", "    prompts, context = ids, ids")


@caught_by("test_a_prompt_has_the_logits_of_the_model")
def mask_after_the_append():
    """a causal mask from len(cache) after the append: in the last layer that is S + T, not S"""
    edit(
        "k, v = cache.append(layer, k, v)  # (B, K, S + T, D)\n",
        "k, v = cache.append(layer, k, v)\n"
        "            if padding is None:\n"
        "                mask = key <= len(cache) + query - start\n",
    )


@caught_by("test_each_sequence_with_padding_is_as_it_is_alone")
def padding_as_queries():
    """the rows of padding masked, in place of its columns: tokens attend to padding"""
    edit("key >= padding", "query >= padding")


@caught_by("test_tokens_without_room_are_refused")
def appended_one_by_one():
    """tokens appended to the cache one by one, until one of them does not fit"""
    edit(
        "            k, v = cache.append(layer, k, v)  # (B, K, S + T, D)\n",
        "            for one in zip(k.split(1, dim=2), v.split(1, dim=2)):\n"
        "                k, v = cache.append(layer, *one)\n",
    )


@caught_by("test_greedy_tokens_are_those_of_generate")
def padding_from_zeros():
    """zeros at the left of a prompt taken for padding, though 0 is a token like others"""
    edit(
        "    context = ids.shape[1] + count\n",
        "    context = ids.shape[1] + count\n"
        "    if padding is None:\n"
        "        padding = (ids.cumsum(dim=1) == 0).sum(dim=1).clamp(max=ids.shape[1] - 1)\n",
    )


@caught_by("test_each_sequence_with_padding_is_as_it_is_alone")
def padding_alone_skipped():
    """a call of padding alone that appends nothing to the cache"""
    edit(
        "    query = torch.arange(start, start + tokens)",
        "    if padding is not None and bool((padding >= start + tokens).all()):\n"
        "        return torch.zeros(*ids.shape, len(model.tokens.weight), dtype=cache.keys.dtype)\n"
        "    query = torch.arange(start, start + tokens)",
    )
