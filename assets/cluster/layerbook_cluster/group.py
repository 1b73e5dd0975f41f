"""The processes that work together: who this one is, and how it talks to the others."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import torch
import torch.distributed as dist

from .errors import ClusterError, UsageError

T = TypeVar("T")

# One process may have hours more to do than another.
PATIENCE = timedelta(hours=24)


@dataclass(frozen=True)
class Group:
    """One process among `size`; torchrun numbers them."""

    rank: int
    size: int
    device: torch.device

    @staticmethod
    def start(device: str) -> Group:
        """Joins the processes that torchrun started, or stands alone where none did.

        `device` is auto, cpu or cuda.
        """
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        if device == "cuda" and not torch.cuda.is_available():
            raise UsageError("no CUDA device is at hand", "leave --device out, or set it to cpu")
        place = torch.device(device)
        if device == "cuda":
            local = int(os.environ.get("LOCAL_RANK", 0))
            if local >= torch.cuda.device_count():
                raise UsageError(
                    f"process {local} of this node has no device: there are {torch.cuda.device_count()}",
                    "lower --nproc-per-node",
                )
            place = torch.device("cuda", local)
            torch.cuda.set_device(place)
            os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
            torch.use_deterministic_algorithms(True, warn_only=True)
        else:
            # Sums in another order on another number of threads are other bits.
            torch.set_num_threads(1)
        backend = "cpu:gloo,cuda:nccl" if device == "cuda" else "gloo"
        if "RANK" in os.environ:
            dist.init_process_group(backend, timeout=PATIENCE)
        else:
            dist.init_process_group(backend, store=dist.HashStore(), rank=0, world_size=1, timeout=PATIENCE)
        return Group(dist.get_rank(), dist.get_world_size(), place)

    @staticmethod
    @contextmanager
    def started(device: str) -> Iterator[Group]:
        """The same for as long as a context lasts."""
        group = Group.start(device)
        try:
            yield group
        finally:
            # A process that fails ends at once: it must not wait here for others that wait for it.
            if group.size == 1 or sys.exc_info()[0] is None:
                dist.destroy_process_group()

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    @property
    def kind(self) -> str:
        """What the first process computes on: other devices round otherwise."""
        if self.device.type != "cuda":
            return self.device.type
        return self.first(lambda: torch.cuda.get_device_name(self.device))

    def wait(self) -> None:
        """Until every process is here."""
        self.gather(None)

    def gather(self, value: T) -> list[T]:
        """Every process's value, by rank, in every process."""
        values: list[Any] = [None] * self.size
        dist.all_gather_object(values, value)
        return values

    def first(self, work: Callable[[], T]) -> T:
        """What the first process finds; all of them fail where it does."""
        result = self.first_alone(work)
        found: list[Any] = [result]
        dist.broadcast_object_list(found, src=0)
        return found[0]

    def first_alone(self, work: Callable[[], T]) -> T | None:
        """The same, which the first process keeps for itself; None in the others."""
        result, fault = None, [None]
        if self.is_first:
            try:
                result = work()
            except ClusterError as error:
                fault = [(str(error), isinstance(error, UsageError))]
        dist.broadcast_object_list(fault, src=0)
        if fault[0] is not None:
            message, is_usage = fault[0]
            raise UsageError(message) if is_usage else ClusterError(message, everywhere=True)
        return result
