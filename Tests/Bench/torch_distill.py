"""Takes steps of self-distillation with PyTorch, for comparison with `layerbook-bench distill`.

A second, frozen copy of the model gives the targets; every block's output goes through the final norm and the head, and
autograd goes back through all of them, as one would write it. Arguments: checkpoint folder, file of token ids (a list of
texts of one length), steps, threads. Prints one line of JSON; the first step, which warms up, is not timed.
"""

import json
import resource
import sys
import time

import torch
import transformers
from transformers import AutoModelForCausalLM

folder, path, steps, threads = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:5])
torch.set_num_threads(threads)
ids = torch.tensor(json.load(open(path)))


def load():
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


student, teacher = load(), load().requires_grad_(False)
stack = student.transformer if hasattr(student, "transformer") else student.model
blocks, norm = (stack.h, stack.ln_f) if hasattr(stack, "h") else (stack.layers, stack.norm)
states = []
for block in blocks:
    block.register_forward_hook(
        lambda _, __, output: states.append(output[0] if isinstance(output, tuple) else output))
alpha = torch.softmax(0.25 * torch.arange(len(blocks), dtype=torch.float64), 0).float()
optimizer = torch.optim.AdamW(student.parameters(), lr=1e-4, weight_decay=0.01)

losses, best, processor = [], float("inf"), float("inf")
for step in range(steps + 1):
    start, start_of_work = time.perf_counter(), time.process_time()
    optimizer.zero_grad()
    states.clear()
    with torch.no_grad():
        wanted = torch.log_softmax(teacher(ids, use_cache=False).logits, -1)
    stack(ids, use_cache=False)
    loss = 0
    for layer, state in enumerate(states):
        own = torch.log_softmax(student.lm_head(norm(state)), -1)
        loss = loss + alpha[layer] * (wanted.exp() * (wanted - own)).sum(-1).mean()
        if layer:
            moved = (state - states[layer - 1]).square().sum(-1) / states[layer - 1].square().sum(-1)
            loss = loss + alpha[layer] * moved.mean()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    del loss, own, wanted
    if step:
        best = min(best, time.perf_counter() - start)
        processor = min(processor, time.process_time() - start_of_work)

memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(
    json.dumps(
        {
            "seconds": best, "processor_seconds": processor, "peak_bytes": memory, "losses": losses,
            "torch": torch.__version__, "transformers": transformers.__version__,
        }
    )
)
