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


# Has the same result missing for ever; the first computation is stopped.
FORGETFUL = """#!/bin/sh
case $1 in
  plan) echo '{"key": "0123456789abcdef", "waits_for": [], "decides": ["t.md:1"]}' ;;
  *)
    [ -e begun ] || { touch begun; exit 143; }
    echo '{"key": "0123456789abcdef", "outcome": "computed", "entries": 0}'
    ;;
esac
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

    def test_stopped_work_is_done_again_and_forgotten_work_is_not(self):
        (self.folder / "forgetful").write_text(FORGETFUL)
        (self.folder / "forgetful").chmod(0o755)
        outcomes, errors = self.finish(
            self.start("--layerbook", self.folder / "forgetful", "--workers", 1), status=1)
        self.assertTrue((self.folder / "begun").exists())
        self.assertEqual([outcome["outcome"] for outcome in outcomes], ["computed"])
        self.assertIn("error: the store kept nothing of 0123456789ab", errors)

    def test_what_cannot_be_started_is_said(self):
        _, errors = self.finish(self.start("book/t.md", "--layerbook", "nowhere/layerbook"), status=2)
        self.assertEqual(
            errors, "error: cannot run 'nowhere/layerbook': No such file or directory; name the program with"
            " --layerbook\n")
        _, errors = self.finish(self.start("book/t.md", "--workers", 1, "--cpus", 2), status=2)
        self.assertIn("error: --cpus is 2, and no machine of the cluster gives Ray more than 1\n", errors)


class CommandLineTests(unittest.TestCase):
    def refused(self, *words):
        # Without the packages that are installed, Ray among them.
        command = [sys.executable, "-I", "-S", HERE / "book_ray.py", *words]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        return done.stderr

    def test_numbers_have_a_least(self):
        for name in ("--workers", "--cpus", "--shards"):
            self.assertIn(f"{name}: needs a number from 1, found 0", self.refused(name, "0"))
        self.assertIn("--retries: needs a number from 0, found -1", self.refused("--retries=-1"))
        self.assertIn("--cpus: needs a whole number, found 'x'", self.refused("--cpus", "x"))

    def test_ray_is_asked_for(self):
        errors = self.refused("--retries", "0")
        self.assertIn("error: Ray is not installed", errors)
        self.assertNotIn("Traceback", errors)


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
        # Nothing of it is split or taken for a pattern.
        store = "a [shared] store *"
        command = ["sh", str(HERE / "book_slurm.sh"), "book/t.md", "--store", store, "--shards", "3"]
        # Twice: what stands under a condition is in the plan once the first round has decided it.
        for _ in range(2):
            done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stderr, r"the plan is in plan\.jsonl\.\w{6}\n$")
        self.assertWhole(store, page)
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, "nothing is missing\n"))
        # Each submission that has jobs has its own plan, and none takes the place of another one.
        plans = sorted(self.folder.glob("plan.jsonl.*"))
        self.assertEqual(len(plans), 2)
        environment["PLAN"] = plans[0].name
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"'{plans[0].name}' is there, and jobs may still read it", done.stderr)


if __name__ == "__main__":
    unittest.main()
