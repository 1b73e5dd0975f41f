"""Finds the triggers of every neuron with transformers, for comparison with `layerbook-bench memory`.

One would hook the input of each block's second feed-forward product, take each text's largest |m| per neuron and merge the
batch into the best 25 so far with `torch.topk`. Arguments: checkpoint folder, file of texts, threads. Prints one line of
JSON; `first` holds every neuron's largest |m|.
"""

import json
import resource
import sys
import time

import torch
import transformers
from transformers import AutoModelForCausalLM

folder, path, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
torch.set_num_threads(threads)
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
data = json.load(open(path))
bos, texts = data["bos"], data["texts"]
order = sorted(range(len(texts)), key=lambda text: len(texts[text]))
body = model.model if hasattr(model, "model") else model.transformer
layers = body.layers if hasattr(body, "layers") else body.h
seen = {}


def keep(block):
    def hook(module, inputs):
        seen[block] = inputs[0]

    return hook


for block, layer in enumerate(layers):
    product = layer.mlp.down_proj if hasattr(layer.mlp, "down_proj") else layer.mlp.c_proj
    product.register_forward_pre_hook(keep(block))

start, start_of_work = time.perf_counter(), time.process_time()
best = None
with torch.inference_mode():
    for first in range(0, len(texts), 32):
        part = [texts[text] for text in order[first : first + 32]]
        longest = max(len(text) for text in part)
        ids = torch.tensor([text + [0] * (longest - len(text)) for text in part])
        mask = torch.tensor([[1] * len(text) + [0] * (longest - len(text)) for text in part])
        # A prefix has a token after it, and the beginning of the text alone is none.
        wanted = torch.tensor([
            [(place > 0 or text[0] != bos) and place < len(text) - 1 for place in range(longest)] for text in part
        ])
        body(ids, attention_mask=mask, use_cache=False)
        numbers = torch.tensor(order[first : first + 32])
        found = []
        for block in range(len(layers)):
            sizes = seen[block].abs().masked_fill(~wanted[:, :, None], -1)
            values, places = sizes.max(dim=1)
            found.append((values, places))
        values = torch.stack([value for value, _ in found], dim=1)  # texts, blocks, neurons
        places = torch.stack([place for _, place in found], dim=1)
        where = torch.stack([numbers[:, None, None].expand_as(places), places], dim=-1)
        if best is None:
            best = (values, where)
        else:
            best = (torch.cat([best[0], values]), torch.cat([best[1], where]))
        if best[0].shape[0] > 25:
            top = torch.topk(best[0], 25, dim=0)
            best = (top.values, torch.gather(best[1], 0, top.indices[..., None].expand(-1, -1, -1, 2)))
seconds, processor = time.perf_counter() - start, time.process_time() - start_of_work
print(json.dumps({
    "transformers": transformers.__version__,
    "seconds": seconds,
    "processor_seconds": processor,
    "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    "first": best[0].max(dim=0).values.flatten().tolist(),
}))
