"""Linear centred kernel alignment between the states of all depths, in plain Python: an engine of one's own."""
import json, struct, sys
from array import array
from operator import mul

def states(path):
    """The tensors hidden.0 ... hidden.L of a states file, each a list of rows."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        start = file.tell()
        for level in range(sum(name.startswith("hidden.") for name in header)):
            tensor = header[f"hidden.{level}"]
            file.seek(start + tensor["data_offsets"][0])
            rows, width = tensor["shape"]
            flat = array("f", file.read(4 * rows * width))
            yield [flat[row * width:(row + 1) * width] for row in range(rows)]

def gram(rows):
    """The products of all pairs of rows, the mean row taken off first, as one vector of length 1."""
    mean = [sum(column) / len(rows) for column in zip(*rows)]
    rows = [[x - m for x, m in zip(row, mean)] for row in rows]
    products = [sum(map(mul, a, b)) for a in rows for b in rows]
    length = sum(map(mul, products, products)) ** 0.5
    return [x / length for x in products] if length else None

request = json.load(sys.stdin)
grams = [gram(rows) for rows in states(request["states"])]
cka = [[sum(map(mul, a, b)) if a and b else None for b in grams] for a in grams]
near = [cka[level][level + 1] for level in range(len(cka) - 1)]
sides = {"title": {"en": "depth", "ja": "深さ"}}
json.dump({
    "values": {"cka": cka, "adjacent": near, "ends": cka[0][-1]},
    "chart": {"kind": "heatmap", "title": "CKA", "values": "cka", "range": [0, 1], "rows": sides, "columns": sides},
    "caption": {"en": "Linear CKA between the states of every two depths.", "ja": "各深さの状態どうしの線形 CKA。"},
}, sys.stdout)
