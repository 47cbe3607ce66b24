"""One case for each form, by pattern matching."""

import io


def _request(more):
    return (
        f"Below is an instruction that describes a task{more}. "
        "Write a response that appropriately completes the request."
    )


def format_prompt(example):
    """Return the prompt."""
    out = io.StringIO()
    match example:
        case {"instruction": task, "input": given} if given:
            out.write(_request(", paired with an input that provides further context"))
            out.write("\n\n### Instruction:\n" + task + "\n\n### Input:\n" + given)
        case {"instruction": task}:
            out.write(_request(""))
            out.write("\n\n### Instruction:\n" + task)
        case _:
            raise KeyError("instruction")
    out.write("\n\n### Response:")
    return out.getvalue()


def format_example(example, end):
    """Return prompt and answer."""
    answer = example["output"]
    return format_prompt(example), answer + end
