"""The command line."""

from __future__ import annotations

import argparse
import math
import os
import sys
from pathlib import Path
from typing import NoReturn

from .dataset import Dataset
from .errors import ClusterError, UsageError

EXAMPLES = """\
examples:
  torchrun --nproc-per-node 8 -m layerbook_cluster capture --model ./llama-8b --dataset texts.jsonl \\
    --position all --out states/
  torchrun --nproc-per-node 8 -m layerbook_cluster distill --model ./llama-8b --dataset texts.jsonl \\
    --settings settings.json --out settled/
  layerbook-cluster capture --model ./gpt2 --dataset texts.txt --position last --texts 1000 --out states/
"""

CAPTURE = """\
Writes the states h_0 … h_L of a corpus as `layerbook capture` does, into a folder that a book names with `states:`.
Started again with the same options, by any number of processes, it runs what is missing and nothing else.

examples:
  torchrun --nproc-per-node 8 -m layerbook_cluster capture --model ./llama-8b --dataset texts.jsonl \\
    --position last --out states/
  torchrun --nproc-per-node 8 -m layerbook_cluster capture --model ./llama-8b --dataset texts.csv --field sentence \\
    --position all --max-tokens 1024 --precision bfloat16 --out states/
  torchrun --nproc-per-node 1 -m layerbook_cluster capture --model ./llama-70b --spread --dataset texts.jsonl \\
    --position last --out states/
"""


DISTILL = """\
Trains the self-distillation loss as `layerbook distill` does, the weights laid over all processes (FSDP): each layer's
prediction is pulled towards the output of the model as it was (L1), each layer's movement towards nothing (L2). The
folder is an ordinary checkpoint in F32. Ctrl-C leaves the checkpoint of the last step and what --resume needs to go on
to the same bits, with as many processes.

examples:
  torchrun --nproc-per-node 8 -m layerbook_cluster distill --model ./llama-8b --dataset texts.jsonl \\
    --settings settings.json --out settled/
  torchrun --nproc-per-node 8 -m layerbook_cluster distill --model ./llama-8b --dataset texts.jsonl \\
    --settings settings.json --precision bfloat16 --together 2 --recompute --out settled/
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong once, not once for every process."""

    def error(self, message: str) -> NoReturn:
        if _is_first_of_node():
            self.print_usage(sys.stderr)
            print(f"error: {message}", file=sys.stderr)
        sys.exit(2)


