"""Wrong versions of Cache."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_tokens_worked_by_hand")
def slot_0_each_time():
    """new tokens written from place 0 on in each call, over the tokens that are there"""
    edit("keys[:, :, start:stop] = k", "keys[:, :, : stop - start] = k")
    edit("values[:, :, start:stop] = v", "values[:, :, : stop - start] = v")


@caught_by("test_each_layer_has_its_own_length")
def one_length_for_all_layers():
    """one length for all layers, which advances with every layer that is served"""
    with spelling():
        edit("[0] * layers", "[0]")
        edit("start = self._lengths[layer]", "start = self._lengths[0]")
        edit("self._lengths[layer] = stop", "self._lengths[0] = stop")
    with spelling():
        edit("start = self._lengths[layer]", "start = max(self._lengths)")
    with spelling():
        edit("self._lengths[layer] = stop", "self._lengths = [stop] * len(self._lengths)")


@caught_by("test_each_layer_has_its_own_length")
def length_advances_with_the_last_layer():
    """a length that advances only with the last layer, so that layers need one fixed order"""
    with spelling():
        edit("start = self._lengths[layer]", "start = self._lengths[-1]")
        edit(
            "self._lengths[layer] = stop",
            "if layer == len(self._lengths) - 1:\n"
            "            self._lengths = [stop] * len(self._lengths)",
        )
    with spelling():
        edit("start = self._lengths[layer]", "start = len(self)")


@caught_by("test_tokens_worked_by_hand")
def whole_storage_returned():
    """the whole storage of the layer returned, with the zeros that are not filled yet"""
    edit("return keys[:, :, :stop], values[:, :, :stop]", "return keys, values")


@caught_by("test_tokens_worked_by_hand")
def only_the_new_returned():
    """only the new tokens returned, so that attention never reads the earlier ones"""
    with spelling():
        edit(
            "return keys[:, :, :stop], values[:, :, :stop]",
            "return keys[:, :, start:stop], values[:, :, start:stop]",
        )
    with spelling():
        edit("return keys[:, :, :stop], values[:, :, :stop]", "return k, v")


@caught_by("test_tokens_worked_by_hand")
def only_the_past_returned():
    """the tokens returned that were held before the call, without the new ones"""
    edit(
        "return keys[:, :, :stop], values[:, :, :stop]",
        "return keys[:, :, :start], values[:, :, :start]",
    )


@caught_by("test_tokens_worked_by_hand")
def length_counts_calls():
    """the length raised by one in each call, however many tokens came"""
    edit("self._lengths[layer] = stop", "self._lengths[layer] = start + 1")


@caught_by("test_tokens_worked_by_hand")
def length_not_raised():
    """a length that stays 0, since it is not raised by append"""
    edit("        self._lengths[layer] = stop\n", "")


@caught_by("test_tokens_worked_by_hand")
def values_written_to_keys():
    """the keys stored a second time in place of the values"""
    edit("values[:, :, start:stop] = v", "values[:, :, start:stop] = k")


@caught_by("test_tokens_worked_by_hand")
def values_then_keys():
    """the values returned first and the keys second"""
    edit(
        "return keys[:, :, :stop], values[:, :, :stop]",
        "return values[:, :, :stop], keys[:, :, :stop]",
    )


@caught_by("test_tokens_worked_by_hand")
def one_storage_for_both():
    """one tensor for keys and values, so that the values overwrite the keys"""
    edit(
        "self.keys, self.values = torch.zeros(shape, dtype=dtype), torch.zeros(shape, dtype=dtype)",
        "self.keys = self.values = torch.zeros(shape, dtype=dtype)",
    )


@caught_by("test_tokens_worked_by_hand")
def tokens_counted_along_the_heads():
    """the new tokens counted along the dimension of the heads: shape[1], as in (B, T, K, D)"""
    with spelling():
        edit("stop = start + k.shape[2]", "stop = start + k.shape[1]")
    with spelling():
        edit("stop = start + k.shape[2]", "stop = start + len(k)")


@caught_by("test_the_storage_has_its_shape_and_dtype")
def tokens_before_heads():
    """a storage of shape (L, B, context, K, D), with the tokens before the heads"""
    edit(
        "(layers, batch, kv_heads, context, head_dim)",
        "(layers, batch, context, kv_heads, head_dim)",
    )
    edit("room = self.keys.shape[3]", "room = self.keys.shape[2]")
    edit(
        "keys, values = self.keys[layer], self.values[layer]",
        "keys, values = self.keys[layer].transpose(1, 2), self.values[layer].transpose(1, 2)",
    )


@caught_by("test_the_storage_has_its_shape_and_dtype")
def dtype_ignored():
    """a storage in float32, whatever the dtype is"""
    edit(
        "self.keys, self.values = torch.zeros(shape, dtype=dtype), torch.zeros(shape, dtype=dtype)",
        "self.keys, self.values = torch.zeros(shape), torch.zeros(shape)",
    )


@caught_by("test_the_storage_holds_the_tokens_at_their_places")
def one_layer_for_all():
    """the keys of every layer written to layer 0"""
    edit(
        "keys, values = self.keys[layer], self.values[layer]",
        "keys, values = self.keys[0], self.values[0]",
    )


@caught_by("test_the_storage_never_moves")
def storage_made_anew():
    """a new storage in each call, into which all old tokens are copied"""
    with spelling():
        edit(
            "keys, values = self.keys[layer], self.values[layer]",
            "self.keys, self.values = self.keys.clone(), self.values.clone()\n"
            "        keys, values = self.keys[layer], self.values[layer]",
        )


@caught_by("test_a_token_costs_the_same_at_every_length")
def old_tokens_written_again():
    """old and new tokens joined by cat and all of them written, so that a token costs O(S)"""
    edit(
        "keys[:, :, start:stop] = k",
        "keys[:, :, :stop] = torch.cat([keys[:, :, :start], k], dim=2)",
    )
    edit(
        "values[:, :, start:stop] = v",
        "values[:, :, :stop] = torch.cat([values[:, :, :start], v], dim=2)",
    )


@caught_by("test_what_is_returned_are_views_of_the_storage")
def copies_returned():
    """copies of all tokens returned instead of views, so that a token costs O(S)"""
    edit(
        "return keys[:, :, :stop], values[:, :, :stop]",
        "return keys[:, :, :stop].clone(), values[:, :, :stop].clone()",
    )


@caught_by("test_the_storage_holds_the_tokens_at_their_places")
def rest_set_to_zero():
    """all places written in each call: those behind the new tokens are set to 0 again"""
    edit("keys[:, :, start:stop] = k", "keys[:, :, start:] = 0\n        keys[:, :, start:stop] = k")


@caught_by("test_the_storage_holds_the_tokens_at_their_places")
def tokens_at_the_end():
    """the tokens kept at the end of the storage, and earlier ones moved to the left in each call"""
    edit(
        "keys[:, :, start:stop] = k",
        "for whole, part in ((keys, k), (values, v)):\n"
        "            old = whole[:, :, room - start :].clone()\n"
        "            whole[:, :, room - stop :] = torch.cat([old, part], dim=2)",
    )
    edit("        values[:, :, start:stop] = v\n", "")
    edit(
        "return keys[:, :, :stop], values[:, :, :stop]",
        "return keys[:, :, room - stop :], values[:, :, room - stop :]",
    )


@caught_by("test_each_layer_has_its_own_length")
def keys_that_are_not_zero_counted():
    """the length found by counting keys that are not zero, so that a key of zeros is overwritten"""
    edit(
        "start = self._lengths[layer]",
        "start = int((self.keys[layer] != 0).any(-1).any(0).any(0).sum())",
    )
    edit(
        "return min(self._lengths)",
        "return int((self.keys != 0).any(-1).any(1).any(1).sum(1).min())",
    )
    edit(
        "        # The old numbers may stay: no length reaches them before they are overwritten.\n"
        "        self._lengths = [0] * len(self._lengths)\n",
        "        self.keys.zero_()\n        self.values.zero_()\n",
    )


@caught_by("test_tokens_that_do_not_fit_are_refused")
def cut_where_it_is_full():
    """tokens beyond the context dropped without an error"""
    with spelling():
        edit(
            '            raise ValueError(f"{start} tokens and {k.shape[2]} more do not fit into'
            ' {room} places")\n',
            "            stop = room\n"
            "            k, v = k[:, :, : room - start], v[:, :, : room - start]\n",
        )


@caught_by("test_tokens_that_do_not_fit_are_refused")
def full_refused_one_too_early():
    """the last place never used: >= in place of >"""
    edit("if stop > room:", "if stop >= room:")


@caught_by("test_tokens_that_do_not_fit_are_refused")
def starts_over_when_full():
    """the oldest tokens overwritten when the context is full, as in a ring"""
    edit(
        '            raise ValueError(f"{start} tokens and {k.shape[2]} more do not fit into'
        ' {room} places")\n',
        "            start, stop = 0, k.shape[2]\n",
    )


@caught_by("test_tokens_that_do_not_fit_are_refused")
def error_of_torch():
    """PyTorch's RuntimeError about shapes in place of ValueError"""
    edit("if stop > room:", "if False:")


