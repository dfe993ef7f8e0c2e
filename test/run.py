#!/usr/bin/env python3
"""Runs every kind of test of a build and counts them together.

    test/run.py BUILD_DIRECTORY [--filter TEXT]

Kinds: GoogleTest programs (BUILD/bin/tests/*), text tests (lit), Python's unittest, and the format of the C++ sources.
Prints each failure with its output, and for each test that is skipped why, and how to run it; the last line is
"N passed, N failed", with ", N skipped" if any were. The exit status is 1 if anything failed or nothing ran.

RAVINE_TORCH_PYTHON names a Python that has PyTorch and NumPy; without it, test_torch.py runs where Debian's Python has
them.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent
PROCESSORS = len(os.sched_getaffinity(0))
# Debian's Python, which has Debian's NumPy.
PYTHON = "/usr/bin/python3"
# Debian's MLIR is not instrumented: what it unpoisons, the sanitizer does not hear of.
os.environ.setdefault("ASAN_OPTIONS", "allow_user_poisoning=0")
# For each process, in seconds. The exhaustive tests take most of an hour.
TIMEOUT = (180 if os.environ.get("RAVINE_EXHAUSTIVE") else 20) * 60


class Tally:
    """What has passed, failed and been skipped so far, printed as it comes."""

    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = 0

    def add(self, suite, passed, failures, seconds, output=""):
        self.passed += passed
        self.failed += [f"{suite}: {name}" for name in failures]
        if passed or failures:
            mark = "FAILED" if failures else "ok"
            print(f"{mark:>6}  {suite:<40} {passed:>5} passed  {seconds:6.1f} s", flush=True)
        if failures:
            print(output.rstrip(), flush=True)

    def skip(self, suite, count, reason):
        self.skipped += count
        print(f"{'SKIP':>6}  {suite:<40} {count:>5} skipped  {reason}", flush=True)

    def summary(self):
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {len(self.failed)} failed{skipped}"


class Outcome:
    """How a process ended: its output, how long it took, and what is wrong with its end, if anything."""

    def __init__(self, command, **options):
        start = time.monotonic()
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, errors="replace", start_new_session=True, **options) as process:
            try:
                self.output, _ = process.communicate(timeout=TIMEOUT)
                status = process.returncode
                self.fault = None if status == 0 else f"exit status {status}" if status > 0 else f"signal {-status}"
            except BaseException as stop:
                # What it started itself goes with it; otherwise that would keep the pipe open.
                os.killpg(process.pid, signal.SIGKILL)
                if not isinstance(stop, subprocess.TimeoutExpired):
                    raise
                self.output, _ = process.communicate()
                self.fault = f"killed after {TIMEOUT} s"
        self.seconds = time.monotonic() - start


def run_googletest(program, tally):
    with tempfile.TemporaryDirectory() as scratch:
        report = pathlib.Path(scratch) / "report.json"
        done = Outcome([program, f"--gtest_output=json:{report}"], cwd=scratch)
        tests = json.loads(report.read_text())["testsuites"] if report.exists() else []
    failures, passed, skipped = [], 0, 0
    for test in (test for suite in tests for test in suite["testsuite"] if test["status"] == "RUN"):
        if "failures" in test:
            failures.append(f"{test['classname']}.{test['name']}")
        elif test["result"] == "SKIPPED":
            skipped += 1
        else:
            passed += 1
    if done.fault and not failures:
        failures.append(done.fault)
    if not passed and not skipped and not failures:
        failures.append("ran no test")
    tally.add(program.name, passed, failures, done.seconds, done.output)
    if skipped:
        reasons = collections.Counter(re.findall(r": Skipped\n(.*)\n", done.output))
        tally.skip(program.name, skipped, "; ".join(reasons))


def run_lit(build, filter, tally):
    bindir = subprocess.run(["llvm-config-22", "--bindir"], stdout=subprocess.PIPE, text=True).stdout.strip()
    report = build / "test" / "lit.json"
    report.unlink(missing_ok=True)
    command = [pathlib.Path(bindir) / "lit", "-sv", "--output", report, build / "test"]
    if filter:
        command += ["--allow-empty-runs", "--filter", re.escape(filter)]
    done = Outcome(command)
    tests = json.loads(report.read_text())["tests"] if report.exists() else []
    codes = [(test["code"], test["name"]) for test in tests]
    passed = sum(code in ("PASS", "XFAIL") for code, _ in codes)
    unsupported = [name for code, name in codes if code == "UNSUPPORTED"]
    failures = [name for code, name in codes if code not in ("PASS", "XFAIL", "UNSUPPORTED", "EXCLUDED", "SKIPPED")]
    if done.fault and not failures:
        failures.append(done.fault)
    tally.add("lit", passed, failures, done.seconds, done.output)
    if unsupported:
        tally.skip("lit", len(unsupported), "their REQUIRES line says what they need: " + ", ".join(unsupported))


def run_unittest(module, build, tally):
    environment = dict(os.environ)
    environment["RAVINE_TEST_LIBRARIES"] = str(build / "stdlib")
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    python = os.environ.get("RAVINE_TORCH_PYTHON", PYTHON) if module.name.startswith("test_torch") else PYTHON
    done = Outcome([python, module], env=environment)
    counted = re.search(r"^Ran (\d+) tests?", done.output, re.MULTILINE)
    lacking = re.search(r"^SKIP: (.*)", done.output, re.MULTILINE)
    failures = sorted(set(re.findall(r"^(?:FAIL|ERROR): (\S+)", done.output, re.MULTILINE)))
    passed = int(counted.group(1)) - len(failures) if counted else 0
    if done.fault and not failures:
        failures.append(done.fault)
    if lacking and not failures:
        tally.skip(module.name, 1, lacking.group(1))
        return
    if not passed and not failures:
        failures.append("ran no test")
    tally.add(module.name, passed, failures, done.seconds, done.output)


def run_format(tally):
    if not shutil.which("clang-format-22"):
        tally.skip("format", 1, "clang-format-22 is not installed: apt-get install clang-format-22")
        return
    listing = ["git", "ls-files", "*.cpp", "*.h", "*.hpp", "*.c"]
    listed = subprocess.run(listing, cwd=SOURCE, stdout=subprocess.PIPE, text=True).stdout.split()
    present = [name for name in listed if (SOURCE / name).exists()]
    if not present:
        tally.skip("format", 1, "git lists no sources: this is not a checkout")
        return
    done = Outcome(["clang-format-22", "--dry-run", "--Werror", *present], cwd=SOURCE)
    unformatted = sorted(set(re.findall(r"^([^:\n]+):\d+:\d+: error", done.output, re.MULTILINE)))
    failures = [", ".join(unformatted) or done.fault] if done.fault else []
    tally.add("format", int(not failures), failures, done.seconds,
              "./dev format mends this." if unformatted else done.output)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--filter", default="", help="run only the suites, or text tests, whose name contains this")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    wanted = lambda name: arguments.filter in name

    programs = build / "bin" / "tests"
    if not programs.is_dir():
        parser.error(f"{programs} does not exist: build first, with ./dev build")
    tally = Tally()
    programs = sorted(
        path for path in programs.iterdir() if path.suffix == "" and os.access(path, os.X_OK) and wanted(path.name)
    )
    with concurrent.futures.ThreadPoolExecutor(PROCESSORS) as pool:
        for future in [pool.submit(run_googletest, program, tally) for program in programs]:
            future.result()
    run_lit(build, "" if wanted("lit") else arguments.filter, tally)
    for module in sorted((SOURCE / "test" / "python").glob("test_*.py")):
        if wanted(module.name):
            run_unittest(module, build, tally)
    if wanted("format"):
        run_format(tally)

    if tally.failed:
        print("\nFailed:")
        for name in tally.failed:
            print(f"  {name}")
    print(f"\n{tally.summary()}")
    sys.exit(1 if tally.failed or tally.passed == 0 else 0)


if __name__ == "__main__":
    main()
