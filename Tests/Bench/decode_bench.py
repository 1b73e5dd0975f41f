"""Decodes greedily with transformers and its cache, for comparison with `layerbook-bench decode`.

Arguments: checkpoint folder, tokens of the prompt, tokens to decode, repeats, threads. Prints one line of JSON.
"""

import json
import sys
import time

import torch
import transformers
from transformers import AutoModelForCausalLM

folder, prompt, tokens, repeats, threads = sys.argv[1], *map(int, sys.argv[2:6])
torch.set_num_threads(threads)
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
ids = torch.tensor([[(j * 17 + 3) % model.config.vocab_size for j in range(prompt)]])
settings = dict(
    do_sample=False, use_cache=True, attention_mask=torch.ones_like(ids), pad_token_id=0, eos_token_id=None
)


def run(count):
    start = time.perf_counter()
    with torch.inference_mode():
        out = model.generate(ids, max_new_tokens=count, min_new_tokens=count, **settings)
    return time.perf_counter() - start, out[0, prompt:].tolist()


run(2)
# The difference of two lengths leaves prefill and setup out.
short = min(run(1)[0] for _ in range(repeats))
times = [run(tokens + 1) for _ in range(repeats)]
seconds = min(time for time, _ in times) - short
print(
    json.dumps(
        {"tokens_per_second": tokens / seconds, "tokens": times[0][1], "transformers": transformers.__version__}
    )
)
