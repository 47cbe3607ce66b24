"""What goes wrong with load_llama."""

from grader.course import caught_by


@caught_by("test_each_name_of_the_file_has_its_name_in_the_model")
def norms_swapped():
    """the two norms of a block in each other's place"""

    def our_name(name):
        ours = {
            "attn_norm": "norm2",
            "attn_q": "attention.query",
            "attn_k": "attention.key",
            "attn_v": "attention.value",
            "attn_output": "attention.out",
            "ffn_norm": "norm1",
            "ffn_gate": "feed_forward.gate",
            "ffn_up": "feed_forward.up",
            "ffn_down": "feed_forward.down",
        }
        match name.split("."):
            case ["token_embd", "weight"]:
                return "tokens.weight"
            case ["output_norm", "weight"]:
                return "norm.weight"
            case ["blk", number, part, "weight"] if part in ours:
                return f"blocks.{number}.{ours[part]}.weight"
        raise ValueError(f"Llama has no place for {name}")


@caught_by("test_each_name_of_the_file_has_its_name_in_the_model")
def gate_and_up_swapped():
    """gate and up in each other's place, which have the same shape"""

    def our_name(name):
        ours = {
            "attn_norm": "norm1",
            "attn_q": "attention.query",
            "attn_k": "attention.key",
            "attn_v": "attention.value",
            "attn_output": "attention.out",
            "ffn_norm": "norm2",
            "ffn_gate": "feed_forward.up",
            "ffn_up": "feed_forward.gate",
            "ffn_down": "feed_forward.down",
        }
        match name.split("."):
            case ["token_embd", "weight"]:
                return "tokens.weight"
            case ["output_norm", "weight"]:
                return "norm.weight"
            case ["blk", number, part, "weight"] if part in ours:
                return f"blocks.{number}.{ours[part]}.weight"
        raise ValueError(f"Llama has no place for {name}")


@caught_by("test_each_name_of_the_file_has_its_name_in_the_model")
def one_digit():
    """block numbers of which only the first digit is read"""

    def our_name(name):
        ours = {
            "attn_norm": "norm1",
            "attn_q": "attention.query",
            "attn_k": "attention.key",
            "attn_v": "attention.value",
            "attn_output": "attention.out",
            "ffn_norm": "norm2",
            "ffn_gate": "feed_forward.gate",
            "ffn_up": "feed_forward.up",
            "ffn_down": "feed_forward.down",
        }
        match name.split("."):
            case ["token_embd", "weight"]:
                return "tokens.weight"
            case ["output_norm", "weight"]:
                return "norm.weight"
            case ["blk", number, part, "weight"] if part in ours:
                return f"blocks.{number[0]}.{ours[part]}.weight"
        raise ValueError(f"Llama has no place for {name}")


@caught_by("test_each_name_of_the_file_has_its_name_in_the_model")
def counted_from_one():
    """block numbers one too high, as if the file counted from 1"""

    def our_name(name):
        ours = {
            "attn_norm": "norm1",
            "attn_q": "attention.query",
            "attn_k": "attention.key",
            "attn_v": "attention.value",
            "attn_output": "attention.out",
            "ffn_norm": "norm2",
            "ffn_gate": "feed_forward.gate",
            "ffn_up": "feed_forward.up",
            "ffn_down": "feed_forward.down",
        }
        match name.split("."):
            case ["token_embd", "weight"]:
                return "tokens.weight"
            case ["output_norm", "weight"]:
                return "norm.weight"
            case ["blk", number, part, "weight"] if part in ours:
                return f"blocks.{int(number) + 1}.{ours[part]}.weight"
        raise ValueError(f"Llama has no place for {name}")


