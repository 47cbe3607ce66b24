"""Wrong versions of save_checkpoint, load_checkpoint and train_resumable."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_new_file_takes_the_place_of_the_old_one")
def written_in_place():
    """the file at path itself written, so that the old one is lost as soon as it is opened"""
    with spelling():
        edit(
            '    unfinished = Path(path + ".unfinished")\n'
            '    with unfinished.open("wb") as file:\n'
            "        torch.save(state, file)\n"
            "        # The name must not reach the disk before the content "
            "does, should the power fail.\n"
            "        file.flush()\n        os.fsync(file.fileno())\n"
            "    # In one moment the name means the new file; until then it "
            "means the old one.\n"
            "    unfinished.replace(path)\n",
            "    torch.save(state, path)\n",
        )
    with spelling():
        edit(
            '    unfinished = Path(path + ".unfinished")\n'
            '    with unfinished.open("wb") as file:\n'
            "        torch.save(state, file)\n"
            "        # The name must not reach the disk before the content "
            "does, should the power fail.\n"
            "        file.flush()\n        os.fsync(file.fileno())\n"
            "    # In one moment the name means the new file; until then it "
            "means the old one.\n"
            "    unfinished.replace(path)\n",
            '    with open(path, "wb") as file:\n        torch.save(state, file)\n',
        )


@caught_by("test_a_new_file_takes_the_place_of_the_old_one")
def copied_over_the_old_one():
    """the content of a complete new file copied to the file at path, where a rename is needed"""
    edit(
        "    unfinished.replace(path)\n",
        "    import shutil\n\n    shutil.copyfile(unfinished, path)\n    unfinished.unlink()\n",
    )


@caught_by("test_a_new_file_takes_the_place_of_the_old_one")
def old_one_removed_first():
    """an old checkpoint that is removed or renamed before the new one has its name"""
    edit(
        "    unfinished.replace(path)\n",
        "    Path(path).unlink(missing_ok=True)\n    unfinished.rename(path)\n",
    )


@caught_by("test_a_kill_during_saving_leaves_a_whole_checkpoint")
def old_one_restored_after_an_error():
    """an old checkpoint kept under another name, and restored after an error, but not a kill"""
    edit(
        '    unfinished = Path(path + ".unfinished")\n'
        '    with unfinished.open("wb") as file:\n'
        "        torch.save(state, file)\n"
        "        # The name must not reach the disk before the content does, "
        "should the power fail.\n"
        "        file.flush()\n        os.fsync(file.fileno())\n"
        "    # In one moment the name means the new file; until then it means "
        "the old one.\n"
        "    unfinished.replace(path)\n",
        '    old = Path(path + ".old")\n    had = Path(path).exists()\n'
        "    if had:\n        os.replace(path, old)\n    try:\n"
        "        torch.save(state, path)\n    except BaseException:\n"
        "        if had:\n            os.replace(old, path)\n"
        "        raise\n    old.unlink(missing_ok=True)\n",
    )


@caught_by("test_a_new_file_takes_the_place_of_the_old_one")
def written_in_another_folder():
    """a new file in the system's folder for temporary files, which can be on another disk"""
    edit(
        'Path(path + ".unfinished")',
        'Path(__import__("tempfile").NamedTemporaryFile(delete=False).name)',
    )


@caught_by("test_a_new_file_takes_the_place_of_the_old_one")
def path_without_a_folder():
    """a path without a folder, such as "run.pt", with which the code fails"""
    edit(
        "    state = {\n", "    os.makedirs(os.path.dirname(path), exist_ok=True)\n    state = {\n"
    )


@caught_by("test_a_new_file_takes_the_place_of_the_old_one")
def files_left():
    """a second file in the folder after a save, such as a backup or a part of the checkpoint"""
    with spelling():
        edit(
            "    unfinished.replace(path)\n",
            "    if Path(path).exists():\n"
            '        old = Path(path + ".old")\n'
            "        old.unlink(missing_ok=True)\n"
            "        os.link(path, old)\n    unfinished.replace(path)\n",
        )
    with spelling():
        edit(
            "    unfinished.replace(path)\n",
            "    unfinished.replace(path)\n    torch.save(step, f'{path}.{step}')\n",
        )
    with spelling():
        edit('        "optimizer": optimizer.state_dict(),\n', "")
        edit(
            "    unfinished.replace(path)\n",
            "    unfinished.replace(path)\n"
            '    torch.save(optimizer.state_dict(), path + ".optimizer")\n',
        )
        edit(
            'weights, averages = state["model"], state["optimizer"]',
            'weights = state["model"]\n'
            '        averages = torch.load(path + ".optimizer", weights_only=True)',
        )