@caught_by("test_tokens_that_do_not_fit_are_refused")
def length_raised_before_the_error():
    """the length raised before the error, so that a refused call leaves the cache changed"""
    edit(
        "        stop = start + k.shape[2]\n",
        "        stop = start + k.shape[2]\n        self._lengths[layer] = stop\n",
    )


@caught_by("test_tokens_that_do_not_fit_are_refused")
def filled_up_before_the_error():
    """what fits written before the error is raised"""
    edit(
        "        if stop > room:\n",
        "        if stop > room:\n"
        "            self.keys[layer, :, :, start:] = k[:, :, : room - start]\n",
    )


@caught_by("test_each_layer_has_its_own_length")
def longest_layer():
    """the length of the layer that holds most, or of layer 0, in place of the smallest"""
    with spelling():
        edit("return min(self._lengths)", "return max(self._lengths)")
    with spelling():
        edit("return min(self._lengths)", "return self._lengths[0]")
    with spelling():
        edit("return min(self._lengths)", "return self._lengths[-1]")


@caught_by("test_the_storage_has_its_shape_and_dtype")
def length_is_the_context():
    """the size of the storage returned as the length"""
    edit("return min(self._lengths)", "return self.keys.shape[3]")


@caught_by("test_clear_makes_room_for_other_sequences")
def only_the_numbers_cleared():
    """clear sets the storage to 0 and leaves the lengths as they are"""
    edit(
        "        # The old numbers may stay: no length reaches them before they are overwritten.\n"
        "        self._lengths = [0] * len(self._lengths)\n",
        "        self.keys.zero_()\n        self.values.zero_()\n",
    )


