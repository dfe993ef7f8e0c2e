"""Compares, for each optimizer of a report of `ravine explain --json`, the bytes that its sweeps move with the least that an
exhaustive search finds."""

import json
import sys

report = json.load(sys.stdin)
apart = [f'{one["name"]}: {one["bytes_per_param"]} bytes, {one["lower_bound"]} would do'
         for one in report if one["bytes_per_param"] != one["lower_bound"]]
several = sum(len(one["sweep_details"]) > 1 for one in report)
print(f"{len(report)} optimizers, {several} of several sweeps, {len(apart)} above the bound", *apart, sep="\n")
