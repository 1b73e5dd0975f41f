"""Writes Tests/Fixtures/knowledge/<model>.json: what was found of one relation of the facts, computed in float64.

Argument: the folder of reference values (`<model>/knowledge.json`). For the relation `capital` of atlas-llama: the facts, the
neurons of each (midpoint rule, 20 steps), the share of prompts, how the answers change when they are held at zero or doubled,
one update and the erasure.
"""

import json
import sys

for model in ["atlas-llama"]:
    with open(f"{sys.argv[1]}/{model}/knowledge.json") as file:
        found = json.load(file)
    relation = found["relations"]["capital"]
    kept = {key: relation[key] for key in ["p", "mean_neurons", "baseline_mean_neurons", "layer_histogram", "effect_percent"]}
    kept["facts"] = [{key: fact[key] for key in ["fact", "neurons", "baseline"]} for fact in relation["facts"]]
    kept["shared_within"] = found["shared"]["within"]["capital"]
    kept["update"] = found["update"][0]
    kept["erase"] = found["erase"]["capital"]
    with open(f"Tests/Fixtures/knowledge/{model}.json", "w") as file:
        json.dump(kept, file, separators=(",", ":"))