@caught_by("test_clear_makes_room_for_other_sequences")
def one_layer_cleared():
    """only layer 0 made empty by clear"""
    edit("        self._lengths = [0] * len(self._lengths)\n", "        self._lengths[0] = 0\n")


@caught_by("test_the_storage_never_moves")
def storage_replaced_by_clear():
    """a new storage allocated by clear"""
    edit(
        "        self._lengths = [0] * len(self._lengths)\n",
        "        self.keys, self.values = (torch.zeros_like(p) for p in (self.keys, self.values))\n"
        "        self._lengths = [0] * len(self._lengths)\n",
    )


@caught_by("test_two_caches_share_nothing")
def kept_in_the_class():
    """lengths kept in the class, so that a second cache changes those of the first"""
    edit(
        "        self._lengths = [0] * layers\n",
        "        Cache.counts[:] = [0] * layers\n        self._lengths = Cache.counts\n",
    )
    edit(
        "        self._lengths = [0] * len(self._lengths)\n",
        "        self._lengths[:] = [0] * len(self._lengths)\n",
    )
    edit("    def __init__(\n", "    counts: list[int] = []\n\n    def __init__(\n")


@caught_by("test_new_tokens_may_be_views_and_are_copied")
def copied_with_view():
    """numbers written by k.view(-1), which a transposed k does not allow"""
    edit("keys[:, :, start:stop] = k", "keys[:, :, start:stop] = k.view(-1).view(k.shape)")
