"""What the Python tests share: where things are, the reference trajectories, how near is near enough, the README."""

import contextlib
import io
import json
import os
import re
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))

import ravine  # noqa: E402

LIBRARIES = Path(os.environ["RAVINE_TEST_LIBRARIES"]).resolve()
VECTORS = sorted((ROOT / "test" / "stdlib" / "vectors").glob("*.json"))


def library(name):
    """The compiled library of one standard optimizer, in the folder that RAVINE_TEST_LIBRARIES names."""
    return ravine.load(LIBRARIES / f"lib{name}.so")


def stages():
    """The sample library of test/runtime/core/SampleStages.h, which has numbers per tensor, metrics, views and exits."""
    return ravine.load(LIBRARIES.parent / "bin" / "tests" / "stages.so")


def composition():
    """The sample library of test/runtime/core/SampleComposition.h: precisions, schedules, exits, gradients set to 0."""
    return ravine.load(LIBRARIES.parent / "bin" / "tests" / "composition.so")


def groups():
    """The sample library of test/runtime/core/SampleGroups.h, whose rules speak of rows, columns, channels and blocks."""
    return ravine.load(LIBRARIES.parent / "bin" / "tests" / "groups.so")


def run_readme(headings):
    """Runs the Python blocks under some headings of python/README.md, one after another as a reader would type them, in
    a scratch folder with the standard libraries. Returns what they print and what their comments say they print."""
    sections = re.split(r"^## (.*)$", (ROOT / "python" / "README.md").read_text(), flags=re.MULTILINE)
    content = dict(zip(sections[1::2], sections[2::2], strict=True))
    code = "".join(block for heading in headings
                   for block in re.findall(r"^```python\n(.*?)^```$", content[heading], re.MULTILINE | re.DOTALL))
    printed = io.StringIO()
    start = os.getcwd()
    with tempfile.TemporaryDirectory() as scratch, contextlib.redirect_stdout(printed):
        for compiled in LIBRARIES.glob("lib*.so"):
            (Path(scratch) / compiled.name).symlink_to(compiled)
        os.chdir(scratch)
        try:
            exec(compile(code, "README.md", "exec"), {})
        finally:
            os.chdir(start)
    return printed.getvalue().splitlines(), re.findall(r"^ *print\(.*\)  # (.*)$", code, re.MULTILINE)


def reference(path):
    """A file of reference trajectories: its content, or None for a model of several tensors, which ReferenceTest runs."""
    content = json.loads(path.read_text())
    return None if "shapes" in content else content


class RoundingBudget:
    """Says how far a float32 trajectory may be from the float64 one: as far as test/e2e/ReferenceTest.cpp allows.

    A step rounds the new weight once and the update a few times; each rounding is at most 2^-24 of what is rounded, which
    the largest of the weights at the ends and the distance travelled bound together.
    """

    ROUNDINGS = 4

    def __init__(self, w0):
        self.start = self.previous = w0
        self.travelled = np.zeros_like(w0)
        self.steps = 0

    def after(self, w):
        """The budget of each element after the next step, which leads to the weights `w`."""
        self.travelled = self.travelled + np.abs(w - self.previous)
        self.previous = w
        self.steps += 1
        reached = np.maximum(np.abs(w), np.abs(self.start)) + self.travelled
        return self.ROUNDINGS * self.steps * 2.0 ** -24 * reached
