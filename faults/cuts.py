"""Power cuts on SQLite: everything stops, and the disk holds what was synced and no more than chance adds."""

import random
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from faults import disk, proof
from faults.candidate import Candidate, room, together
from faults.disk import Disk
from faults.kills import Say, guarded, saving, silent
from faults.proof import Report
from faults.site import Site
from faults.stage import document, names

UNSYNCED: tuple[disk.Unsynced, ...] = ("gone", "some", "gone", "some", "there")
WEAK = "faults.weak:create_app()"
LONGEST = 30.0  # seconds of saving in one round


def run(folder: Path, people: int, rounds: int, cuts: int, seed: str, weak: bool = False, say: Say = silent) -> Report:
    """``rounds`` times everybody saves and the power goes; each round is looked at as if it had gone at ``cuts`` moments.

    The last of them is the end, from which the site goes on. ``weak``: with
    ``synchronous=NORMAL``, which is expected to lose, and ends after one round. Raises NoCompiler.
    """
    shim = disk.build(folder)
    data = folder / "data"
    data.mkdir()
    site = Site(data, None, application=WEAK if weak else "app:create_app()", LD_PRELOAD=str(shim))
    database = Path(str(site.settings.database_url).partition("///")[2])
    site.env |= {"FAULTS_DATABASE": str(database), "FAULTS_JOURNAL": str(folder / "journal")}
    site.flask("db", "upgrade")
    sitting = site.seed(document(people))["FAULTS"]
    cutter = Cutter(site, database, folder, random.Random(seed), Report(f"power cuts, synchronous={'NORMAL' if weak else 'FULL'}"))
    crowd: list[Candidate] = []
    try:
        for number in range(1, rounds + 1):
            cutter.begin()
            crowd = crowd or room(site.port, names(people), sitting, seed, cutter.position)
            cutter.save_and_cut(crowd, cuts)
            say(f"round {number}: {cutter.report.rounds} cuts, {sum(len(one.ledger.acknowledged) for one in crowd)} acknowledged, "
                f"{len(cutter.report.losses)} lost")
            if weak:
                break
    finally:
        site.kill()
    cutter.report.add(one.ledger for one in crowd)
    return cutter.report


class Cutter:
    """A site whose power goes."""

    def __init__(self, site: Site, database: Path, folder: Path, dice: random.Random, report: Report) -> None:
        self.site, self.database, self.folder, self.dice, self.report = site, database, folder, dice, report
        self.journal = folder / "journal"
        self.base: dict[int, bytes] = {}

    def begin(self) -> None:
        """The disk as it stands is where this round begins; positions count from here."""
        self.journal.unlink(missing_ok=True)
        self.base = disk.files_of(self.database)
        self.site.start()

    def position(self) -> int:
        """How far the disk's journal has come."""
        return self.journal.stat().st_size

    def save_and_cut(self, people: list[Candidate], cuts: int) -> None:
        """Everybody saves for a while; then nothing runs any more, and the disk is looked at."""
        for one in people:
            one.ledger.at = dict.fromkeys(one.ledger.acknowledged, 0)  # of the rounds before: must be there whenever this one is cut
        stop, failed = threading.Event(), []
        crowd = threading.Thread(target=guarded(lambda: together([saving(one, stop) for one in people]), failed), daemon=True)
        began = self.position()
        crowd.start()
        enough = sum(one.ledger.acknowledgements for one in people) + self.dice.randint(10, 30) * len(people)
        until = time.monotonic() + LONGEST
        while sum(one.ledger.acknowledgements for one in people) < enough and time.monotonic() < until:
            time.sleep(0.01)
        stop.set()  # the devices end with what they are sending; some of it is cut off
        self.site.kill()
        seen = Disk.read(self.base, self.journal)
        moments = sorted(self.dice.randrange(min(began, seen.size), seen.size) for _ in range(cuts - 1))
        for moment in (*moments, seen.size):
            self._look(seen, moment, people)
        if not seen.count(disk.WRITE, 2) or not seen.count(disk.SYNC, 1 if self.site.application == WEAK else 2):
            self.report.losses.append("the shim saw no writes or no syncs of the log: nothing was tried")
        if self.site.application == WEAK:  # what the devices were told and what is left have parted: there is no going on
            for one in people:
                one.patience = 0
            crowd.join()
            return
        self.site.start()
        crowd.join()
        self.site.kill()
        if failed:
            raise failed[0]

    def _look(self, seen: Disk, moment: int, people: list[Candidate]) -> None:
        """Cut at ``moment``, start SQLite on what is left, and hold the books against it; the disk is left like that."""
        left = seen.after_cut(moment, self.dice, self.dice.choice(UNSYNCED))
        disk.put_back(self.database, left)
        self.report.rounds += 1
        try:
            with sqlite3.connect(self.database) as connection:
                sound: Any = connection.execute("PRAGMA integrity_check").fetchall()
            connection.close()
        except sqlite3.DatabaseError as error:
            sound = error
        if sound != [("ok",)]:
            self.report.losses.append(f"cut at {moment}: the database is damaged: {sound}")
            return
        engine = create_engine(self.site.settings.database_url, poolclass=NullPool)
        found = proof.losses(engine, [one.ledger for one in people], self.site.settings.secret_key, moment)
        self.report.losses += [f"cut at {moment}: {sentence}" for sentence in found]
        disk.put_back(self.database, left)
