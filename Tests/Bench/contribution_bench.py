"""Takes a prediction apart with TransformerLens, for comparison with `layerbook-bench contribution`.

`decompose_resid`, `stack_head_results` and `logit_attrs` at the last position, the calls its documentation shows for direct
logit attribution; the weights are left as they are (`no_processing`) so that both sides take the same vectors. Arguments:
checkpoint folder, file of token ids, repeats, threads. Prints one line of JSON.
"""

import json
import os
import resource
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
import transformer_lens
from transformer_lens import HookedTransformer, HookedTransformerConfig

folder, path, repeats, threads = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:5])
torch.set_num_threads(threads)
torch.set_grad_enabled(False)
from safetensors.torch import load_file

sizes = json.load(open(folder + "/config.json"))
d, heads, layers = sizes["n_embd"], sizes["n_head"], sizes["n_layer"]
config = HookedTransformerConfig(
    n_layers=layers, d_model=d, n_ctx=sizes["n_positions"], d_head=d // heads, n_heads=heads, d_mlp=4 * d,
    d_vocab=sizes["vocab_size"], act_fn="gelu_new", normalization_type="LN", eps=sizes["layer_norm_epsilon"],
    device="cpu", default_prepend_bos=False, use_attn_result=False,
)
model = HookedTransformer(config)
weights = load_file(folder + "/model.safetensors")
state = {
    "embed.W_E": weights["wte.weight"],
    "pos_embed.W_pos": weights["wpe.weight"],
    "ln_final.w": weights["ln_f.weight"],
    "ln_final.b": weights["ln_f.bias"],
    "unembed.W_U": weights["wte.weight"].T.contiguous(),
    "unembed.b_U": torch.zeros(sizes["vocab_size"]),
}
for l in range(layers):
    old, new = f"h.{l}.", f"blocks.{l}."
    for ours, theirs in (("ln_1", "ln1"), ("ln_2", "ln2")):
        state[new + theirs + ".w"] = weights[old + ours + ".weight"]
        state[new + theirs + ".b"] = weights[old + ours + ".bias"]
    projections = weights[old + "attn.c_attn.weight"].split(d, dim=1)
    biases = weights[old + "attn.c_attn.bias"].split(d)
    for name, weight, bias in zip("QKV", projections, biases):
        state[new + "attn.W_" + name] = weight.reshape(d, heads, d // heads).permute(1, 0, 2).contiguous()
        state[new + "attn.b_" + name] = bias.reshape(heads, d // heads)
    state[new + "attn.W_O"] = weights[old + "attn.c_proj.weight"].reshape(heads, d // heads, d)
    state[new + "attn.b_O"] = weights[old + "attn.c_proj.bias"]
    state[new + "mlp.W_in"] = weights[old + "mlp.c_fc.weight"]
    state[new + "mlp.b_in"] = weights[old + "mlp.c_fc.bias"]
    state[new + "mlp.W_out"] = weights[old + "mlp.c_proj.weight"]
    state[new + "mlp.b_out"] = weights[old + "mlp.c_proj.bias"]
missing = model.load_state_dict(state, strict=False)
assert not missing.unexpected_keys and all("mask" in k or "IGNORE" in k for k in missing.missing_keys), missing
del state, weights
prompt = json.load(open(path))
tokens, target, contrast = torch.tensor([prompt["ids"]]), prompt["target"], prompt["contrast"]


def attributions():
    logits, cache = model.run_with_cache(tokens)
    parts, labels = cache.decompose_resid(layer=-1, mode="all", pos_slice=-1, return_labels=True)
    layer = cache.logit_attrs(parts, target, incorrect_tokens=contrast, pos_slice=-1)
    stack = cache.stack_head_results(layer=-1, pos_slice=-1)
    head = cache.logit_attrs(stack, target, incorrect_tokens=contrast, pos_slice=-1)
    return labels, layer.flatten(), head.flatten()


best, processor = float("inf"), float("inf")
for _ in range(repeats):
    start, start_of_work = time.perf_counter(), time.process_time()
    labels, layer, head = attributions()
    best = min(best, time.perf_counter() - start)
    processor = min(processor, time.process_time() - start_of_work)

print(
    json.dumps(
        {
            "seconds": best,
            "processor_seconds": processor,
            "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            "labels": labels,
            "layers": layer.tolist(),
            "heads": head.tolist(),
            "transformer_lens": getattr(transformer_lens, "__version__", ""),
        }
    )
)
