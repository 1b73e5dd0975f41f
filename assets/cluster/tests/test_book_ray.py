"""Books shared out with Ray and Slurm: the same bytes as one process, nothing twice, killed work done again.

    LAYERBOOK=.build/release/layerbook python -m unittest assets/cluster/tests/test_book_ray.py

Ray is pip's; where it is absent, its tests are skipped. Slurm is played by a script that runs an array's jobs at once.
"""

import importlib.util
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent
LAYERBOOK = os.path.abspath(os.environ.get("LAYERBOOK", ROOT / ".build/release/layerbook"))
HAS_RAY = importlib.util.find_spec("ray") is not None

BOOK = f"""models:
  gpt: {{path: {ROOT}/assets/models/atlas-gpt2}}
  llama: {{path: {ROOT}/assets/models/atlas-llama}}
datasets:
  atlas: {{path: {ROOT}/assets/texts/atlas.txt, format: lines}}
defaults: {{model: gpt, dataset: atlas, seed: 42}}
"""
REPORT = """---
title: Shared out
---
<<value convergence.score llama n=150>>

<<if convergence.score llama n=150 > 0>>
<<convergence llama n=151>>
<<end>>

<<convergence n=150>>

<<heatmap r2 mean n=100>>

<<redundancy self n=100>>
"""


class SharedBook(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="layerbook-ray-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "book").mkdir()
        (self.folder / "book/layerbook.yaml").write_text(BOOK)
        self.write(REPORT)

    def write(self, report):
        (self.folder / "book/t.md").write_text(report)

    def layerbook(self, *arguments):
        return subprocess.run([LAYERBOOK, *arguments], cwd=self.folder, capture_output=True, text=True)

    def render(self, store, *more):
        done = self.layerbook("render", "book/t.md", "--store", store, "--out", f"site-{store}", *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return (self.folder / f"site-{store}/t.html").read_bytes()

    def entries(self, store):
        return sorted(path.name for path in (self.folder / store).rglob("*.entry"))

    def start(self, *arguments):
        command = [sys.executable, HERE / "book_ray.py", "--layerbook", LAYERBOOK, *arguments]
        return subprocess.Popen(
            [str(word) for word in command], cwd=self.folder, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)

    def finish(self, process, status=0):
        output, errors = process.communicate(timeout=300)
        self.assertEqual(process.returncode, status, errors)
        return [json.loads(line) for line in output.splitlines()], errors

    def assertWhole(self, store, page):
        """The store has all that the page needs, sound, and it is the page of one process."""
        self.assertEqual(self.render(store, "--frozen"), page)
        self.assertTrue(self.layerbook("cache", "verify", "--store", store).stdout.endswith(" 0 damaged\n"))
        self.assertEqual([*(self.folder / store / "claims").iterdir()], [])


@unittest.skipUnless(HAS_RAY, "Ray is absent")
class RayTests(SharedBook):
    def test_the_same_bytes_as_one_process_and_nothing_twice(self):
        page = self.render("alone")
        outcomes, errors = self.finish(self.start("book/t.md", "--workers", 2, "--shards", 3, "--store", "shared"))
        self.assertTrue(all(outcome["outcome"] == "computed" for outcome in outcomes), outcomes)
        # Both workers had a part in it.
        self.assertGreater(len({outcome["process"] for outcome in outcomes}), 1)
        self.assertEqual(sum(outcome["entries"] for outcome in outcomes), len(self.entries("shared")))
        # What stood under the condition was in a second plan, once its number was there.
        self.assertEqual(len(outcomes), len({outcome["key"] for outcome in outcomes}))
        self.assertWhole("shared", page)
        outcomes, errors = self.finish(self.start("book/t.md", "--workers", 2, "--store", "shared"))
        self.assertEqual((outcomes, errors), ([], "nothing is missing\n"))

    def claims(self, store):
        """Processes that have claims, as their names say."""
        folder = self.folder / store / "claims"
        owners = [path.name.split("~") for path in folder.glob("*/*~*~*~*")] if folder.exists() else []
        return {int(owner[1]) for owner in owners if len(owner) == 4}

    def test_the_work_of_killed_workers_is_done_again(self):
        page = self.render("alone")
        for store, kills_worker in (("one", False), ("two", True)):
            process = self.start("book/t.md", "--workers", 2, "--shards", 3, "--store", store)
            killed = set()
            while process.poll() is None and len(killed) < 3:
                for owner in self.claims(store) - killed:
                    try:
                        # Either the computation, or the Ray worker that waits for it.
                        victim = int(open(f"/proc/{owner}/stat").read().split()[3]) if kills_worker else owner
                        if len(killed) < 3 and victim > 1:
                            os.kill(victim, signal.SIGKILL)
                            killed.add(owner)
                    except (FileNotFoundError, ProcessLookupError):
                        pass
                time.sleep(0.05)
            outcomes, errors = self.finish(process)
            self.assertGreater(len(killed), 0)
            self.assertTrue(all(outcome["outcome"] in ("computed", "stored") for outcome in outcomes), errors)
            # What a killed worker had kept counts for nobody; nothing counts twice.
            self.assertLessEqual(sum(outcome["entries"] for outcome in outcomes), len(self.entries(store)))
            self.assertWhole(store, page)

    def test_failures_are_said_and_keep_nothing_else_from_being_done(self):
        self.write("<<convergence n=900000>>\n\n<<convergence n=8>>\n")
        outcomes, errors = self.finish(self.start("book/t.md", "--workers", 2, "--store", "s"), status=1)
        self.assertEqual(sorted(outcome["outcome"] for outcome in outcomes), ["computed", "failed"])
        self.assertIn("book/t.md:1:", errors)

    def test_mistakes_are_found_before_a_cluster_starts(self):
        self.write("<<convergense>>\n")
        began = time.monotonic()
        _, errors = self.finish(self.start("book/t.md"), status=2)
        self.assertIn("did you mean 'convergence'", errors)
        self.assertLess(time.monotonic() - began, 5)


class SlurmTests(SharedBook):
    """`sbatch` is a script that runs every job of the array at once, and one of them a second time."""

    SBATCH = """#!/bin/sh
for word; do
  case $word in --array=0-*) last=${word#--array=0-} ;; esac
  script=$word
done
count=$((last + 1))
pids=
for job in $(seq 0 "$last") "$last"; do
  SLURM_ARRAY_TASK_ID=$job SLURM_ARRAY_TASK_COUNT=$count sh "$script" > "job-$job.$$" &
  pids="$pids $!"
done
for pid in $pids; do wait "$pid" || exit 1; done
cat job-*
"""

    def test_an_array_job_makes_the_page_of_one_process(self):
        page = self.render("alone")
        (self.folder / "bin").mkdir()
        (self.folder / "bin/sbatch").write_text(self.SBATCH)
        (self.folder / "bin/sbatch").chmod(0o755)
        environment = dict(
            os.environ, PATH=f"{self.folder}/bin:{os.environ['PATH']}", LAYERBOOK=LAYERBOOK, WIDTH="3")
        command = ["sh", str(HERE / "book_slurm.sh"), "book/t.md", "--store", "shared", "--shards", "3"]
        # Twice: what stands under a condition is in the plan once the first round has decided it.
        for _ in range(2):
            done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertWhole("shared", page)
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, "nothing is missing\n"))


if __name__ == "__main__":
    unittest.main()
