"""``python -m bench.profile save|evaluation [--sort tottime|cumulative]``: where the time of a hot path goes, function by function."""

import argparse
import cProfile
import itertools
import pstats
import sys
import tempfile
import time
from pathlib import Path

from app import create_app
from bench import stage
from bench.client import straight
from bench.stage import Candidate, Request
from foundation.config import Settings

PEOPLE = 41


def main() -> int:
    """Set the stage on SQLite, warm up, and profile the app without a server around it."""
    asked = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    asked.add_argument("path", choices=["save", "evaluation"])
    asked.add_argument("--sort", choices=["tottime", "cumulative"], default="tottime")
    asked.add_argument("--lines", type=int, default=35)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="chizheng-profile-") as name:
        folder = Path(name)
        stage.fill(folder, "", PEOPLE)
        wire = straight(create_app(Settings.from_environ(stage.environment(folder, ""))))
        if options.path == "save":
            candidates = [Candidate(wire, number) for number in range(PEOPLE)]
            requests: list[Request] = list(itertools.chain.from_iterable(candidate.requests() for candidate in candidates))
        else:
            requests = list(stage.evaluations(PEOPLE, 600))
        warm, measured = requests[:5], requests[5:]
        for request in warm:
            wire(*request)
        profiler = cProfile.Profile(time.process_time)  # waiting for the disk is not what is asked
        profiler.enable()
        for request in measured:
            wire(*request)
        profiler.disable()
    print(f"{len(measured)} requests; the profiler itself makes calls look dearer than they are")
    pstats.Stats(profiler, stream=sys.stdout).strip_dirs().sort_stats(options.sort).print_stats(options.lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
