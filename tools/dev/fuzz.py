"""Runs fuzz targets, each for a time, from its seeds in tests/corpus and from what earlier runs found of value.

usage: fuzz.py list [target...]                              the targets' names, all or the given ones
       fuzz.py run folder seconds result.xml target...       folder: where their programs are

Below build/fuzzing each target has `corpus` (what grew, to start from next time), `findings` (inputs that broke it)
and `output`. Exit status 1 when a target broke, could not run, or ran nothing.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "tests" / "corpus"
WORK = ROOT / "build" / "fuzzing"
# Of one input. What takes longer or more is a finding, as a crash is.
INPUT_SECONDS = 20
MEMORY_MB = 2048
# A target that has not ended by itself so long after its time is ended.
GRACE_SECONDS = 120


@dataclass
class Run:
    """How a target's time was spent."""

    target: str
    seconds: int
    executions: int = 0
    features: int = 0
    fault: str = ""  # empty: nothing was found
    findings: list = field(default_factory=list)


def declared_targets(root=ROOT):
    """The names that the CMake files declare."""
    files = [*root.glob("src/**/CMakeLists.txt"), *root.glob("tests/**/CMakeLists.txt")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return sorted(re.findall(r"^fansipan_fuzzer\((\w+)", text, re.MULTILINE))


def choose(wanted, declared):
    unknown = [name for name in wanted if name not in declared]
    if unknown:
        raise SystemExit(f"no fuzz target {', '.join(unknown)}; there are: {' '.join(declared)}")
    return wanted or declared


def command_of(program, seconds, work, seeds):
    return [str(program), f"-max_total_time={seconds}", f"-timeout={INPUT_SECONDS}",
            f"-rss_limit_mb={MEMORY_MB}", "-print_final_stats=1",
            f"-artifact_prefix={work / 'findings'}/", str(work / "corpus"), str(seeds)]


def environment():
    """Stacks with names, where the symbolizer is installed under its version's name alone."""
    found = dict(os.environ)
    symbolizer = shutil.which("llvm-symbolizer-14")
    if symbolizer:
        found.setdefault("ASAN_SYMBOLIZER_PATH", symbolizer)
    return found


def fault_of(status, output, executions):
    """What went wrong, in a few words."""
    if status != 0:
        told = re.search(r"(?:ERROR|SUMMARY): ((?:AddressSanitizer|LeakSanitizer|libFuzzer): .*)", output)
        return told.group(1).strip() if told else f"ended with status {status}"
    return "" if executions else "ran no input"


def run_target(folder, target, seconds):
    work = WORK / target
    seeds = SEEDS / target
    for name in ("corpus", "findings"):
        (work / name).mkdir(parents=True, exist_ok=True)
    run = Run(target, seconds)
    if not seeds.is_dir() or not any(seeds.iterdir()):
        run.fault = f"has no seeds in {shown(seeds)}"
        return run
    begun = time.time()
    with open(work / "output", "wb") as output:
        try:
            status = subprocess.run(command_of(Path(folder) / target, seconds, work, seeds), stdin=subprocess.DEVNULL,
                                    stdout=output, stderr=subprocess.STDOUT, env=environment(), check=False,
                                    timeout=seconds + GRACE_SECONDS).returncode
        except OSError as error:
            status, run.fault = None, f"cannot be started: {error.strerror}"
        except subprocess.TimeoutExpired:
            status, run.fault = None, f"did not end within {GRACE_SECONDS} s after its time"
    text = (work / "output").read_text(encoding="utf-8", errors="replace")
    executions = re.search(r"stat::number_of_executed_units:\s+(\d+)", text)
    features = re.findall(r"\bft: (\d+)", text)
    run.executions = int(executions.group(1)) if executions else 0
    run.features = int(features[-1]) if features else 0
    run.fault = run.fault or fault_of(status, text, run.executions)
    run.findings = [path for path in sorted((work / "findings").iterdir()) if path.stat().st_mtime >= begun - 1]
    return run


def lines_of(run, folder):
    """What people read of it; of a fault also how to see it again."""
    yield (f"{run.target:24} {run.executions:>12,} executions in {run.seconds} s, {run.features:,} features: "
           + (run.fault or "nothing found"))
    if not run.fault:
        return
    yield f"  output: {shown(WORK / run.target / 'output')}"
    for finding in run.findings:
        yield f"  again:  {shown(Path(folder) / run.target)} {shown(finding)}"
    if run.findings:
        yield f"  mended: keep the input as a seed, tests/corpus/{run.target}/, named after what it shows"


def shown(path):
    return os.path.relpath(path, ROOT)


def write_results(runs, path):
    suite = ElementTree.Element("testsuite", name="fuzz")
    for run in runs:
        case = ElementTree.SubElement(suite, "testcase", name=f"fuzz.{run.target}", status="run")
        if run.fault:
            ElementTree.SubElement(case, "failure", message=run.fault)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(suite).write(path, encoding="unicode")


def run_all(folder, seconds, result, targets):
    jobs = int(os.environ.get("FANSIPAN_JOBS") or os.cpu_count() or 1)
    with ThreadPoolExecutor(jobs) as pool:
        runs = []
        for run in pool.map(lambda target: run_target(folder, target, seconds), targets):
            print(*lines_of(run, folder), sep="\n", flush=True)
            runs.append(run)
    write_results(runs, result)
    broken = sum(bool(run.fault) for run in runs)
    print(f"fuzz: {len(runs) - broken} targets without a finding, {broken} with one, "
          f"{sum(run.executions for run in runs):,} executions")
    return 1 if broken or not runs else 0


def main():
    command, *words = sys.argv[1:]
    if command == "list":
        print(*choose(words, declared_targets()), sep="\n")
        return 0
    folder, seconds, result, *targets = words
    return run_all(folder, int(seconds), result, choose(targets, declared_targets()))


if __name__ == "__main__":
    sys.exit(main())
