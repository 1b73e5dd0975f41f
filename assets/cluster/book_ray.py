#!/usr/bin/env python3
"""Computes what a book lacks on the machines of a Ray cluster.

    book_ray.py [TEMPLATE ...] [--store DIR] [--shards N] [--address ADDRESS] ...

`layerbook plan` says what is missing, and each line of it becomes one Ray task that runs `layerbook compute -`. A task
starts when those it waits for are done. Where a worker or its machine dies, Ray runs the task again elsewhere; what the
store has by then is not computed again. Templates, models, datasets and the store must lie under the same paths on
every machine, the store on a network folder where there are several.

Without --address Ray starts on this machine alone. Afterwards `layerbook render --frozen` writes the pages. Exit codes
are those of layerbook: 0 done, 1 something failed, 2 the command line or a template is wrong, 130 interrupted.
"""

import argparse
import ctypes
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time

# What layerbook ends with where SIGINT or SIGTERM stops it.
STOPPED = {130: signal.SIGINT, 143: signal.SIGTERM}


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
    try:
        done = subprocess.run(
            command, input=line + "\n", capture_output=True, text=True, cwd=directory, preexec_fn=die_with_parent)
    except OSError as error:
        fault = f"cannot run '{command[0]}' on {os.uname().nodename}: {error}"
        return {"key": task["key"], "outcome": "failed", "errors": fault}
    if done.returncode < 0 or done.returncode in STOPPED:
        raise Interrupted(f"signal {int(STOPPED.get(done.returncode, -done.returncode))}")
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
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    except OSError as error:
        refuse(f"cannot run '{options.layerbook}': {error.strerror}; name the program with --layerbook")
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
            said = {name: value for name, value in outcome.items() if name != "errors"}
            print(json.dumps(said), file=sys.__stdout__, flush=True)
            outcomes.append(outcome)
    return outcomes


def refuse(message):
    """Ends the program over what was asked of it."""
    print(f"error: {message}", file=sys.stderr)
    sys.exit(2)


def connect(options):
    """Joins the cluster, or starts one on this machine; ends the program where no machine has room for a task."""
    import ray

    try:
        ray.init(
            address=options.address, num_cpus=None if options.address else options.workers, log_to_driver=False,
            logging_level="ERROR", include_dashboard=False if options.address is None else None)
    except (ConnectionError, RuntimeError, ValueError) as error:
        sys.exit(f"error: no Ray cluster: {error}")
    most = max((int(node["Resources"].get("CPU", 0)) for node in ray.nodes() if node["Alive"]), default=0)
    if options.cpus > most:
        refuse(f"--cpus is {options.cpus}, and no machine of the cluster gives Ray more than {most}")


def count(text, least=1):
    """A whole number from `least`."""
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"needs a whole number, found '{text}'") from None
    if number < least:
        raise argparse.ArgumentTypeError(f"needs a number from {least}, found {number}")
    return number


def count_or_none(text):
    """The same from 0."""
    return count(text, least=0)


def parse(arguments):
    """The command line."""
    parser = argparse.ArgumentParser(
        description="Computes what a book lacks on the machines of a Ray cluster.",
        epilog="Example: book_ray.py reports/convergence.md --shards 8 --store /net/store --address auto")
    parser.add_argument("templates", nargs="*", metavar="TEMPLATE", help="by default every one of the book")
    parser.add_argument("--layerbook", default="layerbook", help="the program, where it is not in PATH")
    parser.add_argument("--address", help="of a running Ray cluster, such as auto; by default this machine alone")
    parser.add_argument("--workers", type=count, help="without --address: how many cores Ray may use")
    parser.add_argument("--cpus", type=count, default=1, help="cores of one task, all on one machine")
    parser.add_argument(
        "--retries", type=count_or_none, default=3, help="how often a task is run again whose worker died")
    parser.add_argument("--shards", type=count, default=1, help="into how many parts a corpus is cut")
    parser.add_argument("--set", action="append", default=[], help="as for layerbook render")
    parser.add_argument("--book")
    parser.add_argument("--store")
    parser.add_argument("--memory")
    return parser.parse_args(arguments)


def main(arguments):
    options = parse(arguments)
    # Outcomes alone go to standard output, which Ray takes for its own messages, too.
    sys.stdout = sys.stderr
    # Looked for and not imported: that takes seconds, and a plan may take longer.
    if importlib.util.find_spec("ray") is None:
        refuse("Ray is not installed; get it with: pip install ray")
    # Asked first, so that a mistake in a template needs no cluster to be seen.
    lines = plan(options)
    if not lines:
        print("nothing is missing", file=sys.stderr)
        return 0
    import ray

    connect(options)
    remote = ray.remote(num_cpus=options.cpus, max_retries=options.retries, retry_exceptions=[Interrupted])(compute)
    began, outcomes, again = time.monotonic(), [], set()
    while lines and not again:
        outcomes += run(lines, remote, options)
        if any(outcome["outcome"] == "failed" for outcome in outcomes):
            break
        # Conditions are decided by now: what stands in their branches was in no plan before.
        lines = plan(options) if any("decides" in json.loads(line) for line in lines) else []
        again = {json.loads(line)["key"] for line in lines} & {outcome["key"] for outcome in outcomes}
    number = {name: sum(o["outcome"] == name for o in outcomes) for name in ("computed", "stored", "failed")}
    spent = sum(outcome.get("seconds", 0) for outcome in outcomes)
    print(
        f"{number['computed']} computed, {number['stored']} at hand already, {number['failed']} failed; "
        f"{spent:.1f} s of work in {time.monotonic() - began:.1f} s", file=sys.stderr)
    ray.shutdown()
    if again:
        print(
            f"error: the store kept nothing of {min(again)[:12]}, which is done and missing again; is there room, and"
            " may the workers write there?", file=sys.stderr)
    return 1 if again or number["failed"] else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