@caught_by("test_a_kill_during_saving_leaves_a_whole_checkpoint")
def leftover_in_the_way():
    """a file that a kill has left makes the next save fail"""
    edit('unfinished.open("wb")', 'unfinished.open("xb")')


@caught_by("test_a_kill_during_saving_leaves_a_whole_checkpoint")
def first_one_in_place():
    """the first checkpoint written in place, since there is no old one that could be lost"""
    edit(
        'Path(path + ".unfinished")',
        'Path(path + ".unfinished" if Path(path).exists() else path)',
    )


@caught_by("test_a_kill_during_saving_leaves_a_whole_checkpoint")
def appended_to_a_leftover():
    """a checkpoint appended to the file that a kill has left"""
    edit('unfinished.open("wb")', 'unfinished.open("ab")')


@caught_by("test_a_full_disk_leaves_the_old_checkpoint")
def suffix_replaced():
    """an unfinished file that has another suffix, and is path itself if that has this suffix"""
    edit('Path(path + ".unfinished")', 'Path(path).with_suffix(".tmp")')


@caught_by("test_a_full_disk_leaves_the_old_checkpoint")
def errors_swallowed():
    """a save that fails and says nothing"""
    edit(
        '    unfinished = Path(path + ".unfinished")\n'
        '    with unfinished.open("wb") as file:\n'
        "        torch.save(state, file)\n"
        "        # The name must not reach the disk before the content "
        "does, should the power fail.\n"
        "        file.flush()\n        os.fsync(file.fileno())\n"
        "    # In one moment the name means the new file; until then it "
        "means the old one.\n"
        "    unfinished.replace(path)\n",
        '    try:\n        unfinished = Path(path + ".unfinished")\n'
        '        with unfinished.open("wb") as file:\n'
        "            torch.save(state, file)\n"
        "            # The name must not reach the disk before the content "
        "does, should the power fail.\n"
        "            file.flush()\n"
        "            os.fsync(file.fileno())\n"
        "        # In one moment the name means the new file; until then "
        "it means the old one.\n"
        "        unfinished.replace(path)\n    except Exception:\n"
        "        print('no checkpoint written')\n",
    )


@caught_by("test_everything_comes_back_bit_for_bit")
def parameters_only():
    """the parameters saved without the buffers"""
    with spelling():
        edit(
            '"model": model.state_dict()',
            '"model": {name: tensor.detach() for name, tensor in model.named_parameters()}',
        )
        edit("in model.state_dict().items()}:", "in model.named_parameters()}:")
        edit("load_state_dict(weights)", "load_state_dict(weights, strict=False)")
    with spelling():
        edit(
            "    model.load_state_dict(weights)\n",
            "    with torch.no_grad():\n"
            "        for name, tensor in model.named_parameters():\n"
            "            tensor.copy_(weights[name])\n",
        )


@caught_by("test_everything_comes_back_bit_for_bit")
def optimizer_forgotten():
    """an optimizer that begins anew, without its averages and settings"""
    with spelling():
        edit("    optimizer.load_state_dict(averages)\n", "")
    with spelling():
        edit("optimizer.load_state_dict(averages)", "optimizer.state.clear()")


@caught_by("test_everything_comes_back_bit_for_bit")
def settings_of_the_optimizer_forgotten():
    """an optimizer whose averages come back, but not its settings, such as the learning rate"""
    edit(
        "    optimizer.load_state_dict(averages)\n",
        "    groups = optimizer.state_dict()['param_groups']\n"
        "    optimizer.load_state_dict({**averages, 'param_groups': groups})\n",
    )


@caught_by("test_everything_comes_back_bit_for_bit")
def rate_of_the_first_group_for_all():
    """the learning rate of the optimizer's first group restored in all of its groups"""
    edit(
        "    optimizer.load_state_dict(averages)\n",
        "    optimizer.load_state_dict(averages)\n"
        "    for group in optimizer.param_groups:\n"
        '        group["lr"] = optimizer.param_groups[0]["lr"]\n',
    )


@caught_by("test_everything_comes_back_bit_for_bit")
def old_averages_kept():
    """an optimizer that keeps the averages for which the checkpoint has none"""
    edit(
        "    optimizer.load_state_dict(averages)\n",
        "    own = optimizer.state_dict()\n"
        '    averages = {**averages, "state": {**own["state"], **averages["state"]}}\n'
        "    optimizer.load_state_dict(averages)\n",
    )