@caught_by("test_a_name_outside_the_table_is_refused")
def unknown_names_as_they_are():
    """names outside the table handed on as they are"""

    def our_name(name):
        ours = {
            "attn_norm": "norm1",
            "attn_q": "attention.query",
            "attn_k": "attention.key",
            "attn_v": "attention.value",
            "attn_output": "attention.out",
            "ffn_norm": "norm2",
            "ffn_gate": "feed_forward.gate",
            "ffn_up": "feed_forward.up",
            "ffn_down": "feed_forward.down",
        }
        match name.split("."):
            case ["token_embd", "weight"]:
                return "tokens.weight"
            case ["output_norm", "weight"]:
                return "norm.weight"
            case ["blk", number, part, "weight"] if part in ours:
                return f"blocks.{number}.{ours[part]}.weight"
        return name


@caught_by("test_a_name_outside_the_table_is_refused")
def words_replaced():
    """names translated word by word, also where a word means something else"""

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


@caught_by("test_six_rows_worked_by_hand")
def left_permuted():
    """rows of queries and keys left in the file's order"""

    def unpermute(weight, heads):
        return weight.clone()


@caught_by("test_six_rows_worked_by_hand")
def permuted_again():
    """the file's permutation applied a second time, not undone"""

    def unpermute(weight, heads):
        pairs = weight.unflatten(0, (heads, 2, -1))
        return pairs.transpose(1, 2).reshape(weight.shape)


@caught_by("test_each_head_is_put_in_order_by_itself")
def all_heads_as_one():
    """even and odd rows parted over the whole weight, not within each head"""

    def unpermute(weight, heads):
        pairs = weight.unflatten(0, (1, -1, 2))
        return pairs.transpose(1, 2).reshape(weight.shape)


@caught_by("test_the_logits_are_those_of_the_files_own_convention")
def keys_as_for_queries():
    """keys put in order as if they had as many heads as the queries"""

    def load_llama(tensors, heads, kv_heads, base, eps):
        turned = {"query": heads, "key": heads}
        state = {}
        for name, tensor in tensors.items():
            ours = our_name(name)
            part = ours.split(".")[-2]
            state[ours] = unpermute(tensor, turned[part]) if part in turned else tensor
        tokens, up = state.get("tokens.weight"), state.get("blocks.0.feed_forward.up.weight")
        if tokens is None or up is None:
            raise ValueError("a tensor is missing")
        layers = sum(name.endswith("norm1.weight") for name in state)
        model = Llama(*tokens.shape, layers, heads, kv_heads, len(up), base, eps)
        shapes = {name: weight.shape for name, weight in state.items()}
        wanted = {name: weight.shape for name, weight in model.state_dict().items()}
        if shapes != wanted:
            raise ValueError("missing, or of another shape")
        model.load_state_dict(state)
        return model


@caught_by("test_every_tensor_is_in_its_place")
def queries_only():
    """rows put in order for the queries and not for the keys"""

    def load_llama(tensors, heads, kv_heads, base, eps):
        turned = {"query": heads}
        state = {}
        for name, tensor in tensors.items():
            ours = our_name(name)
            part = ours.split(".")[-2]
            state[ours] = unpermute(tensor, turned[part]) if part in turned else tensor
        tokens, up = state.get("tokens.weight"), state.get("blocks.0.feed_forward.up.weight")
        if tokens is None or up is None:
            raise ValueError("a tensor is missing")
        layers = sum(name.endswith("norm1.weight") for name in state)
        model = Llama(*tokens.shape, layers, heads, kv_heads, len(up), base, eps)
        shapes = {name: weight.shape for name, weight in state.items()}
        wanted = {name: weight.shape for name, weight in model.state_dict().items()}
        if shapes != wanted:
            raise ValueError("missing, or of another shape")
        model.load_state_dict(state)
        return model


@caught_by("test_every_tensor_is_in_its_place")
def values_too():
    """rows put in order for the values as well, which nothing rotates"""

    def load_llama(tensors, heads, kv_heads, base, eps):
        turned = {"query": heads, "key": kv_heads, "value": kv_heads}
        state = {}
        for name, tensor in tensors.items():
            ours = our_name(name)
            part = ours.split(".")[-2]
            state[ours] = unpermute(tensor, turned[part]) if part in turned else tensor
        tokens, up = state.get("tokens.weight"), state.get("blocks.0.feed_forward.up.weight")
        if tokens is None or up is None:
            raise ValueError("a tensor is missing")
        layers = sum(name.endswith("norm1.weight") for name in state)
        model = Llama(*tokens.shape, layers, heads, kv_heads, len(up), base, eps)
        shapes = {name: weight.shape for name, weight in state.items()}
        wanted = {name: weight.shape for name, weight in model.state_dict().items()}
        if shapes != wanted:
            raise ValueError("missing, or of another shape")
        model.load_state_dict(state)
        return model


