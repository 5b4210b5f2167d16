"""A launcher to be killed: starts servers and a runaway, prints where they are, and waits."""

import json
import signal
import sys
import time
from pathlib import Path

from harness.children.processes import Processes
from harness.environment.postgres import embedded_postgres
from harness.environment.valkey import embedded_valkey

# Leaves its own session and parent, as a badly behaved server would.
RUNAWAY = """
import os, time
if os.fork() == 0:
    os.setsid()
    time.sleep(600)
print(flush=True)
time.sleep(600)
"""


def main(folder: Path) -> None:
    data = folder / "data"
    with Processes() as processes:
        processes.doom(data)
        runaway = processes.start("runaway", [sys.executable, "-c", RUNAWAY], log=folder / "runaway.log")
        with (
            embedded_postgres(processes, data=data / "postgres", log=folder / "postgres.log") as postgres,
            embedded_valkey(processes, data=data / "valkey", log=folder / "valkey.log") as valkey,
        ):
            while not (folder / "runaway.log").read_bytes():
                time.sleep(0.01)
            said = {
                "guardian": processes.guardian_pid,
                "runaway": runaway.pid,
                "ports": [postgres.port, valkey.port],
                "data": str(data),
            }
            print(json.dumps(said), flush=True)
            time.sleep(600)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job starts with it ignored
    main(Path(sys.argv[1]))
