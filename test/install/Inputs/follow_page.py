"""Follows a page of the documentation as a reader would: writes its files and runs its commands, in the current folder.

    follow_page.py PAGE.md

A file is a fenced block below a line that is its name in backquotes and a colon; commands are blocks marked `sh`.
"""

import pathlib
import re
import subprocess
import sys

BLOCK = re.compile(r"^(?:`(?P<file>[^`\n]+)`:\n\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)

for block in BLOCK.finditer(pathlib.Path(sys.argv[1]).read_text()):
    if block["file"]:
        pathlib.Path(block["file"]).write_text(block["text"])
    elif block["language"] == "sh":
        subprocess.run(["bash", "-exc", block["text"]], check=True)
