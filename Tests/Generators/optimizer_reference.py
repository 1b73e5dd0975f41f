"""Writes Tests/Fixtures/optimization/reference.json: what PyTorch and transformers' formula make of small problems.

Needs torch. `adamw`: runs of torch.optim.AdamW with gradients that are given, the parameters after every step;
where `limit` is not null torch.nn.utils.clip_grad_norm_ ran before each step, and `norms` is what it
returned. `annealing`: the rates of CosineAnnealingLR, step after step. `warmup`: LambdaLR with the factor of
get_cosine_schedule_with_warmup, written out here so that transformers is not needed.
"""

import json
import math
import sys

import torch

torch.manual_seed(11)
torch.set_num_threads(1)


def adamw(count, steps, rate, betas, eps, decay, limit, scale):
    parameters = torch.nn.Parameter(torch.randn(count))
    optimizer = torch.optim.AdamW([parameters], lr=rate, betas=betas, eps=eps, weight_decay=decay)
    run = dict(rate=rate, beta1=betas[0], beta2=betas[1], epsilon=eps, decay=decay, limit=limit)
    run |= dict(start=parameters.tolist(), gradients=[], norms=[], parameters=[])
    for _ in range(steps):
        gradient = torch.randn(count) * scale
        run["gradients"].append(gradient.tolist())
        parameters.grad = gradient
        if limit:
            run["norms"].append(torch.nn.utils.clip_grad_norm_([parameters], limit).item())
        optimizer.step()
        run["parameters"].append(parameters.tolist())
    return run


def rates(make, steps, rate):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)
    scheduler = make(optimizer)
    result = []
    for _ in range(steps):
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return result


def warmup(warm, total):
    def factor(step):
        if step < warm:
            return step / max(1, warm)
        return max(0.0, 0.5 * (1 + math.cos(math.pi * 0.5 * 2 * (step - warm) / max(1, total - warm))))

    return lambda optimizer: torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


scheduler = torch.optim.lr_scheduler
reference = {
    "torch": torch.__version__,
    "adamw": [
        adamw(19, 6, 1e-3, (0.9, 0.999), 1e-8, 0.01, None, 1),
        adamw(33, 8, 3e-2, (0.8, 0.95), 1e-4, 0.3, 1.5, 1),
        adamw(17, 5, 1e-2, (0.9, 0.98), 1e-6, 0.0, 100.0, 1e-3),
    ],
    "annealing": [
        dict(period=10, floor=0.0, peak=0.5, rates=rates(lambda o: scheduler.CosineAnnealingLR(o, 10), 25, 0.5)),
        dict(period=7, floor=0.1, peak=2.0, rates=rates(lambda o: scheduler.CosineAnnealingLR(o, 7, eta_min=0.1), 8, 2.0)),
    ],
    "warmup": [
        dict(warmup=w, total=t, peak=0.25, rates=rates(warmup(w, t), t + 4, 0.25)) for w, t in [(0, 8), (3, 12), (5, 5)]
    ],
}
with open(sys.argv[1], "w") as file:
    json.dump(reference, file, separators=(",", ":"))
    file.write("\n")
