"""The table of stdlib/README.md: every entry of the standard library with what it keeps and what a step costs.

    shelf_table.py RAVINE STDLIB            rewrites the table
    shelf_table.py RAVINE STDLIB --check    fails if it is not what it should be

What an entry is comes from its documentation, what it keeps from its declarations, what it costs from `ravine explain`.
"""

import difflib
import json
import re
import subprocess
import sys
from pathlib import Path

BEGIN, END = "<!-- table: test/stdlib/shelf_table.py -->", "<!-- end of the table -->"
HEADER = ["| entry | what it is | states | bytes moved | sweeps |", "|---|---|---|---|---|"]


def summary(source):
    """The first sentence of the documentation, up to whose options the entry has."""
    lines = source.split("\n")
    sentence = " ".join(line[4:] for line in lines[:lines.index("///")]).rstrip(".")
    return re.sub(r", with (the options|every option) of [\w.]+$", "", sentence)


def states(source):
    """Names of the states, with what they have one number for where that is not the element, and optional ones in
    parentheses."""
    found = re.findall(r"^  state (\w+)(?: \[(\w+)\])?( when .+)? = ", source, re.MULTILINE)
    names = [(name + (f" per {index_set}" if index_set else ""), condition) for name, index_set, condition in found]
    return ", ".join(f"({name})" if condition else name for name, condition in names) or "none"


def span(values):
    """A default, and how far options can take it."""
    default, most = values[0], max(values)
    return str(default) if most <= default else f"{default} to {most}"


def row(ravine, file):
    source = file.read_text()
    told = subprocess.run([ravine, "explain", "--json", file], check=True, capture_output=True, text=True).stdout
    traffic = json.loads(told)[0]
    variants = [traffic, *traffic.get("variants", [])]
    moved = span([variant["bytes_per_param"] for variant in variants])
    cached = span([variant["bytes_cached"] for variant in variants])
    cost = moved if cached == moved else f"{moved}; {cached} in cache"
    sweeps = span([variant["sweeps"] for variant in variants])
    return f"| [`{file.stem}`](optimizers/{file.name}) | {summary(source)} | {states(source)} | {cost} | {sweeps} |"


def main():
    ravine, stdlib = sys.argv[1], Path(sys.argv[2])
    readme = stdlib / "README.md"
    text = readme.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    rows = [row(ravine, file) for file in sorted((stdlib / "optimizers").glob("*.rvn"))]
    wanted = before + "\n".join([BEGIN, *HEADER, *rows, END]) + after
    if "--check" not in sys.argv:
        readme.write_text(wanted)
    elif wanted != text:
        sys.exit("".join(difflib.unified_diff(text.splitlines(True), wanted.splitlines(True), "README.md", "wanted")))


if __name__ == "__main__":
    main()
