"""Makes databases with the SQLite of this machine: one a line of JSON, with its page size, its encoding, its rows, and those of a second commit."""

import json
import sqlite3
import sys

for line in sys.stdin:
    given = json.loads(line)
    path = given["path"]
    base = sqlite3.connect(path)
    base.text_factory = str
    base.execute(f"PRAGMA page_size = {given['pageSize']}")
    base.execute(f"PRAGMA encoding = '{given['encoding']}'")
    if given["log"]:
        base.execute("PRAGMA journal_mode = wal")
        base.execute("PRAGMA wal_autocheckpoint = 0")
    base.execute(given["table"])
    base.execute("CREATE INDEX by_name ON secrets (name)")
    insert = "INSERT INTO secrets (name, value, number, ratio, raw) VALUES (?, ?, ?, ?, ?)"

    def put(rows):
        base.executemany(insert, [(*row[:4], None if row[4] is None else bytes.fromhex(row[4])) for row in rows])

    put(given["rows"])
    base.commit()
    if given["log"]:
        base.execute("PRAGMA wal_checkpoint(truncate)")
    put(given["more"])
    base.execute("DELETE FROM secrets WHERE id % 7 = 3")
    base.execute("UPDATE secrets SET value = value || 'x' WHERE id % 5 = 1")
    base.commit()
    rows = base.execute("SELECT id, name, value, number, ratio, hex(raw), raw IS NULL FROM secrets ORDER BY id").fetchall()
    kept = {name: open(name, "rb").read() for name in ([path, path + "-wal"] if given["log"] else [path])}
    base.execute("DELETE FROM secrets")
    base.rollback()
    base.close()
    for name, content in kept.items():
        with open(name, "wb") as file:
            file.write(content)
    print(json.dumps(rows))
