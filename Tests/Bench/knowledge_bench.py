"""Attributes one prompt with the public `knowledge-neurons` package, for comparison with `layerbook-bench knowledge`.

Arguments: checkpoint folder, prompt with its mask, answer, repeats, threads. Prints one line of JSON. The package loads
models by a few fixed names only, so it is given a model that transformers has loaded; everything after that is its own.
It is run with its default batch of steps, which is what its
users get, and with all steps at once.
"""

import json
import os
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"
import torch
from knowledge_neurons import KnowledgeNeurons
from transformers import AutoTokenizer, BertLMHeadModel
from transformers.utils import logging

logging.set_verbosity_error()
folder, prompt, answer, repeats, threads = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
torch.set_num_threads(threads)
model = BertLMHeadModel.from_pretrained(folder, dtype=torch.float32).eval()
tokenizer = AutoTokenizer.from_pretrained(folder)
# The package asks for them, and not every tokenizer gives them by itself.
tokenizer.model_input_names = ["input_ids", "token_type_ids", "attention_mask"]
neurons = KnowledgeNeurons(model, tokenizer, model_type="bert", device="cpu")

token = tokenizer.tokenize(answer)[0]
found = {}
# 10 is its default; 20 takes all steps at once.
for batch in [10, 20]:
    best, work, scores = float("inf"), float("inf"), None
    for _ in range(repeats):
        start, start_of_work = time.perf_counter(), time.process_time()
        scores = neurons.get_scores(prompt, token, batch_size=batch, steps=20, pbar=False)
        best, work = min(best, time.perf_counter() - start), min(work, time.process_time() - start_of_work)
    width = scores.shape[1]
    largest = [f"L{i // width}.N{i % width}" for i in scores.flatten().topk(5).indices.tolist()]
    found[batch] = {"batch": batch, "seconds": best, "processor_seconds": work, "largest": largest}
print(json.dumps({"torch": torch.__version__, "runs": list(found.values())}))
