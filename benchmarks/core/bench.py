"""The core job of this package beside DuckDB and polars, interleaved, every cell compared.

    python benchmarks/core/bench.py [--size county] [--size province] [--size nation] [--runs 5] [--data DIR]

Sizes: county 30 accounts and 10,000 posts, province 5,000 and 1 M, nation 100,000 and 10 M. Needs `../shared/peers`
beside the repository and the extra `benchmarks`. Prints times without imports, ratios to the fastest of DuckDB and polars
(each figure to the lowest of theirs), CPU seconds, peak RSS. Every round begins with another job.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

HERE = Path(__file__).resolve().parent
UNCOMPARED = ["xmt-whole"]  # another, larger task: the peers have no table to compare it with
PEERS = HERE.parents[2] / "shared" / "peers"
SIZES = {"county": (30, 10_000), "province": (5_000, 1_000_000), "nation": (100_000, 10_000_000)}
JOBS: dict[str, list[str | Path]] = {
    "xmt-facts": [HERE / "job_xmt.py", "facts"],
    "xmt-engine": [HERE / "job_xmt.py", "engine"],
    "xmt-whole": [HERE / "job_whole.py"],
    "duckdb": [PEERS / "job_duckdb.py"],
    "polars-steps": [PEERS / "job_polars.py", "steps"],
    "polars-lazy": [PEERS / "job_polars.py", "lazy"],
    "pandas-fast": [PEERS / "job_pandas.py", "fast"],
}


def run(name: str, data: Path, out: Path) -> dict[str, Any]:
    """One run in a process of its own."""
    script, *mode = JOBS[name]
    environment = {**os.environ, "POLARS_MAX_THREADS": "2"}
    words = [sys.executable, "-B", str(script), str(data), str(out / name), *map(str, mode)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, cwd=PEERS, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {**json.loads(done.stdout.splitlines()[-1]), "cpu": cpu}


def measure(size: str, runs: int, folder: Path) -> bool:
    """All jobs on one size, `runs` times in turn; whether every cell is equal."""
    # named by its numbers, so that data made for other sizes never passes for this one
    data = folder / "-".join(map(str, (size, *SIZES[size])))
    out = data.with_name(f"{data.name}-out")
    if not (data / "ready").exists():
        # in a process of its own: a child's peak memory starts at its parent's
        subprocess.run([sys.executable, "-B", HERE / "make_data.py", data, *map(str, SIZES[size])], check=True)
    lines: dict[str, list[dict[str, Any]]] = {name: [] for name in JOBS}
    names = list(JOBS)
    for number in range(runs):  # each round begins with another job, so that none always follows the same one's noise
        for name in names[number % len(names) :] + names[: number % len(names)]:
            lines[name].append(run(name, data, out))
    others = [name for name in JOBS if name not in ("duckdb", *UNCOMPARED)]
    compared = subprocess.run(
        [sys.executable, "-B", PEERS / "compare.py", *(out / name for name in ["duckdb", *others])],
        capture_output=True, text=True, encoding="utf-8", check=True,
    ).stdout.splitlines()  # fmt: skip
    is_equal = len(compared) == 3 * len(others) and all(line.startswith("equal") for line in compared)
    n_accounts, n_posts = (pq.read_metadata(data / f"{name}.parquet").num_rows for name in ("accounts", "posts"))
    load = os.getloadavg()[0]
    print(f"\n{size}: {n_accounts:,} accounts, {n_posts:,} posts, {runs} runs; cells equal: {is_equal}; load {load:.1f}")
    print("\n".join(line for line in compared if not line.startswith("equal")))
    print("| job | median s | min–max s | ratio of medians | ratio of minima | ratio of CPU | CPU s, imports too | peak RSS MiB | parts, median s |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    totals = {name: [line["total"] for line in found] for name, found in lines.items()}
    cpu = {name: statistics.median(line["cpu"] for line in found) for name, found in lines.items()}
    rivals = ("duckdb", "polars-steps", "polars-lazy")
    fastest = min(statistics.median(totals[name]) for name in rivals), min(min(totals[name]) for name in rivals)
    for name, found in lines.items():
        median = statistics.median(totals[name])
        parts = {key: statistics.median(line[key] for line in found) for key in found[0] if key not in ("job", "total", "rss_mib", "cpu")}
        rss = statistics.median(line["rss_mib"] for line in found)
        spoken = " · ".join(f"{key} {value:.2f}" for key, value in parts.items())
        ratios = (median / fastest[0], min(totals[name]) / fastest[1], cpu[name] / min(cpu[each] for each in rivals))
        print(
            f"| {name} | {median:.2f} | {min(totals[name]):.2f}–{max(totals[name]):.2f} | "
            + " | ".join(f"{ratio:.2f}" for ratio in ratios)
            + f" | {cpu[name]:.2f} | {rss:,.0f} | {spoken} |"
        )
    return is_equal


def main() -> None:
    """Parse the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", action="append", choices=list(SIZES), help="may be given several times; default county, province")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", type=Path, default=HERE.parent / "out", help="where generated data and results go")
    given = parser.parse_args()
    equal = [measure(size, given.runs, given.data.resolve()) for size in given.size or ["county", "province"]]
    sys.exit(0 if all(equal) else 1)


if __name__ == "__main__":
    main()