@caught_by("test_every_tensor_is_in_its_place")
def sorted_as_text():
    """blocks in the order of their names as text, so that block 10 comes before block 2"""

    def load_llama(tensors, heads, kv_heads, base, eps):
        turned = {"query": heads, "key": kv_heads}
        numbers = sorted({name.split(".")[1] for name in tensors if name.startswith("blk.")})
        state = {}
        for name, tensor in tensors.items():
            ours = our_name(name)
            *head, part, kind = ours.split(".")
            tensor = unpermute(tensor, turned[part]) if part in turned else tensor
            if head:
                head[1] = str(numbers.index(head[1]))
            state[".".join([*head, part, kind])] = tensor
        tokens, up = state.get("tokens.weight"), state.get("blocks.0.feed_forward.up.weight")
        if tokens is None or up is None:
            raise ValueError("a tensor is missing")
        model = Llama(*tokens.shape, len(numbers), heads, kv_heads, len(up), base, eps)
        shapes = {name: weight.shape for name, weight in state.items()}
        wanted = {name: weight.shape for name, weight in model.state_dict().items()}
        if shapes != wanted:
            raise ValueError("missing, or of another shape")
        model.load_state_dict(state)
        return model


@caught_by("test_every_tensor_is_in_its_place")
def in_the_order_of_the_file():
    """tensors handed to the parameters in the order in which they come, whatever their names"""

    def load_llama(tensors, heads, kv_heads, base, eps):
        names = {our_name(name): name for name in tensors}
        layers = sum(name.endswith("norm1.weight") for name in names)
        if len(names) != 2 + 9 * layers or "tokens.weight" not in names:
            raise ValueError("a tensor is missing")
        tokens, up = tensors["token_embd.weight"], tensors["blk.0.ffn_up.weight"]
        model = Llama(*tokens.shape, layers, heads, kv_heads, len(up), base, eps)
        weights = list(tensors.values())
        for (name, parameter), weight in zip(model.named_parameters(), weights, strict=True):
            if parameter.shape != weight.shape:
                raise ValueError(f"{name} has another shape")
            if ".query." in name or ".key." in name:
                weight = unpermute(weight, heads if ".query." in name else kv_heads)
            parameter.data.copy_(weight)
        return model


@caught_by("test_the_sizes_are_read_from_the_tensors")
def one_block_short():
    """the highest block number taken for the number of blocks"""

    def load_llama(tensors, heads, kv_heads, base, eps):
        turned = {"query": heads, "key": kv_heads}
        state = {}
        for name, tensor in tensors.items():
            ours = our_name(name)
            part = ours.split(".")[-2]
            state[ours] = unpermute(tensor, turned[part]) if part in turned else tensor
        tokens, up = state.get("tokens.weight"), state.get("blocks.0.feed_forward.up.weight")
        if tokens is None or up is None:
            raise ValueError("a tensor is missing")
        layers = max(int(name.split(".")[1]) for name in state if name.startswith("blocks"))
        model = Llama(*tokens.shape, layers, heads, kv_heads, len(up), base, eps)
        shapes = {name: weight.shape for name, weight in state.items()}
        wanted = {name: weight.shape for name, weight in model.state_dict().items()}
        if shapes != wanted:
            raise ValueError("missing, or of another shape")
        model.load_state_dict(state)
        return model