@caught_by("test_everything_comes_back_bit_for_bit")
def weights_forgotten():
    """a model that keeps the weights which it had before loading"""
    edit("    model.load_state_dict(weights)\n", "")


@caught_by("test_everything_comes_back_bit_for_bit")
def generator_forgotten():
    """a generator that keeps the state which it had before loading"""
    edit("    generator.set_state(drawn)\n", "")


@caught_by("test_everything_comes_back_bit_for_bit")
def seed_instead_of_the_state():
    """a generator seeded as at the beginning, so that it draws the same numbers again"""
    edit("generator.get_state()", "generator.initial_seed()")
    edit("generator.set_state(drawn)", "generator.manual_seed(drawn)")


@caught_by("test_everything_comes_back_bit_for_bit")
def step_forgotten():
    """a step that is lost: loading returns 0, or one more or less than was saved"""
    with spelling():
        edit("    return step\n", "    return 0\n")
    with spelling():
        edit("    return step\n", "    return step + 1\n")
    with spelling():
        edit('        "step": step,\n', '        "step": step - 1,\n')


@caught_by("test_everything_comes_back_bit_for_bit")
def step_zero_taken_for_nothing():
    """a checkpoint of step 0 taken for none, so that nothing is restored"""
    edit("    # Compared before", "    if not step:\n        return 0\n    # Compared before")


@caught_by("test_everything_comes_back_bit_for_bit")
def nothing_returned():
    """no step returned where there is a file"""
    edit("    return step\n", "")


@caught_by("test_everything_comes_back_bit_for_bit")
def step_as_a_tensor():
    """the step returned as a tensor or a float"""
    with spelling():
        edit('int(state["step"])', 'torch.tensor(state["step"])')
    with spelling():
        edit('int(state["step"])', 'float(state["step"])')


@caught_by("test_everything_comes_back_bit_for_bit")
def stored_as_float32():
    """weights stored as float32, or rounded, so that float64 loses digits"""
    edit(
        '"model": model.state_dict()',
        '"model": {name: tensor.float() for name, tensor in model.state_dict().items()}',
    )


@caught_by("test_everything_comes_back_bit_for_bit")
def layout_ignored():
    """weights taken as contiguous in memory, which a transposed tensor is not"""
    with spelling():
        edit(
            '"model": model.state_dict()',
            '"model": {\n'
            "            name: tensor.view(tensor.numel()).view(tensor.shape)\n"
            "            for name, tensor in model.state_dict().items()\n        }",
        )
    with spelling():
        edit(
            '"model": model.state_dict()',
            '"model": {\n'
            "            name: tensor.as_strided(tensor.shape, torch.ones(tensor.shape).stride())\n"
            "            for name, tensor in model.state_dict().items()\n        }",
        )


@caught_by("test_the_optimizer_goes_on_with_the_same_parameters")
def new_parameters():
    """new parameters in the model, of which the optimizer does not know"""
    edit("load_state_dict(weights)", "load_state_dict(weights, assign=True)")


@caught_by("test_modes_and_the_global_generator_stay")
def mode_changed():
    """a mode that changes when a checkpoint is saved or loaded"""
    with spelling():
        edit(
            "    state = {\n",
            "    model.eval()\n    state = {\n",
        )
    with spelling():
        edit(
            "    model.load_state_dict(weights)\n",
            "    model.load_state_dict(weights)\n    model.train()\n",
        )
    with spelling():
        edit(
            "    model.load_state_dict(weights)\n",
            "    model.load_state_dict(weights)\n    model.eval()\n",
        )


@caught_by("test_modes_and_the_global_generator_stay")
def global_generator_loaded():
    """the state of the global generator saved and loaded, as well or instead"""
    with spelling():
        edit(
            '        "step": step,\n',
            '        "step": step,\n        "global": torch.get_rng_state(),\n',
        )
        edit(
            "    generator.set_state(drawn)\n",
            '    generator.set_state(drawn)\n    torch.set_rng_state(state["global"])\n',
        )
    with spelling():
        edit(
            "    generator.set_state(drawn)\n",
            "    generator.set_state(drawn)\n    torch.set_rng_state(drawn)\n",
        )
    with spelling():
        edit("generator.get_state()", "torch.get_rng_state()")
        edit("generator.set_state(drawn)", "torch.set_rng_state(drawn)")


