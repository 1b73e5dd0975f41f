"""Scores last words at every depth with transformers, for comparison with `layerbook-bench lens`.

The hidden states of a padded batch come with `output_hidden_states`; of each layer only the positions before the wanted
tokens go through the final norm and the head, as one would write it who minds the time. Arguments: checkpoint folder, file
of texts, repeats, threads. Prints one line of JSON; the memory is that of the smaller batch.
"""

import json
import resource
import sys
import time

import torch
import transformers
from transformers import AutoModelForCausalLM

folder, path, repeats, threads = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:5])
torch.set_num_threads(threads)
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
norm, head = model.transformer.ln_f, model.lm_head
texts = sorted(json.load(open(path)), key=lambda text: len(text["ids"]))


def score(batch):
    sums, hits = None, None
    with torch.inference_mode():
        for start in range(0, len(texts), batch):
            part = texts[start : start + batch]
            longest = max(len(text["ids"]) for text in part)
            ids = torch.tensor([text["ids"] + [0] * (longest - len(text["ids"])) for text in part])
            mask = torch.tensor([[1] * len(text["ids"]) + [0] * (longest - len(text["ids"])) for text in part])
            places = [
                (row, len(text["ids"]) - len(text["targets"]) + k)
                for row, text in enumerate(part)
                for k in range(len(text["targets"]))
            ]
            rows, columns = (torch.tensor(list(side)) for side in zip(*places))
            targets = torch.tensor([token for text in part for token in text["targets"]])
            # The decoder alone: the logits of every position are not wanted.
            states = model.transformer(ids, attention_mask=mask, output_hidden_states=True, use_cache=False).hidden_states
            if sums is None:
                sums, hits = [0.0] * len(states), [0] * len(states)
            for level, state in enumerate(states):
                picked = state[rows, columns]
                logits = head(picked if level == len(states) - 1 else norm(picked))
                scores = torch.log_softmax(logits, -1).gather(1, targets[:, None])
                sums[level] += scores.sum().item()
                hits[level] += (logits.argmax(-1) == targets).sum().item()
    return sums


best, processor, memory = (float("inf"), 0), float("inf"), 0
for batch in (8, 32):
    for _ in range(repeats):
        start, start_of_work = time.perf_counter(), time.process_time()
        sums = score(batch)
        best = min(best, (time.perf_counter() - start, batch))
        processor = min(processor, time.process_time() - start_of_work)
    if memory == 0:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

print(
    json.dumps(
        {
            "seconds": best[0],
            "processor_seconds": processor,
            "batch": best[1],
            "peak_bytes": memory,
            "log_likelihood": sums,
            "transformers": transformers.__version__,
        }
    )
)
