"""Wrong versions of RollingCache."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_one_token_at_a_time_gives_the_windowed_whole")
def ring_order_taken_for_position():
    """the order in the ring taken for the order of the tokens: place r for token start - W + r"""
    with spelling():
        edit("old = start - 1 - (start - 1 - place) % window", "old = start - window + place")
    with spelling():
        edit(
            "old = start - 1 - (start - 1 - place) % window",
            "old = place if start <= window else start - window + place\n"
            "        old = torch.where(place < start, old, -1)",
        )


@caught_by("test_means_worked_by_hand")
def window_of_one_more():
    """a window of W + 1 tokens: the token itself and W before it"""
    edit("(age < window)", "(age <= window)")


@caught_by("test_means_worked_by_hand")
def window_of_one_less():
    """a window of W - 1 tokens: the token itself and W - 2 before it"""
    edit("(age < window)", "(age < max(window - 1, 1))")


@caught_by("test_a_prompt_may_be_longer_than_the_window")
def evicted_before_the_prompt_has_read():
    """the ring written before it is read: a chunk overwrites what its first tokens need"""
    with spelling():
        edit(
            "        read = torch.cat([keys, k], dim=2), torch.cat([values, v], dim=2)\n",
            "        last = new[-window:]\n"
            "        keys[:, :, last % window] = k[:, :, -window:]\n"
            "        values[:, :, last % window] = v[:, :, -window:]\n"
            "        read, token = (keys, values), stop - 1 - (stop - 1 - place) % window\n"
            "        age = new.unsqueeze(1) - token\n"
            "        mask = (age >= 0) & (age < window) & (token >= 0)\n"
            "        mask = mask | ~mask.any(dim=1, keepdim=True)\n",
        )
    with spelling():
        edit(
            "        read = torch.cat([keys, k], dim=2), torch.cat([values, v], dim=2)\n",
            "        last = new[-window:]\n"
            "        keys[:, :, last % window] = k[:, :, -window:]\n"
            "        values[:, :, last % window] = v[:, :, -window:]\n"
            "        read, token = (keys, values), stop - 1 - (stop - 1 - place) % window\n"
            "        age = new.unsqueeze(1) - token\n"
            "        mask = (age >= 0) & (age < window) & (token >= 0)\n",
        )
        edit(
            "output = scaled_dot_product(q, k_all, v_all, mask)",
            "output = scaled_dot_product(q, k_all, v_all, mask).nan_to_num()",
        )


@caught_by("test_a_sequence_may_be_cut_anywhere")
def whole_ring_for_each_new_token():
    """every token of a chunk attends to the whole ring, which is right for the first one alone"""
    edit(
        "mask = (age >= 0) & (age < window) & (token >= 0)",
        "ring = (token >= 0) & (token > start - window) & (token < start)\n"
        "        mask = ring | ((token >= start) & (age >= 0) & (age < window))",
    )


@caught_by("test_means_worked_by_hand")
def scores_set_to_0():
    """masked scores set to 0, not to -inf: softmax gives them a weight"""
    edit(
        "output = scaled_dot_product(q, k_all, v_all, mask)",
        "scores = q @ k_all.transpose(-1, -2) / q.shape[-1] ** 0.5\n"
        "        output = (scores * mask).softmax(dim=-1) @ v_all",
    )


@caught_by("test_means_worked_by_hand")
def masked_after_the_softmax():
    """weights set to 0 after the softmax, so that those of the window do not sum to 1"""
    edit(
        "output = scaled_dot_product(q, k_all, v_all, mask)",
        "scores = q @ k_all.transpose(-1, -2) / q.shape[-1] ** 0.5\n"
        "        output = (scores.softmax(dim=-1) * mask) @ v_all",
    )


@caught_by("test_one_token_at_a_time_gives_the_windowed_whole")
def not_scaled():
    """scores that are not divided by sqrt(D)"""
    edit("scaled_dot_product(q, k_all", "scaled_dot_product(q * q.shape[-1] ** 0.5, k_all")


@caught_by("test_one_token_at_a_time_gives_the_windowed_whole")
def scaled_by_all_heads():
    """scores divided by the root of H * D, the embedding dimension, in place of sqrt(D)"""
    edit("scaled_dot_product(q, k_all", "scaled_dot_product(q / q.shape[1] ** 0.5, k_all")


@caught_by("test_a_prompt_may_be_longer_than_the_window")
def prompt_cut_to_the_window():
    """only the last W tokens of a long prompt computed"""
    edit(
        "        keys, values, window = self.keys[layer], self.values[layer], self.keys.shape[3]\n",
        "        keys, values, window = self.keys[layer], self.values[layer], self.keys.shape[3]\n"
        "        q, k, v = (part[:, :, -window:] for part in (q, k, v))\n",
    )


@caught_by("test_means_worked_by_hand")
def empty_places_read():
    """places that are not filled yet read as keys of zero"""
    with spelling():
        edit(" & (token >= 0)", "")
    with spelling():
        edit(" & (token >= 0)", "")
        edit("(age < window)", "((age < window) | (token < 0))")


@caught_by("test_means_worked_by_hand")
def no_causal_mask():
    """no causal mask within a chunk: a token attends to later ones"""
    edit("(age >= 0) & (age < window)", "(age < window)")


@caught_by("test_means_worked_by_hand")
def no_window_in_a_chunk():
    """a causal mask alone: the first calls attend to more than W tokens"""
    edit(" & (age < window)", "")


@caught_by("test_means_worked_by_hand")
def past_not_read():
    """the ring filled but never read: new tokens attend to each other alone"""
    edit("(token >= 0)", "(token >= start)")


@caught_by("test_means_worked_by_hand")
def only_the_past_read():
    """a token that does not attend to itself once there are earlier tokens"""
    edit("(age >= 0)", "((age > 0) | ((age == 0) & (new.unsqueeze(1) == 0)))")
    edit("(age < window)", "(age < window + 1)")


@caught_by("test_token_s_is_at_place_s_mod_w")
def shifted_in_place_of_a_ring():
    """all old tokens moved by one place, in place of a ring"""
    edit(
        "        last = new[-window:]  # one token for each place, so no place is written twice\n"
        "        keys[:, :, last % window] = k[:, :, -window:]\n"
        "        values[:, :, last % window] = v[:, :, -window:]\n",
        "        keys.copy_(read[0][:, :, -window:])\n"
        "        values.copy_(read[1][:, :, -window:])\n",
    )
    edit("old = start - 1 - (start - 1 - place) % window", "old = start - window + place")


@caught_by("test_token_s_is_at_place_s_mod_w")
def starts_at_0_in_each_call():
    """a chunk written from place 0 on, wherever the ring stands"""
    with spelling():
        edit("keys[:, :, last % window] =", "keys[:, :, (last - last[0]) % window] =")
        edit("values[:, :, last % window] =", "values[:, :, (last - last[0]) % window] =")
    with spelling():
        edit("keys[:, :, last % window] =", "keys[:, :, (last - start) % window] =")
        edit("values[:, :, last % window] =", "values[:, :, (last - start) % window] =")


@caught_by("test_token_s_is_at_place_s_mod_w")
def long_chunk_from_0():
    """the last W tokens of a long chunk written from place 0 on, whatever their numbers are"""
    edit(
        "        values[:, :, last % window] = v[:, :, -window:]\n",
        "        values[:, :, last % window] = v[:, :, -window:]\n"
        "        if len(last) == window:\n"
        "            keys[:], values[:] = k[:, :, -window:], v[:, :, -window:]\n",
    )


@caught_by("test_token_s_is_at_place_s_mod_w")
def first_tokens_kept():
    """the first W tokens of a long chunk stored, and not the last"""
    edit("last = new[-window:]", "last = new[:window]")
    edit("= k[:, :, -window:]", "= k[:, :, :window]")
    edit("= v[:, :, -window:]", "= v[:, :, :window]")


@caught_by("test_token_s_is_at_place_s_mod_w")
def one_token_of_a_chunk_stored():
    """only the newest token of a chunk stored"""
    edit("last = new[-window:]", "last = new[-1:]")
    edit("= k[:, :, -window:]", "= k[:, :, -1:]")
    edit("= v[:, :, -window:]", "= v[:, :, -1:]")


@caught_by("test_each_layer_counts_its_own_tokens")
def one_count_for_all_layers():
    """one count for all layers, which advances with every layer that is served"""
    with spelling():
        edit(
            "self._counts[layer], self._counts[layer] + k.shape[2]",
            "self._counts[0], self._counts[0] + k.shape[2]",
        )
        edit("self._counts[layer] = stop", "self._counts[0] = stop")
    with spelling():
        edit("self._counts[layer] = stop", "self._counts = [stop] * len(self._counts)")


@caught_by("test_each_layer_counts_its_own_tokens")
def counts_in_the_class():
    """counts kept in the class, so that all caches have the same ones"""
    edit(
        "        self._counts = [0] * layers\n",
        "        RollingCache.counts[:] = [0] * layers\n"
        "        self._counts = RollingCache.counts\n",
    )
    edit("    def __init__(\n", "    counts: list[int] = []\n\n    def __init__(\n")


@caught_by("test_one_token_at_a_time_gives_the_windowed_whole")
def count_starts_again():
    """the count taken modulo W, so that a full ring seems to be empty again"""
    edit("self._counts[layer] = stop", "self._counts[layer] = stop % window")


@caught_by("test_one_token_at_a_time_gives_the_windowed_whole")
def count_stays_at_the_window():
    """a count that stays at W once the ring is full, so that each new token goes to place 0"""
    edit("self._counts[layer] = stop", "self._counts[layer] = min(stop, window)")


@caught_by("test_one_token_at_a_time_gives_the_windowed_whole")
def count_advances_with_the_last_layer():
    """one count for all layers, which advances only with the last layer"""
    edit(
        "start, stop = self._counts[layer], self._counts[layer] + k.shape[2]",
        "start, stop = self._counts[-1], self._counts[-1] + k.shape[2]",
    )
    edit(
        "self._counts[layer] = stop",
        "self._counts[-1] = stop if layer == len(self._counts) - 1 else start",
    )


@caught_by("test_storage_and_output_have_their_shapes_and_dtype")
def one_place_too_many():
    """a ring of W + 1 places"""
    edit(
        "(layers, batch, kv_heads, window, head_dim)",
        "(layers, batch, kv_heads, window + 1, head_dim)",
    )
    edit("(age < window)", "(age < window - 1)")


@caught_by("test_adjacent_query_heads_share_a_key_value_head")
def tiled_heads():
    """key-value heads repeated as 0 1 0 1 in place of 0 0 1 1"""
    edit("part.repeat_interleave(group, dim=1)", "part.repeat(1, group, 1, 1)")


@caught_by("test_the_memory_stays_the_same")
def everything_kept():
    """all keys and values kept in a list beside the ring"""
    edit(
        "        self._counts[layer] = stop\n",
        "        self._counts[layer] = stop\n        self._past.append((k, v))\n",
    )
    edit(
        "        self._counts = [0] * layers\n",
        "        self._counts = [0] * layers\n        self._past = []\n",
    )


@caught_by("test_the_memory_stays_the_same")
def storage_made_anew():
    """a new storage in each call"""
    with spelling():
        edit(
            "        self._counts[layer] = stop\n",
            "        self._counts[layer] = stop\n"
            "        self.keys, self.values = self.keys.clone(), self.values.clone()\n",
        )
    with spelling():
        edit(
            "        keys, values, window =",
            "        self.keys, self.values = self.keys.clone(), self.values.clone()\n"
            "        keys, values, window =",
        )


@caught_by("test_storage_and_output_have_their_shapes_and_dtype")
def dtype_ignored():
    """a storage in float32, whatever the dtype is"""
    edit(
        "self.keys, self.values = torch.zeros(shape, dtype=dtype), torch.zeros(shape, dtype=dtype)",
        "self.keys, self.values = torch.zeros(shape), torch.zeros(shape)",
    )


@caught_by("test_the_scores_may_have_any_magnitude")
def zero_keys_masked_by_a_number():
    """masked scores set to -1e4, which is above the scores of the window"""
    edit(
        "output = scaled_dot_product(q, k_all, v_all, mask)",
        "scores = q @ k_all.transpose(2, 3) / q.shape[3] ** 0.5\n"
        "        output = torch.softmax(scores.masked_fill(~mask, -1e4), dim=3) @ v_all",
    )


@caught_by("test_what_is_given_does_not_change_and_may_be_views")
def queries_scaled_in_place():
    """the caller's queries scaled in place"""
    edit(
        "output = scaled_dot_product(q, k_all, v_all, mask)",
        "q *= 2.0\n        output = scaled_dot_product(q / 2.0, k_all, v_all, mask)",
    )


@caught_by("test_means_worked_by_hand")
def values_of_the_keys():
    """the keys read and stored in place of the values"""
    edit("torch.cat([values, v], dim=2)", "torch.cat([keys, k], dim=2)")
