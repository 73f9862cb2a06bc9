"""Reads one JSON line a case, {"text": …, "env": {…}}, and writes what python-dotenv makes of it. The text goes by a file:
opening one makes line ends alike."""

import json
import logging
import os
import sys
import tempfile

from dotenv import dotenv_values

logging.disable(logging.CRITICAL)
path = os.path.join(tempfile.mkdtemp(), ".env")
for line in sys.stdin:
    one = json.loads(line)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(one["text"])
    os.environ.clear()
    os.environ.update(one["env"])
    found = dotenv_values(path)
    print(json.dumps({name: value for name, value in found.items() if value is not None}), flush=True)
os.remove(path)
os.rmdir(os.path.dirname(path))