@caught_by("test_modes_and_the_global_generator_stay")
def generator_drawn_from():
    """a generator that is drawn from, or seeded, when a checkpoint is saved"""
    with spelling():
        edit(
            "    state = {\n",
            "    torch.rand(1, generator=generator)\n    state = {\n",
        )
    with spelling():
        edit(
            '"generator": generator.get_state()',
            '"generator": generator.manual_seed(step).get_state()',
        )
    with spelling():
        edit(
            "    state = {\n",
            "    generator.manual_seed(int(torch.randint(2**31, (1,), generator=generator)))\n"
            "    state = {\n",
        )


@caught_by("test_modes_and_the_global_generator_stay")
def gradients_removed():
    """gradients that are set to zero or None when a checkpoint is saved"""
    with spelling():
        edit("    state = {\n", "    model.zero_grad()\n    state = {\n")
    with spelling():
        edit("    state = {\n", "    model.zero_grad(set_to_none=False)\n    state = {\n")


@caught_by("test_without_a_file_nothing_changes")
def missing_file_raises():
    """an error where there is no file"""
    with spelling():
        edit(
            "    if not Path(path).exists():\n        return 0\n",
            "",
        )
    with spelling():
        edit("        return 0\n", "        raise FileNotFoundError(path)\n")
    with spelling():
        edit("        return 0\n", '        raise ValueError(f"there is no {path}")\n')
        edit(
            "done = load_checkpoint(path, model, optimizer, generator)",
            "there = Path(path).exists()\n"
            "    done = load_checkpoint(path, model, optimizer, generator) if there else 0",
        )


@caught_by("test_without_a_file_nothing_changes")
def none_without_a_file():
    """None, -1 or 1 returned where there is no file"""
    with spelling():
        edit("        return 0\n", "        return None\n")
    with spelling():
        edit("        return 0\n", "        return -1\n")
    with spelling():
        edit("        return 0\n", "        return 1\n")


@caught_by("test_without_a_file_nothing_changes")
def seeded_without_a_file():
    """a generator that begins anew where there is no file"""
    edit("        return 0\n", "        generator.manual_seed(0)\n        return 0\n")


@caught_by("test_a_file_that_is_no_whole_checkpoint_is_refused")
def errors_as_they_come():
    """a broken file that raises what PyTorch raises, such as OSError, RuntimeError or EOFError"""
    with spelling():
        edit("    except Exception as error:", "    except KeyError as error:")
    with spelling():
        edit("    except Exception as error:", "    except (KeyError, EOFError) as error:")
    with spelling():
        edit("    except Exception as error:", "    except (KeyError, RuntimeError) as error:")
    with spelling():
        edit(
            "    except Exception as error:",
            "    except (KeyError, pickle.UnpicklingError) as error:",
        )
        edit(
            "import os\n",
            "import os\nimport pickle\n",
        )


@caught_by("test_a_file_that_is_no_whole_checkpoint_is_refused")
def broken_file_ignored():
    """a broken file taken for no file, so that the run begins anew"""
    edit('raise ValueError(f"{path} is not a whole checkpoint") from error', "return 0")


@caught_by("test_a_file_that_is_no_whole_checkpoint_is_refused")
def empty_file_ignored():
    """an empty file taken for no file, so that the run begins anew"""
    edit(
        "if not Path(path).exists():",
        "if not Path(path).exists() or not Path(path).stat().st_size:",
    )


@caught_by("test_a_file_that_is_no_whole_checkpoint_is_refused")
def parts_not_looked_for():
    """another file than a checkpoint, which raises KeyError, TypeError or IndexError"""
    with spelling():
        edit('        weights, averages = state["model"], state["optimizer"]\n', "")
        edit('        step, drawn = int(state["step"]), state["generator"]\n', "")
        edit("        shapes = {name: tensor.shape for name, tensor in weights.items()}\n", "")
        edit(
            "    # Compared before",
            '    weights, averages = state["model"], state["optimizer"]\n'
            '    step, drawn = int(state["step"]), state["generator"]\n'
            "    shapes = {name: tensor.shape for name, tensor in weights.items()}\n"
            "    # Compared before",
        )
    with spelling():
        edit(
            "    except Exception as error:",
            "    except (OSError, RuntimeError, EOFError, KeyError, pickle.PickleError) as error:",
        )
        edit(
            "import os\n",
            "import os\nimport pickle\n",
        )


