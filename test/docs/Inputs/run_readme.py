#!/usr/bin/env python3
"""Does what the README shows: its programs build, and its commands print what is printed there.

    run_readme.py README

Every block that says what it is, is a program or a console block. A program is saved under the name behind its fence
or, without one, under that of its optimizer, which is where the commands find it.
"""

import pathlib
import re
import sys
import tempfile

from run_document import Shell, blocks, type_in


def main():
    readme = pathlib.Path(sys.argv[1])
    programs, commands, faults = 0, 0, []
    with tempfile.TemporaryDirectory() as folder:
        shell = Shell(folder)
        for number, words, content in blocks(readme.read_text()):
            place = f"{readme.name}:{number}"
            if words[:1] == ["ravine"]:
                name = words[1] if len(words) > 1 else re.search(r"^optimizer (\w+)", content, re.MULTILINE)[1] + ".rvn"
                (pathlib.Path(folder) / name).write_text(content)
                printed, status = shell.run(f"ravine build {name}")
                programs += 1
                if printed or status != 0:
                    faults.append("\n".join([f"{place}: {name} does not build without a word", *printed]))
            elif words == ["console"]:
                typed, found = type_in(shell, place, content)
                commands += typed
                faults += found
            elif words:
                faults.append(f"{place}: nobody checks a block of the kind `{' '.join(words)}`")
    print("\n\n".join(faults + [f"{programs} programs, {commands} commands, {len(faults)} faults"]))
    sys.exit(1 if faults or not programs or not commands else 0)


if __name__ == "__main__":
    main()
