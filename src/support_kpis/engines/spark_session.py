"""Spark's session: what it needs of this machine, how it is opened, and how it is asked."""

from __future__ import annotations

import logging
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import yaml
from jinja2 import Environment

from support_kpis.environment import environment
from support_kpis.errors import LockHeld, WrongUse
from support_kpis.layout import Warehouse
from support_kpis.lock import holder

JAVA_NEEDED = 17
_DEFAULT_MASTER = {"spark": "local[*]", "spark_cluster": "spark://127.0.0.1:7077"}
_LOG_SETTINGS = Path(__file__).with_name("spark_log4j2.properties")
_JAVA_OPTIONS = "SUPPORT_KPIS_SPARK_JAVA_OPTIONS"


def master(target: str) -> str:
    """Where Spark runs, as profiles/profiles.yml reads it.

    Args:
        target: spark or spark_cluster.
    """
    return os.environ.get("SUPPORT_KPIS_SPARK_MASTER") or _DEFAULT_MASTER[target]


def tables_dir(warehouse: Warehouse) -> str:
    """The folder, or address, under which the tables lie.

    Args:
        warehouse: whose tables.
    """
    configured = os.environ.get("SUPPORT_KPIS_SPARK_WAREHOUSE")
    return configured or str(warehouse.build_dir / "spark" / "tables")


def tests_wanted() -> str:
    """Which data tests a refresh runs on Spark: all of them, or those that a dialect can change.

    Raises:
        WrongUse: SUPPORT_KPIS_SPARK_TESTS says something else.
    """
    wanted = os.environ.get("SUPPORT_KPIS_SPARK_TESTS", "").strip() or "all"
    if wanted not in ("all", "dialect"):
        raise WrongUse(
            f"SUPPORT_KPIS_SPARK_TESTS is '{wanted}': use all, or dialect for those in tests/singular only."
        )
    return wanted


def local_folder(tables: str) -> Path | None:
    """The folder of a disk that an address names, None where it is another kind of store.

    Args:
        tables: a path, or an address like file:///data or s3a://bucket/data.
    """
    if "://" in tables and not tables.startswith("file://"):
        return None
    return Path(tables.removeprefix("file://").removeprefix("file:")).absolute()


def check_tables_dir(warehouse: Warehouse) -> None:
    """See that the folder of Spark's tables can be written.

    Args:
        warehouse: whose tables.

    Raises:
        WrongUse: it cannot.
    """
    folder = local_folder(tables_dir(warehouse))
    if folder is None:
        return
    existing = folder
    while not os.path.lexists(existing):
        existing = existing.parent
    try:
        with TemporaryFile(dir=existing):
            pass
    except OSError as error:
        raise WrongUse(
            f"Spark's tables cannot be written to {folder} ({error.strerror}): give this user the right, or "
            "name another folder with SUPPORT_KPIS_SPARK_WAREHOUSE."
        ) from None


def check_machine(target: str) -> str:
    """See that Spark can be started here, before anything is built.

    Args:
        target: spark or spark_cluster.

    Returns:
        What was found, in words.

    Raises:
        WrongUse: a package, Java or the cluster is missing; the sentence says which, and the remedy.
    """
    if find_spec("pyspark") is None or find_spec("dbt.adapters.spark") is None:
        raise WrongUse(
            f"Target '{target}' needs Spark and its adapter, which are not installed: run make setup "
            "TARGET=spark."
        )
    version = _java_version()
    where = master(target)
    found = re.fullmatch(r"spark://([^:/,]+):(\d+)", where)
    if found:
        _reach(found[1], int(found[2]))
    elif target == "spark_cluster" and where.startswith("local"):
        raise WrongUse(
            f"Target 'spark_cluster' runs on a cluster, but SUPPORT_KPIS_SPARK_MASTER is {where}: give it "
            "the master's address (spark://host:port), or use --target spark."
        )
    return f"Java {version}, Spark at {where}"


def _java_version() -> int:
    home = os.environ.get("JAVA_HOME", "").strip()
    program = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    remedy = (
        f"install Java {JAVA_NEEDED} (apt-get install openjdk-17-jre-headless on Debian), or set JAVA_HOME "
        "to where it is"
    )
    if program is None:
        raise WrongUse(f"Spark needs Java {JAVA_NEEDED}, and there is no java on the path: {remedy}.")
    try:
        told = subprocess.run([program, "-version"], capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        raise WrongUse(f"Spark needs Java {JAVA_NEEDED}, but {program} does not run: {remedy}.") from None
    number = re.search(r'version "(\d+)(?:\.(\d+))?', told.stderr + told.stdout)
    # Java 8 and before call themselves 1.8.
    version = int(number[2] or 0) if number and number[1] == "1" else int(number[1]) if number else 0
    if version < JAVA_NEEDED:
        raise WrongUse(
            f"Spark needs Java {JAVA_NEEDED} or later, and {program} is Java "
            f"{version or 'of an unknown version'}: {remedy}."
        )
    return version


def _reach(host: str, port: int) -> None:
    try:
        socket.create_connection((host, port), timeout=10).close()
    except OSError as error:
        raise WrongUse(
            f"No Spark master answers at spark://{host}:{port} ({error.strerror or error}): start it, or "
            "name another with SUPPORT_KPIS_SPARK_MASTER."
        ) from None


@contextmanager
def spark_environment(warehouse: Warehouse) -> Iterator[None]:
    """The environment in which the profile names this warehouse, and Java writes its log to a file.

    Args:
        warehouse: to be written or read.
    """
    warehouse.logs_dir.mkdir(parents=True, exist_ok=True)
    given = os.environ.get(_JAVA_OPTIONS, "")
    file = warehouse.logs_dir / "spark.log"
    log = f"-Dlog4j2.configurationFile='{_LOG_SETTINGS}' -Dsupport_kpis.log='{file}'"
    values = {"SUPPORT_KPIS_WAREHOUSE_DIR": str(warehouse.root), _JAVA_OPTIONS: f"{given} {log}".strip()}
    with environment(values):
        yield


def open_session(target: str, warehouse: Warehouse, project_dir: Path) -> Any:
    """The session of this process, with the settings that dbt's profile names; dbt finds and uses the same.

    Args:
        target: spark or spark_cluster.
        warehouse: where tables and catalogue lie.
        project_dir: the dbt project, for its profile.

    Raises:
        WrongUse: Spark does not start, or another process holds the catalogue.
        LockHeld: a refresh holds it.
    """
    check_machine(target)
    _check_catalogue_is_free(warehouse)
    from pyspark.logger import PySparkLogger
    from pyspark.sql import SparkSession

    # It writes every query that fails to the terminal, also where a failure is an answer.
    PySparkLogger.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)
    (warehouse.build_dir / "spark").mkdir(parents=True, exist_ok=True)
    active = SparkSession.getActiveSession()
    with spark_environment(warehouse):
        settings = _profile(project_dir, target)
        if active is not None and _is_for(active, settings):
            return active
        if active is not None:
            active.stop()
        builder = SparkSession.builder.enableHiveSupport()
        for name, value in settings.items():
            builder = builder.config(name, value)
        try:
            _start_java(settings, warehouse.logs_dir / "spark.log")
            session = builder.getOrCreate()
            # The catalogue opens with the first question.
            session.sql("show databases").collect()
        except Exception as error:
            raise WrongUse(_not_started(str(error), warehouse)) from None
    return session


