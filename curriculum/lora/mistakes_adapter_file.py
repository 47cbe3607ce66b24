"""Wrong versions of save_adapter, read_adapter and load_adapter."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_the_adapter_is_saved_and_nothing_else")
def whole_model_saved():
    """the weights of the adapted layers in the file too"""
    edit(
        'in (("lora_A", layer.lora_A), ("lora_B", layer.lora_B)):',
        "in layer.state_dict().items():",
    )


@caught_by("test_a_file_worked_by_hand")
def pickle_instead():
    """a file of torch.save, which is a zip file with a pickle in it"""
    edit(
        '        file.write(struct.pack("<Q", len(text)) + text + data)\n',
        "        torch.save({name: layer.lora_A for name, layer in layers.items()}, file)\n",
    )


@caught_by("test_a_file_worked_by_hand")
def big_endian_length():
    """N written big-endian"""
    edit('struct.pack("<Q", len(text))', 'struct.pack(">Q", len(text))')


@caught_by("test_a_file_worked_by_hand")
def four_bytes_of_length():
    """N written in 4 bytes instead of 8"""
    edit('struct.pack("<Q", len(text))', 'struct.pack("<I", len(text))')
    edit('struct.unpack_from("<Q", content)', 'struct.unpack_from("<I", content)')
    edit("content[8 : 8 + length]", "content[4 : 4 + length]")
    edit("content[8 + length :]", "content[4 + length :]")


@caught_by("test_a_file_worked_by_hand")
def length_of_the_whole_front():
    """N counts its own 8 bytes as well"""
    edit('struct.pack("<Q", len(text))', 'struct.pack("<Q", 8 + len(text))')


@caught_by("test_names_may_have_any_letters")
def characters_counted():
    """N is the number of characters of the header, not of bytes"""
    edit("text = json.dumps(header).encode()", "text = json.dumps(header, ensure_ascii=False)")
    edit(
        'struct.pack("<Q", len(text)) + text + data',
        'struct.pack("<Q", len(text)) + text.encode() + data',
    )


@caught_by("test_a_file_worked_by_hand")
def offsets_from_the_start_of_the_file():
    """offsets counted from the first byte of the file, not of the numbers"""
    edit(
        "    text = json.dumps(header).encode()\n",
        "    for _ in range(5):\n"
        "        text = json.dumps(header).encode()\n"
        "        ends = [e for n, e in header.items() if n != '__metadata__']\n"
        "        moved = 8 + len(text) - min(e['data_offsets'][0] for e in ends)\n"
        "        for e in ends:\n"
        "            e['data_offsets'] = [moved + n for n in e['data_offsets']]\n"
        "    text = json.dumps(header).encode()\n",
    )


@caught_by("test_a_file_worked_by_hand")
def offsets_in_numbers():
    """offsets counted in numbers instead of bytes"""
    edit(
        "place = [len(data), len(data) + len(numbers)]",
        "place = [len(data) // 4, (len(data) + len(numbers)) // 4]",
    )


@caught_by("test_a_file_worked_by_hand")
def last_byte_as_the_end():
    """the last byte of a tensor as its end, instead of the first byte behind it"""
    edit("len(data) + len(numbers)]", "len(data) + len(numbers) - 1]")


@caught_by("test_a_file_worked_by_hand")
def beginning_and_length():
    """the beginning and the length of a tensor, instead of its beginning and end"""
    edit("place = [len(data), len(data) + len(numbers)]", "place = [len(data), len(numbers)]")


@caught_by("test_a_file_worked_by_hand")
def offsets_of_each_tensor_from_zero():
    """offsets that begin with 0 for each tensor"""
    edit("place = [len(data), len(data) + len(numbers)]", "place = [0, len(numbers)]")


@caught_by("test_a_file_worked_by_hand")
def numbers_in_float64():
    """the numbers in 8 bytes each"""
    edit('.astype("<f4")', '.astype("<f8")')


@caught_by("test_a_file_worked_by_hand")
def big_endian_numbers():
    """the numbers written big-endian"""
    edit('.astype("<f4")', '.astype(">f4")')


@caught_by("test_the_adapter_is_saved_and_nothing_else")
def order_in_memory():
    """the numbers in their order in memory, instead of row by row"""
    edit(
        'numbers = matrix.detach().numpy().astype("<f4").tobytes()',
        'numbers = matrix.detach().numpy().astype("<f4").tobytes("A")',
    )


@caught_by("test_the_adapter_is_saved_and_nothing_else")
def columns_first():
    """the numbers of a matrix column by column, instead of row by row"""
    edit(
        'numbers = matrix.detach().numpy().astype("<f4").tobytes()',
        'numbers = matrix.detach().numpy().astype("<f4").tobytes("F")',
    )


@caught_by("test_a_file_worked_by_hand")
def type_called_float32():
    """the type called torch.float32 instead of F32"""
    edit('{"dtype": "F32", "shape": shape', '{"dtype": str(matrix.dtype), "shape": shape')


@caught_by("test_a_file_worked_by_hand")
def names_with_a_weight():
    """names such as peft's, with lora_A.weight at their end or base_model.model before"""
    with spelling():
        edit('header[f"{name}.{key}"]', 'header[f"base_model.model.{name}.{key}.weight"]')
    with spelling():
        edit('header[f"{name}.{key}"]', 'header[f"base_model.model.{name}.{key}"]')


