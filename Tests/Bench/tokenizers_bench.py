"""Times the Python package `tokenizers` for `layerbook-bench tokenizers`: directory, text, repeats."""

import hashlib
import json
import os
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
from tokenizers import Tokenizer  # noqa: E402

directory, path, repeats = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open(path, encoding="utf-8", newline="") as file:
    text = file.read()
lines = [line for line in text.split("\n") if line]
best = {"load": float("inf"), "whole": float("inf"), "lines": float("inf")}


def timed(name, work):
    start = time.perf_counter()
    result = work()
    best[name] = min(best[name], time.perf_counter() - start)
    return result


for _ in range(repeats):
    tokenizer = timed("load", lambda: Tokenizer.from_file(directory + "/tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    ids = timed("whole", lambda: tokenizer.encode(text).ids)
    timed("lines", lambda: [len(one.ids) for one in tokenizer.encode_batch_fast(lines)])
print(json.dumps(best | {"digest": hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()}))
