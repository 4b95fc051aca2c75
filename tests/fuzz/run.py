"""Runs hostile inputs through every reader: `python tests/fuzz/run.py --inputs 1000000 --seed 1 --workers 2`.

Input number N of a seed is always the same. What breaks a promise is kept under --out, a folder an input, with the bytes and
what was broken; `--only N` runs one input again and shows its traceback.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import multiprocessing
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fuzz import readers
from fuzz.oracle import Broken

#: Seconds of work that an input may take, and seconds that it may be waited for, whatever else the machine does.
LIMIT, PATIENCE = 10, 120
#: Of each thousand inputs, how many go through real files and folders.
ON_DISK = {"folder": 12, "contract": 5, "file system": 4, "native file": 8, "release": 0.5, "commands": 0.2}


class Slow(Exception):
    """An input took too long."""


def _too_slow(*_: object) -> None:
    raise Slow(f"more than {LIMIT} seconds of work, or {PATIENCE} of waiting")


def watch() -> None:
    """From now on an input that takes too long is broken off."""
    for name in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(name, _too_slow)


def _limit(work: float, wait: float) -> None:
    signal.setitimer(signal.ITIMER_PROF, work)
    signal.setitimer(signal.ITIMER_REAL, wait)


class Run:
    """Inputs of one seed, and what became of them."""

    def __init__(self, seed: str, home: Path, out: Path | None) -> None:
        self.seed, self.home, self.out = seed, home, out
        self.world = readers.World(home)
        self.memory = tuple(readers.names(self.world))
        self.counts: Counter[str] = Counter()
        self.slowest: tuple[float, int, str] = (0.0, -1, "")
        self.failures: list[str] = []

    def one(self, number: int) -> None:
        """Input `number`: counted, and kept where it breaks a promise."""
        chance = Random(f"{self.seed}:{number}")  # noqa: S311 -- the same input each time
        reader = self._reader(chance)
        start = time.process_time()
        _limit(LIMIT, PATIENCE)
        try:
            kind, (how, codes) = self._answer(reader, chance)
        except BaseException as error:
            _limit(0, 0)
            if isinstance(error, KeyboardInterrupt):
                raise
            self._failed(number, reader, error)
            kind, how, codes = "?", "broken", set()
        finally:
            _limit(0, 0)
        self.slowest = max(self.slowest, (time.process_time() - start, number, f"{reader}, {kind}"))
        self.counts.update([f"reader {reader}: {how}", f"kind {kind}: {how}", f"all: {how}", *(f"code {code}" for code in codes)])

    def _reader(self, chance: Random) -> str:
        at = chance.random() * 1000
        for name, share in ON_DISK.items():
            if at < share:
                return name
            at -= share
        return chance.choice(self.memory)

    def _answer(self, reader: str, chance: Random) -> tuple[str, readers.Answer]:
        if reader in readers.ON_DISK:
            make, known = readers.ON_DISK[reader]
            kind = chance.choice(known)
            files, judge = make(self.world, chance, kind)
            return kind, self._on_disk(files, judge)
        if reader == "text":
            kind = chance.choice(list(readers.kinds.DAMAGES))
            self.data: Any = readers.damaged(chance, self.world.tiny["raw/one.txt"], kind)
            return kind, readers.read_text(self.world, reader, self.data)
        kind = chance.choice(readers.KINDS)
        self.data = readers.damaged(chance, self.world.lines[reader], kind)
        return kind, readers.read_lines(self.world, reader, self.data)

    def _on_disk(self, files: readers.Files, judge: Any) -> readers.Answer:
        root = self.home / "case" / "corpus"
        shutil.rmtree(root.parent, ignore_errors=True)
        self.data = root
        readers.write_files(root, files)
        return judge(root)  # type: ignore[no-any-return]

    def _failed(self, number: int, reader: str, error: BaseException) -> None:
        words = traceback.format_exc()
        last = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__} {str(error)[:150] if isinstance(error, Broken) else f'{Path(last.filename).name}:{last.lineno}'}"
        self.failures.append(f"{number} {reader}: {what}")
        if self.out is None:
            return
        kept = self.out / f"{self.seed}-{number}"
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        (kept / "broken.txt").write_text(f"input {number} of seed {self.seed}, {reader}\n{words}", "utf-8", "backslashreplace")
        if isinstance(self.data, Path):
            shutil.copytree(self.data, kept / "input", symlinks=True, ignore=_pipes)
        else:
            (kept / "input").write_bytes(self.data)

    def figures(self) -> dict[str, Any]:
        """What became of the inputs so far."""
        return {"counts": self.counts, "slowest": self.slowest, "failures": self.failures}


def _pipes(folder: Any, names: list[str]) -> list[str]:
    return [name for name in names if (Path(folder) / name).is_fifo()]


def report(figures: list[dict[str, Any]]) -> Iterator[str]:
    """The figures of all workers, for people."""
    counts: Counter[str] = sum((Counter(one["counts"]) for one in figures), Counter())
    for part, title in (("all", "inputs"), ("reader", "readers"), ("kind", "kinds of damage"), ("code", "codes")):
        yield f"\n{title}"
        yield from (
            f"  {count:>9,}  {name.removeprefix(part).lstrip(': ')}" for name, count in sorted(counts.items()) if name.startswith(part)
        )
    seconds, number, where = max(tuple(one["slowest"]) for one in figures)
    yield f"\nslowest: {seconds:.2f} s, input {number} ({where})"
    failures = [failure for one in figures for failure in one["failures"]]
    yield f"broken promises: {len(failures)}"
    yield from (f"  {failure}" for failure in failures[:200])


def work(arguments: argparse.Namespace, worker: int, first: int) -> None:
    """A worker: every so many inputs from `first` on; its figures so far lie in a file of its own."""
    faulthandler.dump_traceback_later(600, repeat=True)
    watch()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as home:
        run = Run(arguments.seed, Path(home), arguments.out)
        state = arguments.out / f"worker-{worker}-{first}.json"
        for number in range(first, arguments.inputs, arguments.workers):
            (arguments.out / f"now-{worker}").write_text(str(number), encoding="utf-8")
            run.one(number)
            if (number // arguments.workers) % 2000 == 0:
                state.write_text(json.dumps(run.figures()), encoding="utf-8")
        state.write_text(json.dumps(run.figures()), encoding="utf-8")


def _watched(arguments: argparse.Namespace) -> list[str]:
    """Runs the workers; one that dies goes on behind the input that killed it, which is told."""
    dead = []
    context = multiprocessing.get_context("spawn")
    running = {worker: context.Process(target=work, args=(arguments, worker, worker)) for worker in range(arguments.workers)}
    for process in running.values():
        process.start()
    start = told = time.monotonic()
    while running:
        time.sleep(0.5)
        for worker, process in list(running.items()):
            if process.is_alive():
                continue
            del running[worker]
            if process.exitcode:
                number = int((arguments.out / f"now-{worker}").read_text("utf-8"))
                dead.append(f"{number}: the process died ({process.exitcode})")
                running[worker] = context.Process(target=work, args=(arguments, worker, number + arguments.workers))
                running[worker].start()
        if time.monotonic() - told > 60:
            told = time.monotonic()
            print(f"\n--- after {told - start:.0f} s", *report(_states(arguments.out)), sep="\n", flush=True)
    return dead


def _states(out: Path) -> list[dict[str, Any]]:
    nothing = {"counts": {}, "slowest": (0.0, -1, ""), "failures": []}
    return [nothing, *(json.loads(path.read_text("utf-8")) for path in sorted(out.glob("worker-*.json")))]


def main() -> int:
    """The command line; 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "qantar-fuzz")
    parser.add_argument("--only", type=int)
    arguments = parser.parse_args()
    shutil.rmtree(arguments.out, ignore_errors=True)
    arguments.out.mkdir(parents=True)
    if arguments.only is not None:
        watch()
        with tempfile.TemporaryDirectory() as home:
            run = Run(arguments.seed, Path(home), arguments.out)
            run.one(arguments.only)
        kept = arguments.out / f"{arguments.seed}-{arguments.only}" / "broken.txt"
        print(kept.read_text("utf-8") if kept.is_file() else f"fine: {dict(run.counts)}")
        return len(run.failures)
    start = time.monotonic()
    dead = _watched(arguments)
    figures = _states(arguments.out)
    print(
        f"\n=== {arguments.inputs:,} inputs of seed {arguments.seed} in {time.monotonic() - start:.0f} s", *report(figures), *dead, sep="\n"
    )
    print(f"reproducers: {arguments.out}")
    return int(bool(dead or any(one["failures"] for one in figures)))


if __name__ == "__main__":
    raise SystemExit(main())
