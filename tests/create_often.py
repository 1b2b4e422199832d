"""Creates one run folder again and again, at times that several such processes share: SCENARIO OUT BEGIN ROUNDS."""

import sys
import time
from pathlib import Path

from semcom.record.folder import RunFolder
from semcom.scenario.find import load

EVERY = 0.01  # seconds

scenario, out, begin, rounds = load(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
for turn in range(rounds):
    while time.time() < begin + turn * EVERY:
        pass
    RunFolder.create(out, scenario)
