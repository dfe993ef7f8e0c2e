"""The tables of stdlib/README.md: every entry of the standard library with what it keeps and what a step costs.

    shelf_table.py RAVINE STDLIB            rewrites the tables
    shelf_table.py RAVINE STDLIB --check    fails if they are not what they should be

What an entry is comes from its documentation, what it has from its declarations, what it costs from `ravine explain`:
what is built from other optimizers, and what wraps them, around `sgd`, as what it costs more than that.
"""

import difflib
import itertools
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HEADERS = {
    "optimizers": ["| entry | what it is | states | bytes moved | sweeps |", "|---|---|---|---|---|"],
    "schedules": ["| entry | what it is | hypers, in order |", "|---|---|---|"],
    "transforms": ["| entry | what it does | hypers, in order | states | bytes moved more | sweeps |",
                   "|---|---|---|---|---|---|"],
    "penalties": ["| entry | what it is | hypers, in order | laws |", "|---|---|---|---|"],
    "sets": ["| entry | what it is | hypers, in order | laws |", "|---|---|---|---|"],
}


def summary(source):
    """The first sentence of the documentation, up to whose options the entry has."""
    declared = re.search(r"^(?:export )?(?:optimizer|penalty|schedule|set|transform) ", source, re.MULTILINE).start()
    above = re.search(r"(?:^///.*\n)+\Z", source[:declared], re.MULTILINE).group()
    lines = itertools.takewhile(lambda line: line.startswith("/// "), above.split("\n"))
    sentence = " ".join(line[4:] for line in lines).rstrip(".")
    return re.sub(r", with (the options|every option) of [\w.]+$", "", sentence)


def states(source):
    """Names of the states, with what they have one number for where that is not the element, and optional ones in
    parentheses."""
    found = re.findall(r"^  state (\w+)(?: \[(\w+)\])?(?: store \w+)?( when .+)? = ", source, re.MULTILINE)
    names = [(name + (f" per {index_set}" if index_set else ""), condition) for name, index_set, condition in found]
    return ", ".join(f"({name})" if condition else name for name, condition in names) or "none"


def hypers(source):
    """Names of the hypers with their defaults."""
    found = re.findall(r"^  hyper (\w+)(?: \[\w+\])?(?: : \w+(?:\(.*?\))?)? = (.+?)(?: in .+)?$", source, re.MULTILINE)
    return ", ".join(f"`{name} = {default}`" for name, default in found) or "none"


def span(values):
    """A default, and how far options can take it."""
    default, most = values[0], max(values)
    return str(default) if most <= default else f"{default} to {most}"


def variants(ravine, file):
    told = subprocess.run([ravine, "explain", "--json", file], check=True, capture_output=True, text=True).stdout
    traffic = json.loads(told)[0]
    return [traffic, *traffic.get("variants", [])]


def composed(ravine, text):
    """The ordinary variant of what is composed of entries."""
    with tempfile.NamedTemporaryFile("w", suffix=".rvn") as file:
        file.write("import std.optimizers\nimport std.transforms\noptimizer composed = " + text + "\n")
        file.flush()
        return variants(ravine, file.name)[0]


def more(ravine, text):
    """What it costs more than `sgd`, which it is made around."""
    plain, whole = composed(ravine, "sgd"), composed(ravine, text)
    return whole["bytes_per_param"] - plain["bytes_per_param"], whole["sweeps"]


def optimizer_row(ravine, file):
    source = file.read_text()
    if f"optimizer {file.stem}<inner: optimizer>" in source:
        moved, sweeps = more(ravine, f"{file.stem}<sgd>")
        cost = f"{moved} more"
    else:
        all_variants = variants(ravine, file)
        moved = span([variant["bytes_per_param"] for variant in all_variants])
        cached = span([variant["bytes_cached"] for variant in all_variants])
        cost = moved if cached == moved else f"{moved}; {cached} in cache"
        sweeps = span([variant["sweeps"] for variant in all_variants])
    return f"{summary(source)} | {states(source)} | {cost} | {sweeps}"


def schedule_row(_, file):
    source = file.read_text()
    return f"{summary(source)} | {hypers(source)}"


def transform_row(ravine, file):
    source = file.read_text()
    moved, sweeps = more(ravine, f"{file.stem} |> sgd")
    return f"{summary(source)} | {hypers(source)} | {states(source)} | {moved} | {sweeps}"


def penalty_row(_, file):
    source = file.read_text()
    laws = ", ".join(re.findall(r"^  law (.+)$", source, re.MULTILINE)) or "none"
    return f"{summary(source)} | {hypers(source)} | {laws}"


ROWS = {"optimizers": optimizer_row, "schedules": schedule_row, "transforms": transform_row, "penalties": penalty_row,
        "sets": penalty_row}


def entries(stdlib, shelf):
    """The files of a shelf. Penalties and sets share a folder."""
    if shelf not in ("penalties", "sets"):
        return sorted((stdlib / shelf).glob("*.rvn"))
    declares = re.compile(rf"^(?:export )?{'penalty' if shelf == 'penalties' else 'set'} \w+\(", re.MULTILINE)
    return [file for file in sorted((stdlib / "prox").glob("*.rvn")) if declares.search(file.read_text())]


def main():
    ravine, stdlib = sys.argv[1], Path(sys.argv[2])
    readme = stdlib / "README.md"
    text = wanted = readme.read_text()
    for shelf, header in HEADERS.items():
        begin, end = f"<!-- table of {shelf}: test/stdlib/shelf_table.py -->", "<!-- end of the table -->"
        before, rest = wanted.split(begin)
        after = rest.split(end, 1)[1]
        rows = [f"| [`{file.stem}`]({file.relative_to(stdlib)}) | {ROWS[shelf](ravine, file)} |"
                for file in entries(stdlib, shelf)]
        wanted = before + "\n".join([begin, *header, *rows, end]) + after
    if "--check" not in sys.argv:
        readme.write_text(wanted)
    elif wanted != text:
        sys.exit("".join(difflib.unified_diff(text.splitlines(True), wanted.splitlines(True), "README.md", "wanted")))


if __name__ == "__main__":
    main()
