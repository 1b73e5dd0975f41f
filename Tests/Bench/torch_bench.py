"""Captures hidden states with PyTorch and transformers, for comparison with `layerbook-bench capture`.

Arguments: checkpoint folder, texts, tokens, repeats, threads, output file. Prints one line of JSON. The states of the
last position of every text are written as `hidden.0 ... hidden.L`; the last one is taken before the final norm.
"""

import json
import resource
import sys
import time

import torch
from safetensors.torch import save_file
from transformers import AutoModel

folder, texts, tokens, repeats, threads, output = sys.argv[1], *map(int, sys.argv[2:6]), sys.argv[6]
torch.set_num_threads(threads)
model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
vocabulary = model.config.vocab_size
ids = torch.tensor([[(t * 31 + j * 17) % vocabulary for j in range(tokens)] for t in range(texts)])

last = []
(getattr(model, "ln_f", None) or model.norm).register_forward_pre_hook(lambda _, x: last.append(x[0][:, -1].clone()))


def capture(batch):
    parts = []
    last.clear()
    with torch.inference_mode():
        for start in range(0, texts, batch):
            out = model(ids[start : start + batch], output_hidden_states=True, use_cache=False)
            parts.append([h[:, -1].clone() for h in out.hidden_states[:-1]])
    return [torch.cat(level) for level in zip(*parts)] + [torch.cat(last)]


best = (float("inf"), 0)
processor = float("inf")
states = None
for batch in (16, 64):
    for _ in range(repeats):
        start, start_of_work = time.perf_counter(), time.process_time()
        states = capture(batch)
        best = min(best, (time.perf_counter() - start, batch))
        processor = min(processor, time.process_time() - start_of_work)
    if batch == 16:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

save_file({f"hidden.{level}": state.contiguous() for level, state in enumerate(states)}, output)
print(json.dumps({"seconds": best[0], "processor_seconds": processor, "batch": best[1], "peak_bytes": memory, "torch": torch.__version__}))