@caught_by("test_the_adapter_is_saved_and_nothing_else")
def last_names_only():
    """the last name of the path instead of the whole path, so that layers overwrite each other"""
    edit('header[f"{name}.{key}"]', "header[f\"{name.rpartition('.')[2]}.{key}\"]")


@caught_by("test_the_adapter_is_saved_and_nothing_else")
def top_level_only():
    """only the model's own children looked at, not the layers within them"""
    edit("for name, part in model.named_modules()", "for name, part in model.named_children()")


@caught_by("test_rank_and_alpha_are_texts_in_the_metadata")
def alpha_lost():
    """a file without alpha, so that whoever loads it has to guess"""
    edit(', "alpha": str(float(alpha))}', "}")
    edit(
        'rank, alpha = int(metadata["rank"]), float(metadata["alpha"])',
        'rank = int(metadata["rank"])\n        alpha = float(rank)',
    )


@caught_by("test_rank_and_alpha_are_texts_in_the_metadata")
def scale_for_alpha():
    """alpha / rank saved as alpha"""
    edit("str(float(alpha))", "str(float(alpha) / rank)")


@caught_by("test_rank_and_alpha_are_texts_in_the_metadata")
def alpha_as_whole_number():
    """alpha rounded to a whole number or to a few digits"""
    with spelling():
        edit("str(float(alpha))", "str(int(alpha))")
    with spelling():
        edit("str(float(alpha))", 'f"{alpha:g}"')


@caught_by("test_rank_and_alpha_are_texts_in_the_metadata")
def metadata_as_numbers():
    """rank and alpha as JSON numbers instead of strings, which safetensors refuses"""
    edit('{"rank": str(rank), "alpha": str(float(alpha))}', '{"rank": rank, "alpha": float(alpha)}')


@caught_by("test_the_adapter_is_saved_and_nothing_else")
def gap_between_tensors():
    """each tensor filled up to a multiple of 64 bytes, so that there are gaps"""
    edit(
        "            data += numbers\n", "            data += numbers + bytes(-len(numbers) % 64)\n"
    )


@caught_by("test_saving_changes_nothing")
def empty_adapter_saved():
    """a file written for a model without a LoRA layer"""
    edit(
        '        raise ValueError("the model has no LoRA layer to save")\n', "        layers = {}\n"
    )
    edit(
        "rank = next(iter(layers.values())).lora_A.shape[0]",
        "rank = len(next(iter(layers.values())).lora_A) if layers else 1",
    )


@caught_by("test_saving_changes_nothing")
def file_opened_before_the_error():
    """a model without a LoRA layer refused only after a file was made"""
    edit(
        "    if not layers:\n",
        '    Path(path + ".unfinished").touch()\n    if not layers:\n',
    )


@caught_by("test_saving_changes_nothing")
def model_changed_by_saving():
    """the model put into evaluation mode, or its A and B frozen, while it is saved"""
    with spelling():
        edit("    if not layers:\n", "    model.eval()\n    if not layers:\n")
    with spelling():
        edit("numbers = matrix.detach()", "numbers = matrix.requires_grad_(False)")


@caught_by("test_a_full_disk_is_an_error")
def error_swallowed():
    """an error of the disk printed and not raised"""
    edit(
        '    with unfinished.open("wb") as file:\n'
        '        file.write(struct.pack("<Q", len(text)) + text + data)\n',
        "    try:\n"
        '        unfinished.write_bytes(struct.pack("<Q", len(text)) + text + data)\n'
        "    except OSError as error:\n"
        '        print(f"{path} could not be saved: {error}")\n'
        "        unfinished.unlink()\n"
        "        return\n"
        '    with unfinished.open("rb+") as file:\n',
    )


