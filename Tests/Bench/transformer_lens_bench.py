"""Takes a logit apart with TransformerLens, for comparison with `layerbook-bench contribution`.

The checkpoint's weights go into a HookedTransformer with the norms' gains folded into what follows, which `logit_attrs`
takes for granted, and otherwise as they are: nothing centred, so that both sides name the same parts. Arguments: checkpoint folder, token ids with commas, target, contrast, repeats, threads. Prints one
line of JSON: the logits of target minus contrast by layer and by head, at the last position under the frozen norm.
"""

import json
import sys
import time

import torch
import transformer_lens
import transformers
from transformer_lens import HookedTransformer, HookedTransformerConfig
from transformer_lens.pretrained.weight_conversions import convert_gpt2_weights
from transformers import AutoModelForCausalLM

folder, ids = sys.argv[1], torch.tensor([[int(token) for token in sys.argv[2].split(",")]])
target, contrast, repeats, threads = map(int, sys.argv[3:7])
torch.set_num_threads(threads)
torch.set_grad_enabled(False)

whole = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
shape = whole.config
settings = HookedTransformerConfig(
    n_layers=shape.n_layer, d_model=shape.n_embd, n_heads=shape.n_head, d_head=shape.n_embd // shape.n_head,
    d_mlp=shape.n_inner or 4 * shape.n_embd, n_ctx=shape.n_positions, d_vocab=shape.vocab_size, act_fn="gelu_new",
    eps=shape.layer_norm_epsilon, normalization_type="LN", original_architecture="GPT2LMHeadModel", device="cpu")
model = HookedTransformer(settings)
weights = convert_gpt2_weights(whole, settings)
model.load_and_process_state_dict(
    weights, fold_ln=True, center_writing_weights=False, center_unembed=False, fold_value_biases=False)
del whole, weights


def parts():
    _, cache = model.run_with_cache(ids)
    layers = cache.decompose_resid(layer=-1, pos_slice=-1)
    heads = cache.stack_head_results(layer=-1, pos_slice=-1)
    of = {"tokens": target, "incorrect_tokens": contrast, "pos_slice": -1, "has_batch_dim": True}
    return cache.logit_attrs(layers, **of)[:, 0], cache.logit_attrs(heads, **of)[:, 0]


best, processor = float("inf"), float("inf")
for _ in range(repeats):
    start, start_of_work = time.perf_counter(), time.process_time()
    layers, heads = parts()
    best = min(best, time.perf_counter() - start)
    processor = min(processor, time.process_time() - start_of_work)

# Embedding and positions first, then attention and network of each layer in turn.
outer = len(layers) - 2 * shape.n_layer
print(
    json.dumps(
        {
            "seconds": best,
            "processor_seconds": processor,
            "embedding": sum(layers[:outer].tolist()),
            "attention": layers[outer::2].tolist(),
            "ffn": layers[outer + 1 :: 2].tolist(),
            "heads": heads.tolist(),
            "transformer_lens": getattr(transformer_lens, "__version__", "2"),
            "transformers": transformers.__version__,
        }
    )
)
