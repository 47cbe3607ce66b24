"""transformers' RepetitionPenaltyLogitsProcessor, which takes two dimensions."""

from transformers.generation.logits_process import RepetitionPenaltyLogitsProcessor


def repetition_penalty(logits, ids, penalty):
    """Theirs, for any leading dimensions."""
    rows = logits.reshape(-1, logits.shape[-1])
    tokens = ids.reshape(len(rows), ids.shape[-1])
    penalised = RepetitionPenaltyLogitsProcessor(float(penalty))(tokens, rows)
    return penalised.clone().reshape(logits.shape)