@caught_by("test_a_new_file_takes_the_place_of_the_old_one")
def written_in_place():
    """the file at path opened for writing, which empties it at once"""
    edit('unfinished = Path(path + ".unfinished")', "unfinished = Path(path)")
    edit("    unfinished.replace(path)\n", "")


@caught_by("test_a_new_file_takes_the_place_of_the_old_one")
def old_file_removed_first():
    """the old file removed before the new one is renamed, so that for a moment there is none"""
    with spelling():
        edit(
            "    unfinished.replace(path)\n",
            "    Path(path).unlink(missing_ok=True)\n    unfinished.replace(path)\n",
        )
    with spelling():
        edit(
            "    unfinished = Path(",
            "    Path(path).unlink(missing_ok=True)\n    unfinished = Path(",
        )


@caught_by("test_a_new_file_takes_the_place_of_the_old_one")
def copied_instead_of_renamed():
    """the complete file copied over the old one instead of renamed"""
    edit(
        "    unfinished.replace(path)\n",
        "    Path(path).write_bytes(unfinished.read_bytes())\n    unfinished.unlink()\n",
    )


@caught_by("test_a_new_file_takes_the_place_of_the_old_one")
def temporary_folder():
    """the new file written in the system's temporary folder, which can be on another disk"""
    edit(
        'unfinished = Path(path + ".unfinished")',
        "import tempfile\n\n    unfinished = Path(tempfile.mkdtemp()) / Path(path).name",
    )


@caught_by("test_a_new_file_takes_the_place_of_the_old_one")
def suffix_replaced():
    """the suffix of path replaced, which can give path itself"""
    edit('Path(path + ".unfinished")', 'Path(path).with_suffix(".tmp")')


@caught_by("test_files_of_other_writers_are_read")
def order_of_the_header():
    """tensors cut from the numbers in the order of the header, without a look at the offsets"""
    edit(
        "data, tensors, last = content[8 + length :], {}, 0",
        "data, tensors, last, place = content[8 + length :], {}, 0, 0",
    )
    edit('(data[begin:end], "<f4")', '(data[place : place + size], "<f4")')
    edit(
        "            last = max(last, end)",
        "            last, place = max(last, end), place + size",
    )


@caught_by("test_files_of_other_writers_are_read")
def foreign_metadata_refused():
    """a file with further metadata refused"""
    edit(
        "        data, tensors, last = content",
        '        if set(metadata) != {"rank", "alpha"}:\n'
        '            raise ValueError(f"{path} has other metadata")\n'
        "        data, tensors, last = content",
    )


@caught_by("test_names_may_have_any_letters")
def other_layouts_refused():
    """a header refused that has other spaces or other escapes than json.dumps would write"""
    edit(
        '        metadata = header.pop("__metadata__")',
        "        if len(json.dumps(header)) != length:\n"
        '            raise ValueError("the header has another layout")\n'
        '        metadata = header.pop("__metadata__")',
    )


@caught_by("test_files_of_other_writers_are_read")
def metadata_expected_first():
    """the first entry of the header taken for the metadata"""
    edit('header.pop("__metadata__")', "header.pop(next(iter(header)))")


@caught_by("test_names_may_have_any_letters")
def ascii_only():
    """the header read as ASCII, so that other letters are refused"""
    edit("content[8 : 8 + length].decode()", 'content[8 : 8 + length].decode("ascii")')


@caught_by("test_files_of_other_writers_are_read")
def rank_and_alpha_as_read():
    """rank and alpha returned as the strings in the file"""
    edit(
        'rank, alpha = int(metadata["rank"]), float(metadata["alpha"])',
        'rank, alpha = metadata["rank"], metadata["alpha"]',
    )
    edit("if rank < 1 or last", "if int(rank) < 1 or float(alpha) is None or last")
    edit("(rank, layer.in_features)", "(int(rank), layer.in_features)")
    edit("(layer.out_features, rank)", "(layer.out_features, int(rank))")
    edit(
        "adapted = LoRALinear(modules[name], rank, alpha)",
        "adapted = LoRALinear(modules[name], int(rank), float(alpha))",
    )
    edit(
        "        setattr(modules[parent], own, adapted)\n    return alpha",
        "        setattr(modules[parent], own, adapted)\n    return float(alpha)",
    )