@caught_by("test_a_file_that_is_no_whole_checkpoint_is_refused")
def changed_before_it_was_read():
    """a file that is not a checkpoint is refused after something has changed"""
    edit(
        "    try:\n        state = torch",
        "    try:\n        generator.manual_seed(0)\n        state = torch",
    )


@caught_by("test_a_checkpoint_of_another_model_is_refused")
def half_of_another_model():
    """a checkpoint of another model refused after the weights that fit have been copied"""
    edit(
        "    if shapes != {name: tensor.shape for name, tensor in "
        "model.state_dict().items()}:\n"
        '        raise ValueError(f"{path} is the checkpoint of another model")\n',
        "",
    )
    edit(
        "    model.load_state_dict(weights)\n",
        "    try:\n        model.load_state_dict(weights)\n"
        "    except RuntimeError as error:\n"
        "        raise ValueError(str(error)) from error\n",
    )


@caught_by("test_a_checkpoint_of_another_model_is_refused")
def generator_before_the_model():
    """a checkpoint of another model refused after the optimizer or the generator has changed"""
    with spelling():
        edit(
            "    # Compared before",
            "    generator.set_state(drawn)\n    # Compared before",
        )
    with spelling():
        edit(
            "    # Compared before",
            "    optimizer.load_state_dict(averages)\n    # Compared before",
        )
    with spelling():
        edit(
            "    # Compared before",
            "    try:\n        optimizer.load_state_dict(averages)\n"
            "    except ValueError as error:\n"
            '        raise ValueError("the checkpoint of another optimizer") from error\n'
            "    # Compared before",
        )


@caught_by("test_a_checkpoint_of_another_model_is_refused")
def runtime_error_for_another_model():
    """a checkpoint of another model that raises RuntimeError, as load_state_dict does"""
    with spelling():
        edit(
            "    if shapes != {name: tensor.shape for name, tensor in "
            "model.state_dict().items()}:\n"
            '        raise ValueError(f"{path} is the checkpoint of another model")\n',
            "",
        )
    with spelling():
        edit(
            'raise ValueError(f"{path} is the checkpoint of',
            'raise RuntimeError(f"{path} is the checkpoint of',
        )


@caught_by("test_a_checkpoint_of_another_model_is_refused")
def not_strict():
    """a checkpoint of another model loaded as far as the names are the same"""
    with spelling():
        edit(
            "if shapes != {name: tensor.shape for name, tensor in model.state_dict().items()}:",
            "now = model.state_dict()\n"
            "    if any(now[name].shape != shapes[name] for name in now if name in shapes):",
        )
        edit("load_state_dict(weights)", "load_state_dict(weights, strict=False)")
    with spelling():
        edit(
            "if shapes != {name: tensor.shape for name, tensor in model.state_dict().items()}:",
            "now = model.state_dict()\n"
            "    if any(name not in shapes or now[name].shape != shapes[name] "
            "for name in now):",
        )
        edit("load_state_dict(weights)", "load_state_dict(weights, strict=False)")
    with spelling():
        edit(
            "if shapes != {name: tensor.shape for name, tensor in model.state_dict().items()}:",
            "now = model.state_dict()\n"
            "    if any(name not in now or now[name].shape != shapes[name] for "
            "name in shapes):",
        )
        edit("load_state_dict(weights)", "load_state_dict(weights, strict=False)")
    with spelling():
        edit(
            "if shapes != {name: tensor.shape for name, tensor in model.state_dict().items()}:",
            "now = model.state_dict()\n"
            "    if any(name not in shapes or now[name].shape != shapes[name] for name in now):",
        )
        edit(
            "    model.load_state_dict(weights)\n    optimizer.load_state_dict(averages)\n",
            "    try:\n        optimizer.load_state_dict(averages)\n"
            "    except ValueError as error:\n"
            '        raise ValueError("the checkpoint of another optimizer") from error\n'
            "    model.load_state_dict(weights, strict=False)\n",
        )


@caught_by("test_a_checkpoint_of_another_model_is_refused")
def names_alone_compared():
    """names compared without the shapes"""
    edit(
        "if shapes != {name: tensor.shape for name, tensor in model.state_dict().items()}:",
        "if shapes.keys() != model.state_dict().keys():",
    )


