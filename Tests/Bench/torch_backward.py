"""Goes forward and back through a causal model with PyTorch, for comparison with `layerbook-bench backward`.

Arguments: checkpoint folder, texts, tokens, repeats, threads, output file. Prints one line of JSON. The gradient of every
parameter is written under the name it has in the checkpoint, which is the model's without `transformer.`.
"""

import json
import resource
import sys
import time

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

folder, texts, tokens, repeats, threads, output = sys.argv[1], *map(int, sys.argv[2:6]), sys.argv[6]
torch.set_num_threads(threads)
# Without dropout, as in evaluation; gradients are wanted all the same.
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
vocabulary = model.config.vocab_size
ids = torch.tensor([[(t * 31 + j * 17) % vocabulary for j in range(tokens)] for t in range(texts)])

best = processor = float("inf")
for _ in range(repeats):
    start, start_of_work = time.perf_counter(), time.process_time()
    model.zero_grad()
    logits = model(ids, use_cache=False).logits
    loss = torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten())
    loss.backward()
    best = min(best, time.perf_counter() - start)
    processor = min(processor, time.process_time() - start_of_work)
    del logits

save_file({n.removeprefix("transformer."): p.grad.contiguous() for n, p in model.named_parameters()}, output)
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"seconds": best, "processor_seconds": processor, "peak_bytes": memory, "loss": loss.item(), "torch": torch.__version__}))