@caught_by("test_files_of_other_writers_are_read")
def flat_tensors():
    """tensors of one dimension returned, without their shape"""
    edit(
        '.reshape(entry["shape"])\n            tensors[name] = torch',
        "\n            tensors[name] = torch",
    )
    edit(
        'A, B = tensors[f"{name}.lora_A"], tensors[f"{name}.lora_B"]',
        'A, B = tensors[f"{name}.lora_A"].view(rank, -1), tensors[f"{name}.lora_B"].view(-1, rank)',
    )
    edit(
        'adapted.lora_A.data = tensors[f"{name}.lora_A"]',
        'adapted.lora_A.data = tensors[f"{name}.lora_A"].view(rank, -1)',
    )
    edit(
        'adapted.lora_B.data = tensors[f"{name}.lora_B"]',
        'adapted.lora_B.data = tensors[f"{name}.lora_B"].view(-1, rank)',
    )


@caught_by("test_the_tensors_are_in_memory_of_their_own")
def memory_of_the_file():
    """tensors that are a memory map of the file, so that they change when the file does"""
    edit(
        "    content = Path(path).read_bytes()\n",
        '    content = np.memmap(path, dtype=np.uint8, mode="r+")\n',
    )
    edit("content[8 : 8 + length].decode()", "bytes(content[8 : 8 + length]).decode()")
    edit("torch.from_numpy(numbers.astype(np.float32))", "torch.from_numpy(numbers)")


@caught_by("test_names_decide_and_not_the_order")
def cut_at_the_first_lora():
    """a name cut at its first .lora_, which can be in the path"""
    edit(
        '{name.rpartition(".")[0] for name in tensors}',
        '{name.split(".lora_")[0] for name in tensors}',
    )


@caught_by("test_a_new_file_takes_the_place_of_the_old_one")
def name_too_long():
    """the other file's name made so long that the system refuses it"""
    edit('Path(path + ".unfinished")', 'Path(path + ".unfinished" * 6)')


@caught_by("test_a_new_file_takes_the_place_of_the_old_one")
def backup_left():
    """a backup of the old file left beside the new one"""
    edit(
        "    unfinished.replace(path)\n",
        "    if Path(path).exists():\n"
        '        Path(path + ".bak").write_bytes(Path(path).read_bytes())\n'
        "    unfinished.replace(path)\n",
    )


@caught_by("test_a_new_file_takes_the_place_of_the_old_one")
def existing_file_refused():
    """an existing file not replaced but refused"""
    edit(
        "    unfinished.replace(path)\n",
        "    if Path(path).exists():\n        raise FileExistsError(path)\n"
        "    unfinished.replace(path)\n",
    )


@caught_by("test_files_of_other_writers_are_read")
def foreign_names_refused_by_reading():
    """names that end neither with lora_A nor with lora_B refused by read_adapter already"""
    edit(
        "        for name, entry in header.items():\n",
        "        for name, entry in header.items():\n"
        '            if not name.endswith((".lora_A", ".lora_B")):\n'
        "                raise ValueError(name)\n",
    )


@caught_by("test_names_may_have_any_letters")
def latin_1():
    """the header written and read in Latin-1 or another encoding than UTF-8"""
    with spelling():
        edit(
            "json.dumps(header).encode()",
            'json.dumps(header, ensure_ascii=False).encode("cp1252", "replace")',
        )
    with spelling():
        edit("content[8 : 8 + length].decode()", 'content[8 : 8 + length].decode("latin-1")')


@caught_by("test_rank_and_alpha_are_texts_in_the_metadata")
def rank_of_the_wrong_side():
    """the number of inputs written as the rank"""
    edit(".lora_A.shape[0]\n", ".lora_A.shape[1]\n")


@caught_by("test_a_broken_file_is_refused")
def errors_as_they_come():
    """errors of a broken file raised as they come, such as KeyError or struct.error"""
    edit("    except Exception as error:", "    except ValueError as error:")


@caught_by("test_a_broken_file_is_refused")
def missing_file_as_value_error():
    """a file that is not there taken for a broken one"""
    edit(
        "    content = Path(path).read_bytes()\n",
        "    if not Path(path).exists():\n"
        '        raise ValueError(f"there is no {path}")\n'
        "    content = Path(path).read_bytes()\n",
    )


@caught_by("test_a_broken_file_is_refused")
def more_bytes_accepted():
    """bytes behind the last tensor ignored"""
    edit("if rank < 1 or last != len(data):", "if rank < 1:")


