#!/usr/bin/env python3
"""Computes what a book lacks on the machines of a Ray cluster.

    book_ray.py [TEMPLATE ...] [--store DIR] [--shards N] [--address ADDRESS] ...

`layerbook plan` says what is missing, and each line of it becomes one Ray task that runs `layerbook compute -`. A task
starts when those it waits for are done. Where a worker or its machine dies, Ray runs the task again elsewhere; what the
store has by then is not computed again. Templates, models, datasets and the store must lie under the same paths on every
machine, the store on a network folder where there are several.

Without --address Ray starts on this machine alone. Afterwards `layerbook render --frozen` writes the pages. Exit codes
are those of layerbook: 0 done, 1 something failed, 2 the command line or a template is wrong, 130 interrupted.
"""

import argparse
import ctypes
import json
import os
import signal
import subprocess
import sys
import time


class Interrupted(Exception):
    """A computation that was killed: to be run again."""


def die_with_parent():
    """Has the kernel end this process together with the worker that started it."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def compute(line, command, directory, *before):
    """Runs `layerbook compute` on one line of a plan; in a Ray worker.

    `before` are the outcomes of the work that this one waits for, which Ray has waited for by handing them over.
    """
    task = json.loads(line)
    failed = [outcome["key"] for outcome in before if outcome["outcome"] == "failed"]
    if failed:
        return {"key": task["key"], "outcome": "failed", "errors": f"not begun: {failed[0][:12]} failed"}
    done = subprocess.run(
        command, input=line + "\n", capture_output=True, text=True, cwd=directory, preexec_fn=die_with_parent)
    if done.returncode < 0:
        raise Interrupted(f"signal {-done.returncode}")
    if done.returncode != 0:
        return {"key": task["key"], "outcome": "failed", "errors": done.stderr.strip()}
    outcome = json.loads(done.stdout.splitlines()[-1])
    outcome["errors"] = done.stderr.strip()
    return outcome


def plan(options):
    """The lines of what is missing; ends the program where layerbook refuses."""
    command = [options.layerbook, "plan", *options.templates, "--shards", str(options.shards), *common(options)]
    for setting in options.set:
        command += ["--set", setting]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(done.returncode if done.returncode > 0 else 1)
    return done.stdout.splitlines()


def common(options):
    """The options that plan and compute share."""
    given = [("--book", options.book), ("--store", options.store), ("--memory", options.memory)]
    return [word for name, value in given if value is not None for word in (name, value)]


def run(lines, remote, options):
    """One Ray task for each line; prints outcomes as they come and returns them."""
    import ray

    command = [options.layerbook, "compute", "-", "--threads", str(options.cpus), *common(options)]
    futures = {}
    # Lines stand behind those they wait for.
    for line in lines:
        task = json.loads(line)
        before = [futures[key] for key in task["waits_for"] if key in futures]
        futures[task["key"]] = remote.remote(line, command, os.getcwd(), *before)
    keys = {future: key for key, future in futures.items()}
    waiting, outcomes = list(futures.values()), []
    while waiting:
        ready, waiting = ray.wait(waiting, num_returns=1)
        for future in ready:
            try:
                outcome = ray.get(future)
            except ray.exceptions.RayError as error:
                outcome = {"key": keys[future], "outcome": "failed", "errors": f"{type(error).__name__}: {error}"}
            if outcome.get("errors"):
                print(outcome["errors"], file=sys.stderr)
            print(json.dumps({name: value for name, value in outcome.items() if name != "errors"}), flush=True)
            outcomes.append(outcome)
    return outcomes


def parse(arguments):
    """The command line."""
    parser = argparse.ArgumentParser(
        description="Computes what a book lacks on the machines of a Ray cluster.",
        epilog="Example: book_ray.py reports/convergence.md --shards 8 --store /net/store --address auto")
    parser.add_argument("templates", nargs="*", metavar="TEMPLATE", help="by default every one of the book")
    parser.add_argument("--layerbook", default="layerbook", help="the program, where it is not in PATH")
    parser.add_argument("--address", help="of a running Ray cluster, such as auto; by default this machine alone")
    parser.add_argument("--workers", type=int, help="without --address: how many cores Ray may use")
    parser.add_argument("--cpus", type=int, default=1, help="cores of one task")
    parser.add_argument("--retries", type=int, default=3, help="how often a task is run again whose worker died")
    parser.add_argument("--shards", type=int, default=1, help="into how many parts a corpus is cut")
    parser.add_argument("--set", action="append", default=[], help="as for layerbook render")
    parser.add_argument("--book")
    parser.add_argument("--store")
    parser.add_argument("--memory")
    return parser.parse_args(arguments)


def main(arguments):
    options = parse(arguments)
    # Asked first, so that a mistake in a template needs no cluster to be seen.
    lines = plan(options)
    if not lines:
        print("nothing is missing", file=sys.stderr)
        return 0
    import ray

    ray.init(
        address=options.address, num_cpus=None if options.address else options.workers, log_to_driver=False,
        logging_level="ERROR", include_dashboard=False if options.address is None else None)
    remote = ray.remote(num_cpus=options.cpus, max_retries=options.retries, retry_exceptions=[Interrupted])(compute)
    began, outcomes = time.monotonic(), []
    while lines:
        outcomes += run(lines, remote, options)
        if any(outcome["outcome"] == "failed" for outcome in outcomes):
            break
        # Conditions are decided by now: what stands in their branches was in no plan before.
        lines = plan(options) if any("decides" in json.loads(line) for line in lines) else []
    count = {name: sum(o["outcome"] == name for o in outcomes) for name in ("computed", "stored", "failed")}
    spent = sum(outcome.get("seconds", 0) for outcome in outcomes)
    print(
        f"{count['computed']} computed, {count['stored']} at hand already, {count['failed']} failed; "
        f"{spent:.1f} s of work in {time.monotonic() - began:.1f} s", file=sys.stderr)
    ray.shutdown()
    return 1 if count["failed"] else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