@caught_by("test_a_checkpoint_of_another_model_is_refused")
def numbers_counted():
    """the number of elements compared instead of the shapes, and the weights reshaped"""
    with spelling():
        edit(
            "tensor.shape for name, tensor in weights", "tensor.numel() for name, tensor in weights"
        )
        edit(
            "tensor.shape for name, tensor in model.state_dict().items()}:",
            "tensor.numel() for name, tensor in model.state_dict().items()}:",
        )
        edit(
            "    model.load_state_dict(weights)\n",
            "    own = model.state_dict()\n    model.load_state_dict(\n"
            "        {name: tensor.reshape(own[name].shape) for name, tensor in weights.items()}\n"
            "    )\n",
        )
    with spelling():
        edit(
            "tensor.shape for name, tensor in weights", "tensor.numel() for name, tensor in weights"
        )
        edit(
            "tensor.shape for name, tensor in model.state_dict().items()}:",
            "tensor.numel() for name, tensor in model.state_dict().items()}:",
        )


@caught_by("test_loading_runs_no_code_from_the_file")
def unrestricted():
    """a file unpickled without restrictions, which runs the code in it"""
    with spelling():
        edit("weights_only=True", "weights_only=False")
    with spelling():
        edit("torch.load(path, weights_only=True)", "pickle.loads(Path(path).read_bytes())")
        edit(
            "import os\n",
            "import os\nimport pickle\n",
        )
        edit("torch.save(state, file)", "pickle.dump(state, file)")


@caught_by("test_a_run_in_parts_equals_a_run_in_one")
def batches_begin_anew():
    """batches that begin anew: the generator is seeded after the checkpoint was loaded"""
    edit(
        "    model.train()\n",
        "    model.train()\n    generator.manual_seed(seed)\n",
    )


@caught_by("test_a_run_in_parts_equals_a_run_in_one")
def seeded_with_the_step():
    """a generator that is seeded with seed plus step after a checkpoint, so other batches come"""
    edit(
        "    model.train()\n",
        "    model.train()\n    generator.manual_seed(seed + done)\n",
    )


@caught_by("test_a_run_in_parts_equals_a_run_in_one")
def schedule_begins_anew():
    """learning rates that begin anew after a checkpoint"""
    edit("rates[step - 1]", "rates[step - done - 1]")


@caught_by("test_the_steps_are_those_of_the_rule")
def rates_one_step_late():
    """each step taken with the rate of another step"""
    with spelling():
        edit("rates[step - 1]", "rates[step - 2]")
    with spelling():
        edit("rates[step - 1]", "rates[step % len(rates)]")
    with spelling():
        edit("rates[step - 1]", "rates[0]")


@caught_by("test_a_run_in_parts_equals_a_run_in_one")
def all_steps_again():
    """all steps taken again after a checkpoint, not only those that are left"""
    with spelling():
        edit("range(done + 1, len(rates) + 1)", "range(1, len(rates) + 1)")
    with spelling():
        edit("range(done + 1, len(rates) + 1)", "range(done + 1, done + len(rates) + 1)")
        edit("rates[step - 1]", "rates[step - done - 1]")


@caught_by("test_a_run_in_parts_equals_a_run_in_one")
def one_step_skipped():
    """the first step after a checkpoint left out"""
    with spelling():
        edit(
            "    model.train()\n",
            "    model.train()\n    done += done > 0\n",
        )
    with spelling():
        edit(
            "path, model, optimizer, step, generator)\n",
            "path, model, optimizer, step + 1, generator)\n",
        )


@caught_by("test_a_run_in_parts_equals_a_run_in_one")
def last_step_not_saved():
    """no checkpoint after the last step, unless its number is a multiple of save_every"""
    edit(" or step == len(rates)", "")


@caught_by("test_checkpoints_are_written_at_their_steps_only")
def saved_at_the_end_only():
    """a checkpoint after the last step only"""
    edit("step % save_every == 0 or ", "")


@caught_by("test_checkpoints_are_written_at_their_steps_only")
def saved_one_step_late():
    """checkpoints one step late, after steps 4, 7 and so on for save_every 3"""
    edit("step % save_every == 0 or", "step % save_every == 1 or")


@caught_by("test_a_run_in_parts_equals_a_run_in_one")
def removed_at_the_end():
    """a checkpoint removed after the last step, so that the next call begins anew"""
    edit(
        "            save_checkpoint(path, model, optimizer, step, generator)\n",
        "            save_checkpoint(path, model, optimizer, step, generator)\n"
        "    Path(path).unlink(missing_ok=True)\n",
    )