@caught_by("test_the_sizes_are_read_from_the_tensors")
def sizes_the_other_way_round():
    """vocabulary and width read the other way round, as the file itself lists them"""

    def load_llama(tensors, heads, kv_heads, base, eps):
        turned = {"query": heads, "key": kv_heads}
        state = {}
        for name, tensor in tensors.items():
            ours = our_name(name)
            part = ours.split(".")[-2]
            state[ours] = unpermute(tensor, turned[part]) if part in turned else tensor
        tokens, up = state.get("tokens.weight"), state.get("blocks.0.feed_forward.up.weight")
        if tokens is None or up is None:
            raise ValueError("a tensor is missing")
        layers = sum(name.endswith("norm1.weight") for name in state)
        model = Llama(*tokens.shape[::-1], layers, heads, kv_heads, len(up), base, eps)
        shapes = {name: weight.shape for name, weight in state.items()}
        wanted = {name: weight.shape for name, weight in model.state_dict().items()}
        if shapes != wanted:
            raise ValueError("missing, or of another shape")
        model.load_state_dict(state)
        return model


@caught_by("test_base_and_eps_reach_the_model")
def base_left_out():
    """a model that turns by its usual base, whatever base was given"""

    def load_llama(tensors, heads, kv_heads, base, eps):
        turned = {"query": heads, "key": kv_heads}
        state = {}
        for name, tensor in tensors.items():
            ours = our_name(name)
            part = ours.split(".")[-2]
            state[ours] = unpermute(tensor, turned[part]) if part in turned else tensor
        tokens, up = state.get("tokens.weight"), state.get("blocks.0.feed_forward.up.weight")
        if tokens is None or up is None:
            raise ValueError("a tensor is missing")
        layers = sum(name.endswith("norm1.weight") for name in state)
        model = Llama(*tokens.shape, layers, heads, kv_heads, len(up), eps=eps)
        shapes = {name: weight.shape for name, weight in state.items()}
        wanted = {name: weight.shape for name, weight in model.state_dict().items()}
        if shapes != wanted:
            raise ValueError("missing, or of another shape")
        model.load_state_dict(state)
        return model


@caught_by("test_base_and_eps_reach_the_model")
def eps_left_out():
    """a model whose norms add their usual eps, whatever eps was given"""

    def load_llama(tensors, heads, kv_heads, base, eps):
        turned = {"query": heads, "key": kv_heads}
        state = {}
        for name, tensor in tensors.items():
            ours = our_name(name)
            part = ours.split(".")[-2]
            state[ours] = unpermute(tensor, turned[part]) if part in turned else tensor
        tokens, up = state.get("tokens.weight"), state.get("blocks.0.feed_forward.up.weight")
        if tokens is None or up is None:
            raise ValueError("a tensor is missing")
        layers = sum(name.endswith("norm1.weight") for name in state)
        model = Llama(*tokens.shape, layers, heads, kv_heads, len(up), base)
        shapes = {name: weight.shape for name, weight in state.items()}
        wanted = {name: weight.shape for name, weight in model.state_dict().items()}
        if shapes != wanted:
            raise ValueError("missing, or of another shape")
        model.load_state_dict(state)
        return model


@caught_by("test_an_incomplete_file_is_refused")
def holes_left_random():
    """missing tensors passed over in silence, so that their parameters stay random"""

    def load_llama(tensors, heads, kv_heads, base, eps):
        turned = {"query": heads, "key": kv_heads}
        state = {}
        for name, tensor in tensors.items():
            ours = our_name(name)
            part = ours.split(".")[-2]
            state[ours] = unpermute(tensor, turned[part]) if part in turned else tensor
        tokens, up = state.get("tokens.weight"), state.get("blocks.0.feed_forward.up.weight")
        if tokens is None or up is None:
            raise ValueError("a tensor is missing")
        layers = sum(name.endswith("norm1.weight") for name in state)
        model = Llama(*tokens.shape, layers, heads, kv_heads, len(up), base, eps)
        wanted = {name: weight.shape for name, weight in model.state_dict().items()}
        for name, weight in state.items():
            if wanted.get(name) != weight.shape:
                raise ValueError(f"{name} has another shape")
        model.load_state_dict(state, strict=False)
        return model


