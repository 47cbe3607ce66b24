"""What goes wrong with load_gpt2."""

import re

import torch

from grader.course import caught_by


@caught_by("test_a_gpt_of_the_tensors_sizes_comes_back")
def nothing_turned():
    """weights taken as they are stored, (in, out), so that they do not fit"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}")
                joined = take(f"h.{n}.attn.c_attn.{kind}")
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model


@caught_by("test_weights_are_turned_round_even_where_they_are_square")
def square_not_turned():
    """weights turned round only where they would not fit otherwise, so not the square one"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    tensor = take(f"h.{n}.{theirs}.{kind}")
                    fits = theirs == "attn.c_proj"
                    state[f"blocks.{n}.{ours}.{kind}"] = tensor if fits else tensor.t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model


@caught_by("test_weights_are_turned_round_even_where_they_are_square")
def reshaped():
    """weights brought into shape by reshape in place of a transpose"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    tensor = take(f"h.{n}.{theirs}.{kind}")
                    state[f"blocks.{n}.{ours}.{kind}"] = tensor.reshape(tensor.t().shape)
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model


@caught_by("test_the_joined_weight_holds_query_then_key_then_value")
def joined_not_turned():
    """the joined weight cut into three and its square parts not turned round"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}")
                for name, part in zip(
                    ("query", "key", "value"), joined.chunk(3, dim=-1), strict=True
                ):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model


@caught_by("test_the_joined_weight_holds_query_then_key_then_value")
def value_first():
    """the parts of the joined weight taken as value, key, query"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("value", "key", "query"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model


@caught_by("test_the_joined_weight_holds_query_then_key_then_value")
def head_by_head():
    """the joined weight read head by head, as GPT-NeoX has it: query, key, value of head 0 first"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                by_head = joined.unflatten(0, (heads, 3, -1))
                for i, name in enumerate(("query", "key", "value")):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = by_head[:, i].flatten(0, 1)
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model


@caught_by("test_weights_are_turned_round_even_where_they_are_square")
def weights_alone():
    """weights loaded and biases of the linear layers forgotten, which stay random"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    if kind == "bias" and "norm" not in ours:
                        continue
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state, strict=False)
        return model


@caught_by("test_embeddings_and_norms_are_taken_as_they_are")
def norms_swapped():
    """the two norms of a block taken for one another"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm2", "attn.c_proj": "attention.out", "ln_2": "norm1"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model


@caught_by("test_embeddings_and_norms_are_taken_as_they_are")
def last_norm_forgotten():
    """the last norm left as it begins, its tensors never loaded"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state, strict=False)
        return model


@caught_by("test_masks_and_a_second_copy_of_the_embedding_are_passed_over")
def head_loaded():
    """lm_head.weight loaded over the token embedding where a file has it"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        if "lm_head.weight" in files:
            state["tokens.weight"] = take("lm_head.weight")
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model


@caught_by("test_masks_and_a_second_copy_of_the_embedding_are_passed_over")
def strict_about_names():
    """names beyond the table refused, such as the masks of older files"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        if any(name.endswith(("attn.bias", "masked_bias")) for name in files):
            raise ValueError("unexpected names")
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model


@caught_by("test_the_prefix_of_whole_models_is_taken_off")
def prefix_kept():
    """names with the prefix transformer. not recognised"""

    def load_gpt2(tensors, heads):
        files = dict(tensors)
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model


@caught_by("test_the_prefix_of_whole_models_is_taken_off")
def prefix_by_the_first_name():
    """the prefix taken off all names or none, as the first name has it"""

    def load_gpt2(tensors, heads):
        files = dict(tensors)
        if next(iter(files)).startswith("transformer."):
            files = {name[12:]: tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model


@caught_by("test_twelve_blocks_stay_in_order_however_the_names_are_sorted")
def one_digit():
    """the number of a block read as one digit, so that blocks after the tenth are never seen"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name[2]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model


@caught_by("test_twelve_blocks_stay_in_order_however_the_names_are_sorted")
def as_the_names_sort():
    """blocks in the order of their sorted names, where h.10 stands before h.2"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        order = sorted(map(str, range(layers)))
        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{order[n]}.{theirs}.{kind}").t()
                joined = take(f"h.{order[n]}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model


@caught_by("test_twelve_blocks_stay_in_order_however_the_names_are_sorted")
def as_the_file_has_them():
    """blocks in the order in which their names first come in the dict"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        order = list(dict.fromkeys(re.findall(r"(?:^| )h\.(\d+)", " ".join(files))))
        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{order[n]}.{theirs}.{kind}").t()
                joined = take(f"h.{order[n]}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model


@caught_by("test_a_missing_tensor_is_refused_by_name")
def counted_to_the_first_hole():
    """blocks counted up to the first that is missing, so that a hole makes the model shorter"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 0
        while any(name.startswith(f"h.{layers}.") for name in files):
            layers += 1

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model


@caught_by("test_a_missing_tensor_is_refused_by_name")
def bare_key_error():
    """the KeyError of the dict for a name that is missing"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model


@caught_by("test_a_missing_tensor_is_refused_by_name")
def nameless_error():
    """a ValueError that does not say which name is missing"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError("a tensor is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model


@caught_by("test_a_missing_tensor_is_refused_by_name")
def missing_in_silence():
    """a missing tensor passed over, so that its layer keeps random numbers"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    if f"h.{n}.{theirs}.{kind}" in files:
                        tensor = take(f"h.{n}.{theirs}.{kind}").t()
                        state[f"blocks.{n}.{ours}.{kind}"] = tensor
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state, strict=False)
        return model


@caught_by("test_logits_are_gpt2s")
def one_head():
    """a model with one head, whatever heads says"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, 1)
        model.load_state_dict(state)
        return model


@caught_by("test_the_parameters_are_copies")
def tensors_assigned():
    """the tensors themselves as parameters, which change with them"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                parameter.data = state[name].to(parameter.dtype)
        return model


@caught_by("test_the_parameters_are_float32_and_are_trained")
def dtype_of_the_file():
    """parameters in the dtype of the tensors, float16 for a file in float16"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.to(tensors[next(iter(tensors))].dtype)
        model.load_state_dict(state)
        return model


@caught_by("test_the_parameters_are_float32_and_are_trained")
def frozen():
    """loaded parameters that require no gradient"""

    def load_gpt2(tensors, heads):
        files = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
        layers = 1 + max((int(name.split(".")[1]) for name in files if name[:2] == "h."), default=0)

        def take(name):
            if name not in files:
                raise ValueError(f"{name} is missing")
            return files[name]

        state = {"tokens.weight": take("wte.weight"), "positions.weight": take("wpe.weight")}
        homes = {"ln_1": "norm1", "attn.c_proj": "attention.out", "ln_2": "norm2"}
        homes |= {"mlp.c_fc": "feed_forward.up", "mlp.c_proj": "feed_forward.down"}
        for kind in ("weight", "bias"):
            state[f"norm.{kind}"] = take(f"ln_f.{kind}")
            for n in range(layers):
                for theirs, ours in homes.items():
                    state[f"blocks.{n}.{ours}.{kind}"] = take(f"h.{n}.{theirs}.{kind}").t()
                joined = take(f"h.{n}.attn.c_attn.{kind}").t()
                for name, part in zip(("query", "key", "value"), joined.chunk(3), strict=True):
                    state[f"blocks.{n}.attention.{name}.{kind}"] = part
        (vocabulary, width), (context, _) = take("wte.weight").shape, take("wpe.weight").shape
        model = GPT(vocabulary, context, width, layers, heads)
        model.load_state_dict(state)
        return model.requires_grad_(False)
