"""Secrets by name, from the command line of Lockstep: no value in an argument or a file."""
import json
import os
import shutil
import subprocess


class SecretError(Exception):
    """The message is Lockstep's: what is missing, and never a value."""


def _lockstep(*words, environment=None, folder=None):
    program = os.environ.get("LOCKSTEP") or shutil.which("lockstep")
    if not program:
        raise SecretError("There is no lockstep on PATH. Install it, or set LOCKSTEP to its path.")
    where = ["--env-name", environment] if environment else []
    command = [program, words[0], *where, *words[1:]]
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode != 0:
        raise SecretError(done.stderr.decode(errors="replace").strip())
    return done.stdout.decode()


def get_secret(name, **where):
    return _lockstep("get", "--", name, **where)


def get_secrets(**where):
    return json.loads(_lockstep("export", "--format", "json", **where))