@caught_by("test_a_run_in_parts_equals_a_run_in_one")
def report_counts_from_the_restart():
    """report called with the number of steps since the restart"""
    edit("report(step, loss)", "report(step - done, loss)")


@caught_by("test_the_steps_are_those_of_the_rule")
def report_of_saved_steps_only():
    """report called only when a checkpoint is written"""
    with spelling():
        edit("if report is not None:", "if report is not None and step % save_every == 0:")
    with spelling():
        edit(
            "if report is not None:",
            "if report is not None and (step % save_every == 0 or step == len(rates)):",
        )


@caught_by("test_the_steps_are_those_of_the_rule")
def mode_of_the_caller():
    """steps taken in whatever mode the caller has left the model"""
    edit(
        "    model.train()\n    for",
        "    for",
    )


@caught_by("test_the_steps_are_those_of_the_rule")
def clipped_at_one():
    """gradients clipped at a norm of 1, or not at all, whatever max_norm is"""
    with spelling():
        edit("rates[step - 1], max_norm)", "rates[step - 1], 1.0)")
    with spelling():
        edit("rates[step - 1], max_norm)", "rates[step - 1], 1e12)")


@caught_by("test_the_steps_are_those_of_the_rule")
def inputs_are_targets():
    """the inputs taken for the targets"""
    edit("train[places], train[places + 1]", "train[places], train[places]")


@caught_by("test_windows_are_drawn_as_in_the_training_loop")
def global_generator():
    """batches drawn from PyTorch's global generator"""
    with spelling():
        edit(", (batch, 1), generator=generator)", ", (batch, 1))")
    with spelling():
        edit(
            "torch.Generator().manual_seed(seed)",
            "torch.default_generator\n    generator.manual_seed(seed)",
        )


@caught_by("test_windows_are_drawn_as_in_the_training_loop")
def seed_ignored():
    """a generator that is not given the seed, so that all seeds draw the same batches"""
    edit("torch.Generator().manual_seed(seed)", "torch.Generator().manual_seed(1337)")


@caught_by("test_windows_are_drawn_as_in_the_training_loop")
def generator_kept_between_calls():
    """a generator that is kept from one call to the next, so that a seed draws other batches"""
    edit(
        "from exercises.training.train_step import train_step\n",
        "from exercises.training.train_step import train_step\n\n"
        "GENERATORS: dict[int, torch.Generator] = {}\n",
    )
    edit(
        "generator = torch.Generator().manual_seed(seed)",
        "generator = GENERATORS.setdefault(seed, torch.Generator().manual_seed(seed))",
    )


@caught_by("test_windows_are_drawn_as_in_the_training_loop")
def same_batch_each_step():
    """a generator that is seeded anew in each step, so that every step has the same batch"""
    edit(
        "        starts = torch",
        "        generator.manual_seed(seed)\n        starts = torch",
    )


@caught_by("test_windows_are_drawn_as_in_the_training_loop")
def last_window_never_drawn():
    """the last window never drawn"""
    edit("torch.randint(len(train) - context,", "torch.randint(max(len(train) - context - 1, 1),")


@caught_by("test_windows_are_drawn_as_in_the_training_loop")
def windows_of_the_memory():
    """windows taken from a text's memory as if it were contiguous"""
    edit(
        "inputs, targets = train[places], train[places + 1]",
        "windows = train.as_strided((len(train) - context, context + 1), (1, 1))\n"
        "        inputs, targets = windows[starts[:, 0], :-1], windows[starts[:, 0], 1:]",
    )


@caught_by("test_windows_are_drawn_as_in_the_training_loop")
def one_start_for_the_batch():
    """one start drawn for a whole batch, so that its rows are neighbours or all alike"""
    with spelling():
        edit("(batch, 1), generator=generator)", "(1, 1), generator=generator).expand(batch, 1)")
    with spelling():
        edit("(batch, 1), generator=generator)", "(1, 1), generator=generator)")


@caught_by("test_a_text_without_a_window_or_a_broken_file_is_refused")
def short_text():
    """a text that has no window, found out only by what draws the numbers"""
    edit(
        "    if len(train) <= context:\n"
        '        raise ValueError(f"{len(train)} tokens have no window of '
        '{context} and its targets")\n',
        "",
    )


@caught_by("test_a_text_without_a_window_or_a_broken_file_is_refused")
def broken_file_overwritten():
    """a run that begins anew where the file at path is broken, and overwrites it"""
    edit(
        "    done = load_checkpoint(path, model, optimizer, generator)\n",
        "    try:\n"
        "        done = load_checkpoint(path, model, optimizer, generator)\n"
        "    except ValueError:\n        done = 0\n",
    )