@caught_by("test_a_broken_file_is_refused")
def dtype_not_checked():
    """the numbers read as float32, whatever the header says they are"""
    edit('if entry["dtype"] != "F32" or begin', "if begin")


@caught_by("test_a_broken_file_is_refused")
def size_not_checked():
    """offsets believed that do not fit the shape"""
    edit("or end - begin != size:", "or end < begin:")
    edit(
        'numbers = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])',
        'numbers = np.resize(np.frombuffer(data[begin:end], "<f4"), entry["shape"])',
    )


@caught_by("test_a_broken_file_is_refused")
def negative_offsets_accepted():
    """a negative beginning accepted, which Python counts from the end"""
    edit(" or begin < 0 or end - begin != size:", " or end - begin != size:")
    edit('data[begin:end], "<f4")', 'data[begin : end or None], "<f4", size // 4)')


@caught_by("test_a_broken_file_is_refused")
def rank_of_zero_accepted():
    """a rank of 0 read from a file"""
    edit("if rank < 1 or last != len(data):", "if last != len(data):")


@caught_by("test_a_broken_file_is_refused")
def alpha_guessed():
    """a missing alpha replaced by the rank"""
    edit('float(metadata["alpha"])', 'float(metadata.get("alpha", metadata["rank"]))')


@caught_by("test_names_decide_and_not_the_order")
def by_order_not_name():
    """the matrices given to the layers in the order of the file"""
    edit(
        "    for name in names:\n        adapted =",
        "    names = [name for name in modules if name in names]\n"
        "    order = iter(tensors.values())\n"
        "    tensors = {}\n"
        "    for name in names:\n"
        "        for _ in range(2):\n"
        "            matrix = next(order)\n"
        '            tensors.setdefault(f"{name}.lora_A", matrix)\n'
        '            tensors[f"{name}.lora_B"] = matrix\n'
        "    for name in names:\n        adapted =",
    )


@caught_by("test_names_decide_and_not_the_order")
def injected_by_the_end_of_the_path():
    """every layer adapted whose path ends with a name of the file, as targets of inject"""
    edit(
        "    for name in names:\n        adapted =",
        "    for own in list(modules):\n"
        '        if own not in names and any(own.endswith(f".{name}") for name in names):\n'
        "            if isinstance(modules[own], nn.Linear):\n"
        '                parent, _, last = own.rpartition(".")\n'
        "                setattr(modules[parent], last, LoRALinear(modules[own], rank, alpha))\n"
        "    for name in names:\n        adapted =",
    )


@caught_by("test_a_fresh_base_becomes_the_tuned_model")
def nothing_returned():
    """None or the rank returned instead of alpha"""
    with spelling():
        edit(
            "        setattr(modules[parent], own, adapted)\n    return alpha",
            "        setattr(modules[parent], own, adapted)",
        )
    with spelling():
        edit(
            "        setattr(modules[parent], own, adapted)\n    return alpha",
            "        setattr(modules[parent], own, adapted)\n    return float(rank)",
        )


@caught_by("test_a_fresh_base_becomes_the_tuned_model")
def copy_of_the_layer():
    """a copy of the layer as the base"""
    edit("import json\n", "import copy\nimport json\n")
    edit("LoRALinear(modules[name], rank", "LoRALinear(copy.deepcopy(modules[name]), rank")


@caught_by("test_only_the_matrices_are_trained_after_loading")
def alpha_not_applied():
    """alpha of the file returned, and the layers created with another one"""
    with spelling():
        edit("LoRALinear(modules[name], rank, alpha)", "LoRALinear(modules[name], rank, rank)")
    with spelling():
        edit(
            "LoRALinear(modules[name], rank, alpha)",
            "LoRALinear(modules[name], rank, alpha / rank)",
        )


@caught_by("test_only_the_matrices_are_trained_after_loading")
def rest_not_frozen():
    """only the adapted layers frozen, and the rest of the model trained along"""
    edit("    model.requires_grad_(False)\n", "")


@caught_by("test_only_the_matrices_are_trained_after_loading")
def matrices_frozen():
    """the loaded A and B frozen, since they have been trained already"""
    edit("    model.requires_grad_(False)\n", "")
    edit(
        "        setattr(modules[parent], own, adapted)\n",
        "        setattr(modules[parent], own, adapted)\n    model.requires_grad_(False)\n",
    )