def _check_catalogue_is_free(warehouse: Warehouse) -> None:
    """Derby's files can be opened by one process at a time, and a refresh has them open to its end."""
    held = holder(warehouse)
    if held is not None and held.get("pid") != os.getpid():
        raise LockHeld(
            f"A {held.get('doing', 'refresh')} runs in process {held.get('pid')} since {held.get('since')}, "
            "and has Spark's catalogue open: wait for it to end."
        )


def _start_java(settings: Mapping[str, str], log: Path) -> None:
    """Start Java, unless it runs in this process already, with what it says going to the log."""
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway

    if SparkContext._gateway is not None:
        return
    conf = SparkConf(loadDefaults=False).setAll(list(settings.items()))
    with log.open("a") as out:
        gateway = launch_gateway(conf, {"stdout": out, "stderr": out})
    SparkContext._ensure_initialized(gateway=gateway)


def _is_for(session: Any, settings: Mapping[str, str]) -> bool:
    name = "spark.sql.warehouse.dir"
    return str(session.conf.get(name)).removeprefix("file:") == settings[name].removeprefix("file:")


def _profile(project_dir: Path, target: str) -> dict[str, str]:
    """Spark's settings of a target in profiles/profiles.yml, filled from the environment as dbt does."""
    path = project_dir / "profiles" / "profiles.yml"
    try:
        outputs = yaml.safe_load(path.read_text(encoding="utf-8"))["support_kpis"]["outputs"]
        settings = outputs[target]["server_side_parameters"]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise WrongUse(
            f"{path} does not describe target {target} ({error!r}): restore it from the checkout."
        ) from None
    # Words for Java, not for a page: nothing is to be escaped.
    template = Environment(autoescape=False)
    return {
        name: template.from_string(str(value)).render(
            env_var=lambda word, default="": os.environ.get(word, default)
        )
        for name, value in settings.items()
    }


def _not_started(words: str, warehouse: Warehouse) -> str:
    if (warehouse.build_dir / "spark" / "metastore" / "db.lck").exists() and "etastore" in words:
        return (
            f"Spark's catalogue in {warehouse.build_dir / 'spark'} is open in another process (a refresh, "
            "or dbt): wait for it to end."
        )
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    reason = lines[0][:200] if lines else "no reason given"
    return f"Spark does not start ({reason}): {warehouse.logs_dir / 'spark.log'} says more."


class Reader:
    """Asks Spark in the manner of a DuckDB connection.

    Args:
        session: of pyspark.
        schema: where the tables lie that a query calls marts.
    """

    def __init__(self, session: Any, schema: str) -> None:
        self.session = session
        self.schema = schema

    def execute(self, query: str, parameters: Sequence[Any] = ()) -> Answer:
        """The answer to a query.

        Args:
            query: SQL with `?` for each parameter; its schema `marts` stands for the reader's.
            parameters: the values.
        """
        statement = in_words_of_spark(query).replace("marts.", f"{self.schema}.")
        for value in parameters:
            statement = statement.replace("?", literal(value), 1)
        return Answer(self.session.sql(statement))


class Answer:
    """The rows of a query, read in the manner of a cursor."""

    def __init__(self, frame: Any) -> None:
        self.names: list[str] = list(frame.columns)
        self.description = [(name,) for name in self.names]
        self._rows = [tuple(_plain(value) for value in row) for row in frame.collect()]

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, None after the last."""
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, count: int) -> list[tuple[Any, ...]]:
        """The next rows."""
        taken, self._rows = self._rows[:count], self._rows[count:]
        return taken

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows that are left."""
        return self.fetchmany(len(self._rows))


def in_words_of_spark(query: str) -> str:
    """A query of a suite, which is written for DuckDB, for Spark: lists are called otherwise there."""
    return re.sub(r"\blist\(distinct (\w+) order by \1\)", r"sort_array(collect_set(\1))", query)


def literal(value: Any) -> str:
    """A value as SQL."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return f"timestamp '{value.isoformat(sep=' ')}'"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def _plain(value: Any) -> Any:
    # Spark gives instants by the clock of this machine; everything here is in UTC.
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
