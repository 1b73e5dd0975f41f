"""Writes Tests/Fixtures/gradients/knowledge.json: some integrated gradients of the embedded models, computed in float64.

Argument: the folder of reference values (`<model>/knowledge.json` and `.safetensors`). For one prompt of each model: the
tokens, the position, the answer, its probability, the sum of the attributions of each block (midpoint rule, 20 steps) and
the 40 largest attributions as [block, neuron, value].
"""

import json
import struct
import sys
from array import array

result = []
for model in ["atlas-gpt2", "atlas-llama", "atlas-bert"]:
    with open(f"{sys.argv[1]}/{model}/knowledge.json") as file:
        detail = json.load(file)["detail"][0]
    with open(f"{sys.argv[1]}/{model}/knowledge.safetensors", "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        start, end = header["midpoint.0"]["data_offsets"]
        file.seek(start, 1)
        values = array("f", file.read(end - start))
    width = header["midpoint.0"]["shape"][1]
    order = sorted(range(len(values)), key=lambda i: -abs(values[i]))[:40]
    result.append({key: detail[key] for key in ["ids", "position", "gold", "probability"]} | {
        "model": model,
        "sum": detail["midpoint"]["sum"],
        "largest": [[i // width, i % width, float(f"{values[i]:.9g}")] for i in order],
    })
with open("Tests/Fixtures/gradients/knowledge.json", "w") as file:
    json.dump(result, file, separators=(",", ":"))
    file.write("\n")
