"""Transformers' own generate, around a model that it does not know."""

import torch
from transformers import GenerationConfig, GenerationMixin, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutput


class _Wrapped(PreTrainedModel, GenerationMixin):
    """A model of Transformers' whose logits are those of another one."""

    config_class = PretrainedConfig
    main_input_name = "input_ids"

    def __init__(self, inner, context):
        super().__init__(PretrainedConfig(is_encoder_decoder=False))
        self.inner, self.context = inner, context

    def forward(self, input_ids, **_ignored):
        """Return the logits for the last tokens.

        Transformers keeps every logit that equals the k-th largest, the course those of the lowest
        ids: a millionth for each id makes equal ones differ.
        """
        logits = self.inner(input_ids[:, -self.context :])
        return CausalLMOutput(logits=logits - 1e-6 * torch.arange(logits.shape[-1]))

    def prepare_inputs_for_generation(self, input_ids, **_ignored):
        """Return all that is needed for one step: no cache, no positions."""
        return {"input_ids": input_ids}


def generate(model, ids, count, context, *, t=1.0, k=None, end=None, seed=0):
    """Continue each sequence of a batch by up to count tokens."""
    if count == 0:
        return ids.clone()
    was, state = model.training, torch.get_rng_state()
    drawn = {"do_sample": True, "temperature": float(t), "top_k": k or 0, "top_p": 1.0}
    settings = GenerationConfig(
        max_new_tokens=count,
        eos_token_id=end,
        pad_token_id=end or 0,
        use_cache=False,
        **(drawn if t else {"do_sample": False}),
    )
    torch.default_generator.manual_seed(seed)
    try:
        return _Wrapped(model, context).eval().generate(ids, settings)
    finally:
        torch.set_rng_state(state)
        model.train(was)
