"""Where things are, and how the program is run on one and on two processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

CLUSTER = Path(__file__).parent.parent
ROOT = CLUSTER.parent.parent
FIXTURES = ROOT / "Tests" / "Fixtures"
MODELS = ROOT / "assets" / "models"
TEXTS = ROOT / "assets" / "texts"

sys.path.insert(0, str(CLUSTER))


def program() -> str | None:
    """The native program, which some tests compare with; LAYERBOOK names another one."""
    path = os.environ.get("LAYERBOOK", str(ROOT / ".build" / "release" / "layerbook"))
    return path if os.access(path, os.X_OK) else None


needs_program = pytest.mark.skipif(program() is None, reason="layerbook is not built")


def layerbook(*arguments: object, book: object = "none") -> str:
    """Runs the native program, without a book unless one is given; what it prints."""
    command = [program(), arguments[0], "--book", book, "--store", "none", *arguments[1:]]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def two_processes(*arguments: object) -> subprocess.Popen:
    """Starts the package, or a file of Python, on two processes that talk by gloo."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--master-port", port]
    environment = os.environ | {"PYTHONPATH": str(CLUSTER), "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    return subprocess.Popen(
        [str(part) for part in [*torchrun, *arguments]],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def on_two_processes(*arguments: object) -> str:
    """The same, waited for; what it prints."""
    process = two_processes(*arguments)
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    return out