@caught_by("test_only_the_matrices_are_trained_after_loading")
def merged_while_loading():
    """the update added to the base's weight, and zeros left in B"""
    edit(
        '        adapted.lora_B.data = tensors[f"{name}.lora_B"]\n',
        "        adapted.base.weight.data += (\n"
        '            alpha / rank * tensors[f"{name}.lora_B"] @ tensors[f"{name}.lora_A"]\n'
        "        )\n",
    )


@caught_by("test_a_fresh_base_becomes_the_tuned_model")
def moved_to_the_end():
    """a layer removed and added anew, so that it is called after the layers behind it"""
    edit(
        "        setattr(modules[parent], own, adapted)\n",
        "        delattr(modules[parent], own)\n        modules[parent].add_module(own, adapted)\n",
    )


@caught_by("test_a_file_that_does_not_fit_is_refused")
def foreign_names_ignored():
    """names that the model has not ignored, as load_state_dict(strict=False) does"""
    edit(
        '            raise ValueError(f"the model has no linear layer {name}")\n',
        "            continue\n",
    )
    edit(
        "    for name in names:\n        adapted =",
        "    for name in names:\n"
        "        if not isinstance(modules.get(name), nn.Linear):\n            continue\n"
        "        adapted =",
    )


@caught_by("test_a_file_that_does_not_fit_is_refused")
def other_tensors_ignored():
    """tensors that are neither A nor B, or an A without its B, passed over"""
    edit(
        '    if set(tensors) != {f"{name}.{key}" for name in names '
        'for key in ("lora_A", "lora_B")}:\n'
        '        raise ValueError(f"{path} has not just pairs of lora_A and lora_B")\n',
        '    names = {n for n in names if {f"{n}.lora_A", f"{n}.lora_B"} <= set(tensors)}\n',
    )


@caught_by("test_a_file_that_does_not_fit_is_refused")
def shapes_not_checked():
    """matrices loaded whatever their shapes are"""
    edit(
        "if A.shape != (rank, layer.in_features) or B.shape != (layer.out_features, rank):",
        "if False:",
    )


@caught_by("test_a_file_that_does_not_fit_is_refused")
def rank_of_the_matrices():
    """the shapes compared with the rank of each A, not with that of the file"""
    edit(
        "if A.shape != (rank, layer.in_features) or B.shape != (layer.out_features, rank):",
        "if A.shape[1:] != (layer.in_features,) or B.shape != (layer.out_features, len(A)):",
    )
    edit(
        "LoRALinear(modules[name], rank, alpha)",
        'LoRALinear(modules[name], len(tensors[f"{name}.lora_A"]), alpha)',
    )


@caught_by("test_a_file_that_does_not_fit_is_refused")
def broadcast_by_copying():
    """B copied with copy_, which broadcasts a B of one row to all outputs"""
    edit("B.shape != (layer.out_features, rank):", "B.shape[1:] != (rank,):")
    edit(
        'adapted.lora_B.data = tensors[f"{name}.lora_B"]',
        'try:\n            adapted.lora_B.data.copy_(tensors[f"{name}.lora_B"])\n'
        "        except RuntimeError as error:\n            raise ValueError(name) from error",
    )


@caught_by("test_a_broken_file_is_refused")
def frozen_before_the_file_is_read():
    """the model frozen before the file is read, so that an error leaves it frozen"""
    edit(
        "    tensors, rank, alpha = read_adapter(path)\n",
        "    model.requires_grad_(False)\n    tensors, rank, alpha = read_adapter(path)\n",
    )


@caught_by("test_a_file_that_does_not_fit_is_refused")
def checked_one_by_one():
    """layers replaced one by one, each checked only before its own turn"""
    edit(
        'names = {name.rpartition(".")[0] for name in tensors}',
        'names = dict.fromkeys(name.rpartition(".")[0] for name in tensors)',
    )
    edit(
        "\n    model.requires_grad_(False)\n    for name in names:\n        adapted",
        "        adapted",
    )
    edit(
        "        setattr(modules[parent], own, adapted)\n",
        "        setattr(modules[parent], own, adapted)\n"
        "    for name, parameter in model.named_parameters():\n"
        "        parameter.requires_grad_(name in tensors)\n",
    )


@caught_by("test_a_second_adapter_is_refused")
def second_adapter_accepted():
    """a file loaded into a model that has LoRA layers already"""
    edit(
        "    if any(isinstance(module, LoRALinear) for module in modules.values()):\n"
        '        raise ValueError("the model has LoRA layers already")\n',
        "",
    )
