#!/usr/bin/env python3
"""Does what the README shows: its program, the changes to it, and what `ravine explain` then says.

    run_readme.py README

The block of the kind `diff` names lines to take out of the program, and lines that go in where the first of those stood.
Every other block that says what it is, is a console block; its commands find both programs where it says they are.
"""

import pathlib
import subprocess
import sys
import tempfile

from run_document import blocks, matches, session


def changed(program, changes):
    lines = program.splitlines()
    removed = [line[1:].strip() for line in changes.splitlines() if line.startswith("-")]
    added = ["  " + line[1:].strip() for line in changes.splitlines() if line.startswith("+")]
    places = [index for index, line in enumerate(lines) if line.strip() in removed]
    assert len(places) == len(removed) > 0, f"not in the program: {removed}"
    kept = [line for index, line in enumerate(lines) if index not in places]
    kept[places[0]:places[0]] = added
    return "\n".join(kept) + "\n"


def main():
    shown = [(words, content) for _, words, content in blocks(pathlib.Path(sys.argv[1]).read_text()) if words]
    contents = {words[0]: content for words, content in shown}
    assert [words for words, _ in shown] == [["ravine"], ["diff"], ["console"]], shown
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        (folder / "adamw.rvn").write_text(contents["ravine"])
        (folder / "adamw_clipped.rvn").write_text(changed(contents["ravine"], contents["diff"]))
        subprocess.run(["ravine", "build", "adamw.rvn"], cwd=folder, check=True)
        for command, expected in session(contents["console"]):
            printed = subprocess.run(command.split(), cwd=folder, check=True, capture_output=True, text=True)
            assert printed.stderr == "" and matches(expected, printed.stdout.splitlines()), printed


if __name__ == "__main__":
    main()
