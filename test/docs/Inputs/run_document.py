#!/usr/bin/env python3
"""Follows a document of docs/ as a reader would, in one shell session.

    run_document.py DOCUMENT --source CHECKOUT --build BUILD_DIRECTORY

Fenced blocks say what to do:

    ```ravine mine.rvn    the block is saved as mine.rvn; the same for any language with a file name behind it
    ```console            lines that begin with "$ " are typed, those up to the next are what is printed

In what is printed, `…` stands for anything on its line, and a line that holds nothing else for any lines. A command has
to succeed unless it prints an error[CODE]. A block of another kind is a fault: nothing in the document goes unchecked.

The session starts in an empty folder where build/dev/bin, python, runtime and stdlib are those of the checkout.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

END = "~~end of output~~"


def blocks(text):
    """Yields (line number, words behind the fence, content) for every fenced block."""
    for found in re.finditer(r"^```(.*)\n((?:(?!```).*\n)*?)```$", text, re.MULTILINE):
        yield text.count("\n", 0, found.start()) + 1, found[1].split(), found[2]


def session(content):
    """Yields (command, what it prints) for the lines of a console block. A command goes on behind a backslash."""
    command, output = None, []
    for line in content.splitlines():
        if command is not None and command.endswith("\\"):
            command += "\n" + line
        elif line.startswith("$ "):
            if command is not None:
                yield command, output
            command, output = line[2:], []
        elif command is None:
            raise SystemExit(f"output without a command: {line}")
        else:
            output.append(line)
    if command is not None:
        yield command, output


def matches(expected, actual):
    """Whether printed lines are what the document shows."""
    pattern = ""
    for line in expected:
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*".join(re.escape(piece.rstrip() if last else piece) for piece, last in pieces(line)) + r"[ ]*\n"
    return re.fullmatch(pattern, "".join(line + "\n" for line in actual)) is not None


def pieces(line):
    parts = line.split("…")
    return [(part, index == len(parts) - 1) for index, part in enumerate(parts)]


class Shell:
    """One bash that keeps its folder and variables from command to command."""

    def __init__(self, folder):
        environment = dict(os.environ, LC_ALL="C.UTF-8", PYTHONDONTWRITEBYTECODE="1")
        self.bash = subprocess.Popen(["bash", "--norc", "--noprofile"], cwd=folder, env=environment, text=True,
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, command):
        """What a command prints, and its exit status."""
        self.bash.stdin.write(f"{command}\nprintf '\\n%s %s\\n' '{END}' $?\n")
        self.bash.stdin.flush()
        lines = []
        for line in self.bash.stdout:
            if line.startswith(END):
                # The line break that the mark was put behind.
                printed = "\n".join(lines)
                return printed.removesuffix("\n").split("\n") if printed.strip("\n") else [], int(line.split()[-1])
            lines.append(line.rstrip("\n"))
        raise SystemExit(f"the shell ended in: {command}")


def prepare(folder, source, build):
    (folder / "build" / "dev").mkdir(parents=True)
    (folder / "build" / "dev" / "bin").symlink_to(build / "bin")
    for name in ("python", "runtime", "stdlib"):
        (folder / name).symlink_to(source / name)


def type_in(shell, place, content):
    """Types the commands of a console block. Returns how many there were, and what went wrong."""
    ran, faults = 0, []
    for command, expected in session(content):
        printed, status = shell.run(command)
        ran += 1
        if not matches(expected, printed):
            faults.append(f"{place}: $ {command}\n--- shown\n" + "\n".join(expected) + "\n--- printed\n" +
                          "\n".join(printed))
        elif status != 0 and not any("error[" in line for line in printed):
            faults.append(f"{place}: $ {command}\nexit status {status}")
    return ran, faults


def follow(document, folder):
    """Returns the number of commands that were run, and what went wrong."""
    shell = Shell(folder)
    ran, faults = 0, []
    for number, words, content in blocks(document.read_text()):
        place = f"{document.name}:{number}"
        if len(words) == 2:
            where, _ = shell.run("pwd")
            (pathlib.Path(where[0]) / words[1]).write_text(content)
        elif words == ["console"]:
            typed, found = type_in(shell, place, content)
            ran += typed
            faults += found
        else:
            faults.append(f"{place}: nobody checks a block of the kind `{' '.join(words)}`")
    return ran, faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("document", type=pathlib.Path)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        prepare(folder, arguments.source.resolve(), arguments.build.resolve())
        ran, faults = follow(arguments.document, folder)
    for fault in faults:
        print(fault + "\n")
    print(f"{ran} commands, {len(faults)} faults")
    sys.exit(1 if faults or ran == 0 else 0)


if __name__ == "__main__":
    main()