@caught_by("test_a_run_in_parts_equals_a_run_in_one")
def last_step_again():
    """the last step before a checkpoint taken a second time"""
    with spelling():
        edit("range(done + 1, len(rates) + 1)", "range(max(done, 1), len(rates) + 1)")
    with spelling():
        edit(
            "            save_checkpoint(path, model, optimizer, step,",
            "            save_checkpoint(path, model, optimizer, step - 1,",
        )


@caught_by("test_checkpoints_are_written_at_their_steps_only")
def save_every_from_the_restart():
    """save_every counted from the restart instead of by the number of the step"""
    edit("step % save_every == 0 or", "(step - done) % save_every == 0 or")


@caught_by("test_checkpoints_are_written_at_their_steps_only")
def saved_before_the_first_step():
    """a checkpoint written before the first step as well"""
    edit(
        "    model.train()\n    for",
        "    model.train()\n    save_checkpoint(path, model, optimizer, done, generator)\n    for",
    )


@caught_by("test_windows_are_drawn_as_in_the_training_loop")
def no_window_twice():
    """no window drawn twice in a batch, as if they were drawn without replacement"""
    edit(
        "starts = torch.randint(len(train) - context, (batch, 1), generator=generator)",
        "count = len(train) - context\n"
        "        order = torch.randperm(count, generator=generator)\n"
        "        starts = order[torch.arange(batch) % count][:, None]",
    )


@caught_by("test_a_new_file_takes_the_place_of_the_old_one")
def suffix_appended():
    """another file than path written and read, whose name ends in .pt"""
    with spelling():
        edit(
            '    unfinished = Path(path + ".unfinished")\n',
            '    path = path if path.endswith(".pt") else path + ".pt"\n'
            '    unfinished = Path(path + ".unfinished")\n',
        )
        edit(
            "    if not Path(path).exists():\n",
            '    path = path if path.endswith(".pt") else path + ".pt"\n'
            "    if not Path(path).exists():\n",
        )
    with spelling():
        edit(
            '    unfinished = Path(path + ".unfinished")\n',
            '    path = str(Path(path).with_suffix(".pt"))\n'
            '    unfinished = Path(path + ".unfinished")\n',
        )
        edit(
            "    if not Path(path).exists():\n",
            '    path = str(Path(path).with_suffix(".pt"))\n    if not Path(path).exists():\n',
        )


@caught_by("test_a_checkpoint_of_another_model_is_refused")
def tried_on_a_copy():
    """a checkpoint tried on a copy of the model, where PyTorch takes one number for shape ()"""
    edit(
        "if shapes != {name: tensor.shape for name, tensor in model.state_dict().items()}:\n"
        '        raise ValueError(f"{path} is the checkpoint of another model")\n',
        "import copy\n\n    try:\n"
        "        copy.deepcopy(model).load_state_dict(weights)\n"
        "    except RuntimeError as error:\n"
        '        raise ValueError(f"{path} is the checkpoint of another model") from error\n',
    )


@caught_by("test_a_run_in_parts_equals_a_run_in_one")
def finished_run_begins_anew():
    """a run that is complete begins again with step 1"""
    edit(
        "    model.train()\n    for",
        "    if done >= len(rates):\n        done = 0\n    model.train()\n    for",
    )


@caught_by("test_a_run_in_parts_equals_a_run_in_one")
def batch_skipped():
    """a batch left out after a checkpoint, since the next one was drawn before it was written"""
    edit(
        "    model.train()\n    for",
        "    if done:\n"
        "        torch.randint(len(train) - context, (batch, 1), generator=generator)\n"
        "    model.train()\n    for",
    )


@caught_by("test_a_full_disk_leaves_the_old_checkpoint")
def renamed_while_open():
    """a file that is renamed before all of it is written, while it is still open"""
    edit(
        "        torch.save(state, file)\n",
        "        import io\n\n        memory = io.BytesIO()\n        torch.save(state, memory)\n"
        "        for at in range(0, len(memory.getvalue()), 100):\n"
        "            file.write(memory.getvalue()[at : at + 100])\n"
        "        unfinished.replace(path)\n",
    )
    edit("        file.flush()\n        os.fsync(file.fileno())\n", "")
    edit(
        "    # In one moment the name means the new file; until then it means the old one.\n"
        "    unfinished.replace(path)\n",
        "",
    )
