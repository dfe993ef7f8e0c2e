#!/usr/bin/env python3
"""Runs every kind of test of a build and counts them together.

    test/run.py BUILD_DIRECTORY [--filter TEXT]

Kinds: GoogleTest programs (BUILD/bin/tests/*), lit tests (text in, text out) and Python's unittest. Prints each failure
with its output; the last line is "N passed, N failed". The exit status is 1 if anything failed or nothing ran.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent
PROCESSORS = len(os.sched_getaffinity(0))


class Tally:
    """What has passed and failed so far, printed as it comes."""

    def __init__(self):
        self.passed = 0
        self.failed = []

    def add(self, suite, passed, failures, seconds, output=""):
        self.passed += passed
        self.failed += [f"{suite}: {name}" for name in failures]
        mark = "FAILED" if failures else "ok" if passed else "SKIP"
        print(f"{mark:>6}  {suite:<40} {passed:>5} passed  {seconds:6.1f} s", flush=True)
        if failures:
            print(output.rstrip(), flush=True)


def run(command, **options):
    start = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **options)
    return done, time.monotonic() - start


def run_googletest(program, tally):
    with tempfile.TemporaryDirectory() as scratch:
        report = pathlib.Path(scratch) / "report.json"
        done, seconds = run([program, f"--gtest_output=json:{report}"], cwd=scratch)
        failures, passed = [], 0
        if report.exists():
            for suite in json.loads(report.read_text())["testsuites"]:
                for test in suite["testsuite"]:
                    if test["status"] != "RUN":
                        continue
                    if "failures" in test:
                        failures.append(f"{suite['name']}.{test['name']}")
                    else:
                        passed += 1
        if done.returncode != 0 and not failures:
            failures.append(f"exit status {done.returncode}")
        if passed == 0 and not failures:
            failures.append("ran no test")
    tally.add(program.name, passed, failures, seconds, done.stdout)


def run_lit(build, tally):
    report = build / "test" / "lit.json"
    report.unlink(missing_ok=True)
    command = ["lit", "-sv", "--output", report, build / "test"]
    environment = dict(os.environ)
    done, seconds = run(command, env=environment)
    failures, passed = [], 0
    if report.exists():
        for test in json.loads(report.read_text())["tests"]:
            if test["code"] in ("PASS", "XFAIL"):
                passed += 1
            elif test["code"] != "UNSUPPORTED":
                failures.append(test["name"])
    if done.returncode != 0 and not failures:
        failures.append(f"exit status {done.returncode}")
    tally.add("lit", passed, failures, seconds, done.stdout)


def run_unittest(module, build, tally):
    environment = dict(os.environ)
    environment["RAVINE_TEST_LIBRARIES"] = str(build / "stdlib")
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    # Debian's Python, which has Debian's NumPy.
    done, seconds = run(["/usr/bin/python3", module], env=environment)
    counted = re.search(r"^Ran (\d+) tests?", done.stdout, re.MULTILINE)
    skipped = re.search(r"skipped=(\d+)", done.stdout)
    failures = re.findall(r"^(?:FAIL|ERROR): (\S+)", done.stdout, re.MULTILINE)
    total = (int(counted.group(1)) if counted else 0) - (int(skipped.group(1)) if skipped else 0)
    if done.returncode != 0 and not failures:
        failures.append(f"exit status {done.returncode}")
    tally.add(module.name, total - len(failures), failures, seconds, done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--filter", default="", help="run only the suites whose name contains this")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    wanted = lambda name: arguments.filter in name

    tally = Tally()
    programs = sorted(
        path
        for path in (build / "bin" / "tests").iterdir()
        if path.suffix == "" and os.access(path, os.X_OK) and wanted(path.name)
    )
    with concurrent.futures.ThreadPoolExecutor(PROCESSORS) as pool:
        for future in [pool.submit(run_googletest, program, tally) for program in programs]:
            future.result()
    if wanted("lit"):
        run_lit(build, tally)
    for module in sorted((SOURCE / "test" / "python").glob("test_*.py")):
        if wanted(module.name):
            run_unittest(module, build, tally)

    if tally.failed:
        print("\nFailed:")
        for name in tally.failed:
            print(f"  {name}")
    print(f"\n{tally.passed} passed, {len(tally.failed)} failed")
    sys.exit(1 if tally.failed or tally.passed == 0 else 0)


if __name__ == "__main__":
    main()
