#!/usr/bin/env python3
"""Does what the README shows: its programs build, and `ravine explain` says of the second what is printed there.

    run_readme.py README

Every block that says what it is, is a program, or a console block whose commands find the programs under their names.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

from run_document import blocks, matches, session


def main():
    shown = [(words, content) for _, words, content in blocks(pathlib.Path(sys.argv[1]).read_text()) if words]
    assert [words for words, _ in shown] == [["ravine"], ["ravine"], ["console"]], shown
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for words, content in shown:
            if words == ["ravine"]:
                file = folder / (re.search(r"^optimizer (\w+)", content, re.MULTILINE)[1] + ".rvn")
                file.write_text(content)
                subprocess.run(["ravine", "build", file.name], cwd=folder, check=True)
        for command, expected in session(shown[-1][1]):
            printed = subprocess.run(command.split(), cwd=folder, check=True, capture_output=True, text=True)
            assert printed.stderr == "" and matches(expected, printed.stdout.splitlines()), printed


if __name__ == "__main__":
    main()
