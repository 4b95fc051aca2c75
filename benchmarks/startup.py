"""How long the command line and the import take to answer, beside a bare interpreter. Run: python benchmarks/startup.py."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15
CASES = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import qantar": [sys.executable, "-c", "import qantar"],
    "qantar --help": [sys.executable, "-m", "qantar", "--help"],
}


def median_seconds(command: list[str]) -> float:
    """Median wall time of the command, after one warm-up."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main() -> None:
    """Prints medians and their ratio to the bare interpreter, measured in turn in one run."""
    found = {name: median_seconds(command) for name, command in CASES.items()}
    bare = found["python -c pass"]
    for name, seconds in found.items():
        print(f"{name:<16} {seconds:.3f} s  {seconds / bare:.1f} x")


if __name__ == "__main__":
    main()