@caught_by("test_an_incomplete_file_is_refused")
def too_many_passed_over():
    """names that the model has no place for passed over in silence"""

    def load_llama(tensors, heads, kv_heads, base, eps):
        turned = {"query": heads, "key": kv_heads}
        state = {}
        for name, tensor in tensors.items():
            try:
                ours = our_name(name)
            except ValueError:
                continue
            part = ours.split(".")[-2]
            state[ours] = unpermute(tensor, turned[part]) if part in turned else tensor
        tokens, up = state.get("tokens.weight"), state.get("blocks.0.feed_forward.up.weight")
        if tokens is None or up is None:
            raise ValueError("a tensor is missing")
        layers = sum(name.endswith("norm1.weight") for name in state)
        model = Llama(*tokens.shape, layers, heads, kv_heads, len(up), base, eps)
        shapes = {name: weight.shape for name, weight in state.items()}
        wanted = {name: weight.shape for name, weight in model.state_dict().items()}
        if shapes != wanted:
            raise ValueError("missing, or of another shape")
        model.load_state_dict(state)
        return model


@caught_by("test_a_tensor_of_another_shape_is_refused")
def shapes_broadcast():
    """tensors copied without a look at their shapes, so that one number fills a whole norm"""

    def load_llama(tensors, heads, kv_heads, base, eps):
        turned = {"query": heads, "key": kv_heads}
        state = {}
        for name, tensor in tensors.items():
            ours = our_name(name)
            part = ours.split(".")[-2]
            state[ours] = unpermute(tensor, turned[part]) if part in turned else tensor
        tokens, up = state.get("tokens.weight"), state.get("blocks.0.feed_forward.up.weight")
        if tokens is None or up is None:
            raise ValueError("a tensor is missing")
        layers = sum(name.endswith("norm1.weight") for name in state)
        model = Llama(*tokens.shape, layers, heads, kv_heads, len(up), base, eps)
        wanted = dict(model.named_parameters())
        if state.keys() != wanted.keys():
            raise ValueError("a tensor is missing")
        for name, parameter in wanted.items():
            parameter.data.copy_(state[name])
        return model


@caught_by("test_the_model_holds_copies")
def tensors_shared():
    """parameters that share the memory of the tensors they came from"""

    def load_llama(tensors, heads, kv_heads, base, eps):
        turned = {"query": heads, "key": kv_heads}
        state = {}
        for name, tensor in tensors.items():
            ours = our_name(name)
            part = ours.split(".")[-2]
            state[ours] = unpermute(tensor, turned[part]) if part in turned else tensor
        tokens, up = state.get("tokens.weight"), state.get("blocks.0.feed_forward.up.weight")
        if tokens is None or up is None:
            raise ValueError("a tensor is missing")
        layers = sum(name.endswith("norm1.weight") for name in state)
        model = Llama(*tokens.shape, layers, heads, kv_heads, len(up), base, eps)
        shapes = {name: weight.shape for name, weight in state.items()}
        wanted = {name: weight.shape for name, weight in model.state_dict().items()}
        if shapes != wanted:
            raise ValueError("missing, or of another shape")
        for name, parameter in model.named_parameters():
            parameter.data = state[name]
        return model


@caught_by("test_every_parameter_can_be_trained")
def frozen():
    """a model whose parameters ask for no gradient"""

    def load_llama(tensors, heads, kv_heads, base, eps):
        turned = {"query": heads, "key": kv_heads}
        state = {}
        for name, tensor in tensors.items():
            ours = our_name(name)
            part = ours.split(".")[-2]
            state[ours] = unpermute(tensor, turned[part]) if part in turned else tensor
        tokens, up = state.get("tokens.weight"), state.get("blocks.0.feed_forward.up.weight")
        if tokens is None or up is None:
            raise ValueError("a tensor is missing")
        layers = sum(name.endswith("norm1.weight") for name in state)
        model = Llama(*tokens.shape, layers, heads, kv_heads, len(up), base, eps)
        shapes = {name: weight.shape for name, weight in state.items()}
        wanted = {name: weight.shape for name, weight in model.state_dict().items()}
        if shapes != wanted:
            raise ValueError("missing, or of another shape")
        model.load_state_dict(state)
        model.requires_grad_(False)
        return model