def main() -> NoReturn:
    """The program: 0 done, 1 failed, 2 a wrong command line or settings file, 130 stopped by a signal."""
    code = run(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Others may wait for a process that failed: nothing of it must stay behind.
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Does what a command line asks for; the code to end with."""
    try:
        options = _parser().parse_args(arguments)
        return options.run(options)
    except SystemExit as exit:
        return int(exit.code or 0)
    except ClusterError as error:
        if _is_first_of_node() or not error.everywhere:
            print(f"error: {_rank()}{error}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    except OSError as error:
        print(f"error: {_rank()}{error}", file=sys.stderr)
        return 1
    except MemoryError:
        return _out_of_memory()
    except RuntimeError as error:
        if "out of memory" not in str(error):
            raise
        return _out_of_memory()
    except KeyboardInterrupt:
        return 130


def _out_of_memory() -> int:
    hint = "lower --batch (capture) or --together (distill), give distill --recompute, or start more processes"
    print(f"error: {_rank()}out of memory; {hint}", file=sys.stderr)
    return 1


def _is_first_of_node() -> bool:
    """What all processes find wrong is said once to a node: each may see other files."""
    return os.environ.get("LOCAL_RANK", "0") == "0"


def _rank() -> str:
    return f"process {os.environ['RANK']}: " if os.environ.get("WORLD_SIZE", "1") != "1" else ""


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="layerbook-cluster",
        description="Hidden states and self-distillation past one machine, in Layerbook's formats.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    _add_capture(commands)
    _add_distill(commands)
    return parser


def _add_capture(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "capture",
        help="write the hidden states of a corpus",
        description=CAPTURE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_inputs(command)
    command.add_argument(
        "--position", required=True, choices=("last", "eos", "random", "mask", "all"), help="which token of each text"
    )
    command.add_argument("--texts", type=_count, help="how many texts: the first n usable ones; default: all")
    command.add_argument("--max-tokens", type=_count, default=128, help="where a text is cut (default: 128)")
    command.add_argument("--seed", type=_seed, default=42, help="the seed of positions that are drawn (default: 42)")
    command.add_argument("--out", required=True, type=Path, help="the folder to write, or to go on with")
    command.add_argument("--batch", type=_count, default=16, help="texts that run together (default: 16)")
    command.add_argument(
        "--part-texts", type=_count, default=256, help="texts of a part, the least that is run again (default: 256)"
    )
    command.add_argument(
        "--spread", action="store_true", help="lay the model over all devices that a process sees, by accelerate"
    )
    _add_machine(command)
    command.set_defaults(run=_capture)


def _add_distill(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "distill",
        help="train a model's hidden states to settle",
        description=DISTILL,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_inputs(command)
    command.add_argument(
        "--settings",
        type=Path,
        metavar="FILE",
        help="JSON, as `layerbook distill --settings` reads it; default: its defaults",
    )
    command.add_argument("--out", required=True, type=Path, help="the folder to write; not there yet, or empty")
    command.add_argument(
        "--resume", action="store_true", help="go on with the run whose state stands in --out; all else as it was"
    )
    command.add_argument(
        "--together",
        type=_count,
        help="windows of a process that run together, the rest after them; default: all of a step",
    )
    command.add_argument(
        "--recompute", action="store_true", help="keep of each block its input alone and run it again: less memory"
    )
    command.add_argument(
        "--save-every", type=_positive, default=30, metavar="MINUTES", help="save again and again (default: 30)"
    )
    _add_machine(command)
    command.set_defaults(run=_distill)


def _add_inputs(command: argparse.ArgumentParser) -> None:
    command.add_argument("--model", required=True, type=Path, metavar="DIR", help="a checkpoint folder")
    command.add_argument("--model-name", metavar="NAME", help="what the metadata call it (default: the folder)")
    command.add_argument("--dataset", required=True, metavar="FILE", help="a file of texts")
    command.add_argument("--dataset-name", metavar="NAME", help="what the metadata call it (default: the file)")
    command.add_argument(
        "--format", choices=("lines", "text", "json", "jsonl", "csv", "tsv"), help="default: as the file's name says"
    )
    command.add_argument("--field", default="text", help="the field or column that holds the text (default: text)")
    command.add_argument("--take", type=_count, help="only the first so many texts, after shuffling")
    command.add_argument("--shuffle", type=int, metavar="SEED", help="shuffle the texts; default: the file's order")


def _add_machine(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--precision",
        choices=("float32", "tf32", "bfloat16"),
        default="float32",
        help="float32 (default) equals layerbook's own numbers; the others are faster on a GPU and do not",
    )
    command.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto", help="default: CUDA where it is")
    command.add_argument(
        "--peak", type=_positive, metavar="TFLOPS", help="what a device can do at most, where its name does not tell"
    )


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"needs a whole number, found '{text}'") from None


def _count(text: str) -> int:
    value = _whole(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"needs a number above 0, found {value}")
    return value


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"needs a number, found '{text}'") from None
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"needs a finite number above 0, found {text}")
    return value


def _seed(text: str) -> int:
    value = _whole(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"needs a number of 0 or above, found {value}")
    return value


def _distill(options: argparse.Namespace) -> int:
    from .distill import DistillOptions, distill
    from .group import Group
    from .settings import Settings

    asked = DistillOptions(
        model=options.model,
        dataset=_dataset(options),
        settings=Settings.read(options.settings),
        out=options.out,
        resume=options.resume,
        together=options.together,
        recompute=options.recompute,
        minutes_between_saves=options.save_every,
        precision=options.precision,
        peak=options.peak,
    )
    with Group.started(options.device) as group:
        return distill(asked, group)


def _dataset(options: argparse.Namespace) -> Dataset:
    return Dataset.of(
        options.dataset, options.dataset_name, options.format, options.field, options.take, options.shuffle
    )


def _capture(options: argparse.Namespace) -> int:
    from .capture import CaptureOptions, capture
    from .group import Group

    if options.spread and os.environ.get("LOCAL_WORLD_SIZE", "1") != "1":
        raise UsageError("--spread takes all devices of a node for one process", "start it with --nproc-per-node 1")
    asked = CaptureOptions(
        model=options.model,
        model_name=options.model_name or str(options.model),
        dataset=_dataset(options),
        position=options.position,
        texts=options.texts,
        max_tokens=options.max_tokens,
        seed=options.seed,
        out=options.out,
        batch=options.batch,
        part_texts=options.part_texts,
        precision=options.precision,
        spread=options.spread,
        peak=options.peak,
    )
    with Group.started(options.device) as group:
        capture(asked, group)
    return 0
