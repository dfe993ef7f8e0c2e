"""Runs a command with the path of a named pipe as its last argument, prints what comes through, and says whether the pipe is
still one."""

import os
import pathlib
import stat
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    pipe = pathlib.Path(folder) / "pipe"
    os.mkfifo(pipe)
    command = subprocess.Popen([*sys.argv[1:], pipe])
    print(pipe.read_text())
    command.wait()
    print("still a pipe" if stat.S_ISFIFO(pipe.stat().st_mode) else "no longer a pipe")
    sys.exit(command.returncode)
