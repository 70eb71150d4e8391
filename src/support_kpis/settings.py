"""The settings of a run: command line, else vars, environment, default; checked before anything is built."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from support_kpis.errors import WrongUse
from support_kpis.layout import Warehouse
from support_kpis.runs import RunLog
from support_kpis.variables import PREFIX

PROJECT_NAME = "support_kpis"
TARGETS = ("dev", "postgres", "spark", "spark_cluster")
EARLIER_BUILDS_KEPT = 5
ZONES = Path("seeds/reference/time_zones.csv")

_TIMESTAMP = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<clock>\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?P<zone>Z|[+-]\d{2}(?::?\d{2})?)?)?"
)
_YEARS = range(1900, 2100)
_TRUE_FALSE = {"true", "t", "yes", "y", "1", "false", "f", "no", "n", "0"}


@dataclass(frozen=True)
class Settings:
    """All that a refresh needs to know.

    Args:
        project_dir: the folder with dbt_project.yml.
        warehouse: the paths of the warehouse.
        target: the dbt target.
        raw_dir: the folder of raw files, None for the sample or a raw schema.
        raw_schema: the schema of raw tables, None otherwise.
        as_of: the configured instant in UTC without a zone, in whole seconds; None if the data say it.
        options: the other settings as text, as dbt reads them.
        given: the names of settings given on the command line.
    """

    project_dir: Path
    warehouse: Warehouse
    target: str = "dev"
    raw_dir: Path | None = None
    raw_schema: str | None = None
    as_of: datetime | None = None
    full_refresh: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()

    @property
    def source(self) -> str:
        """What is read, in words that are stable from run to run."""
        if self.raw_dir is not None:
            return f"raw files in {self.raw_dir}"
        if self.raw_schema is not None:
            return f"raw schema {self.raw_schema}"
        return "the sample seeds"

    def as_of_text(self) -> str:
        """The configured instant as dbt reads it; empty if none is configured."""
        return "" if self.as_of is None else self.as_of.strftime("%Y-%m-%dT%H:%M:%S")

    def dbt_environment(self, run_id: str) -> dict[str, str]:
        """The environment that carries the settings to dbt.

        Args:
            run_id: the run's number in the warehouse.
        """
        return {
            **{PREFIX + name.upper(): value for name, value in self.options.items()},
            "SUPPORT_KPIS_TARGET": self.target,
            "SUPPORT_KPIS_WAREHOUSE_DIR": str(self.warehouse.root),
            "SUPPORT_KPIS_RAW_DIR": str(self.raw_dir or ""),
            "SUPPORT_KPIS_RAW_SCHEMA": self.raw_schema or "",
            "SUPPORT_KPIS_AS_OF": self.as_of_text(),
            "SUPPORT_KPIS_RUN_ID": run_id,
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DBT_VERSION_CHECK": "false",
            "DO_NOT_TRACK": "1",
            "GX_ANALYTICS_ENABLED": "false",
        }


def find_project(start: Path | None = None) -> Path:
    """The folder of the dbt project.

    Args:
        start: where to look first; the current folder by default.

    Raises:
        WrongUse: no project is there.
    """
    configured = os.environ.get("SUPPORT_KPIS_PROJECT_DIR", "").strip()
    if configured:
        folder = Path(configured).resolve()
        if _is_project(folder):
            return folder
        raise WrongUse(
            f"SUPPORT_KPIS_PROJECT_DIR is {folder}, which holds no dbt_project.yml of {PROJECT_NAME}: "
            "set it to the folder of the checkout."
        )
    here = (start or Path.cwd()).resolve()
    package = Path(__file__).resolve()
    for folder in (here, *here.parents, *package.parents):
        if _is_project(folder):
            return folder
    raise WrongUse(
        f"No dbt_project.yml of {PROJECT_NAME} is in {here} or above it: run the command in the "
        "checkout, or set SUPPORT_KPIS_PROJECT_DIR to its folder."
    )


def _is_project(folder: Path) -> bool:
    path = folder / "dbt_project.yml"
    try:
        return path.is_file() and _project(folder).get("name") == PROJECT_NAME
    except (OSError, yaml.YAMLError):
        return False


def _project(folder: Path) -> dict[str, Any]:
    loaded = yaml.safe_load((folder / "dbt_project.yml").read_text(encoding="utf-8"))
    return loaded if isinstance(loaded, dict) else {}


def project_vars(folder: Path) -> dict[str, str]:
    """The settings that dbt_project.yml fixes under `vars`, which dbt prefers to the environment.

    Args:
        folder: the dbt project.
    """
    found: dict[str, str] = {}
    try:
        variables = _project(folder).get("vars") or {}
    except (OSError, yaml.YAMLError):
        return found
    for scope in (variables, variables.get(PROJECT_NAME) or {}):
        for name, value in scope.items():
            if not isinstance(value, dict) and value is not None and str(value).strip():
                found[name] = str(value).strip()
    return found


def parse_timestamp(text: str) -> datetime:
    """Read an instant in the forms of the contract.

    Args:
        text: a date, or date and time with T or a space, optional seconds and fraction, then nothing (UTC),
            Z or an offset, which is applied.

    Returns:
        The instant in UTC without a zone, cut to whole seconds.

    Raises:
        ValueError: the text has another form or names no such day or time.
    """
    match = _TIMESTAMP.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    clock = (match["clock"] or "00:00").split(".")[0]
    zone = match["zone"] or "Z"
    if zone != "Z" and len(zone) == 3:
        zone += ":00"
    instant = datetime.fromisoformat(f"{match['date']}T{clock}{zone.replace('Z', '+00:00')}")
    return instant.astimezone(UTC).replace(tzinfo=None)


def warehouse_at(warehouse_dir: Path | None, project_dir: Path) -> Warehouse:
    """The warehouse that the command line, else the environment, else the default names.

    Args:
        warehouse_dir: the folder given on the command line.
        project_dir: the dbt project, beside which the default warehouse lies.
    """
    if warehouse_dir is not None:
        return Warehouse(_absolute(warehouse_dir))
    configured = os.environ.get("SUPPORT_KPIS_WAREHOUSE_DIR", "").strip()
    return Warehouse(_absolute(Path(configured)) if configured else project_dir / "warehouse")


def resolve_settings(
    *,
    warehouse: Warehouse,
    project_dir: Path,
    target: str | None = None,
    raw_dir: Path | None = None,
    as_of: str | None = None,
    full_refresh: bool = False,
) -> Settings:
    """Gather and check the settings of a run; None means not given on the command line.

    Raises:
        WrongUse: a setting is not one that can work; the sentence names it and the remedy.
    """
    given = {
        name
        for name, value in (("raw_dir", raw_dir), ("as_of", as_of), ("target", target))
        if value is not None
    }
    # A file is named to dbt's DuckDB by an address, in which these end the path.
    for mark, word in (("?", "question mark"), ("#", "number sign (#)")):
        if mark in str(warehouse.root):
            raise WrongUse(f"The path {warehouse.root} holds a {word}: choose a plain name for the folder.")
    fixed = project_vars(project_dir)
    raw_dir_text = str(raw_dir) if raw_dir is not None else _value("raw_dir", fixed)
    # A folder named on the command line takes the place of a schema that the environment names.
    raw_schema = "" if raw_dir is not None else _value("raw_schema", fixed)
    if raw_dir_text and raw_schema:
        raise WrongUse(
            f"Both raw_dir ({raw_dir_text}) and raw_schema ({raw_schema}) are set: unset "
            "SUPPORT_KPIS_RAW_DIR or SUPPORT_KPIS_RAW_SCHEMA, so that there is one input."
        )
    options = {
        name: _value(name, fixed)
        for name in (
            "reporting_time_zone",
            "reporting_currency",
            "fcr_window_days",
            "influence_window_days",
            "activity_window_days",
            "cx_weights",
            "publish_comments",
        )
    }
    _check_zone(options["reporting_time_zone"], project_dir)
    _check_options(options)
    _check_memory_limit(_value("memory_limit", {}))
    # Told in capitals wherever it is told.
    options["reporting_currency"] = options["reporting_currency"].upper()
    return Settings(
        project_dir=project_dir,
        warehouse=warehouse,
        target=check_target(target if target is not None else _value("target", {}) or "dev"),
        raw_dir=_absolute(Path(raw_dir_text)) if raw_dir_text else None,
        raw_schema=raw_schema or None,
        as_of=_as_of(as_of if as_of is not None else _value("as_of", fixed)),
        full_refresh=full_refresh,
        options=options,
        given=frozenset(given),
    )


def check_target(target: str) -> str:
    """The target's name if it can be refreshed.

    Raises:
        WrongUse: it is not known.
    """
    if target not in TARGETS:
        raise WrongUse(
            f"There is no target '{target}' in profiles/profiles.yml: use --target "
            f"{' or '.join(TARGETS)}, or leave it out."
        )
    return target


def target_of(target: str | None, warehouse: Warehouse) -> str:
    """The target whose marts are meant: the one named, else the environment's, else that of the last run.

    Args:
        target: named on the command line, None if none is.
        warehouse: whose run log is looked at.

    Raises:
        WrongUse: there is no such target.
    """
    named = target or _value("target", {})
    if not named:
        runs = RunLog(warehouse.run_log).runs()
        named = runs[-1].target if runs and runs[-1].target in TARGETS else "dev"
    return check_target(named)


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 - resolve() would follow links to other names


def _value(name: str, fixed: Mapping[str, str]) -> str:
    return fixed.get(name) or os.environ.get(PREFIX + name.upper(), "").strip()


def _as_of(text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        instant = parse_timestamp(text)
    except (ValueError, OverflowError):
        raise WrongUse(
            f"as_of '{text}' is no timestamp: write it like 2025-03-31, 2025-03-31T23:59:59 or "
            "2025-03-31T23:59:59+02:00."
        ) from None
    if instant.year not in _YEARS:
        raise WrongUse(
            f"as_of '{text}' is out of reach: name an instant in the years {_YEARS[0]} to {_YEARS[-1]}."
        )
    return instant


def _check_zone(zone: str, project_dir: Path) -> None:
    """Look the zone up in the seed that the gate holds schedules against: every engine knows those."""
    if not zone:
        return
    try:
        with (project_dir / ZONES).open(encoding="utf-8", newline="") as file:
            known = {row["time_zone"] for row in csv.DictReader(file)}
    except (OSError, KeyError, ValueError) as error:
        raise WrongUse(
            f"{project_dir / ZONES} cannot be read ({error!r}): is the checkout complete?"
        ) from None
    if zone not in known:
        raise WrongUse(
            f"SUPPORT_KPIS_REPORTING_TIME_ZONE is '{zone}', which is no IANA time zone: use a name "
            "like Europe/Berlin or UTC."
        )


def _check_options(options: Mapping[str, str]) -> None:
    currency = options["reporting_currency"]
    if currency and not re.fullmatch(r"[A-Za-z]{3}", currency):
        raise WrongUse(
            f"SUPPORT_KPIS_REPORTING_CURRENCY is '{currency}': use a code of three letters like USD or EUR."
        )
    for name in ("fcr_window_days", "influence_window_days", "activity_window_days"):
        value = options[name]
        if value and not (value.isascii() and value.isdigit() and 0 < int(value) <= 3650):
            raise WrongUse(f"{PREFIX}{name.upper()} is '{value}': use a whole number of days from 1 to 3650.")
    _check_weights(options["cx_weights"])
    flag = options["publish_comments"]
    if flag and flag.lower() not in _TRUE_FALSE:
        raise WrongUse(f"SUPPORT_KPIS_PUBLISH_COMMENTS is '{flag}': use true or false.")


def _check_memory_limit(text: str) -> None:
    """Ask DuckDB itself; on the other engines it lands the raw files."""
    if not text:
        return
    import duckdb  # takes longer to load than all the rest that a short command needs

    try:
        duckdb.connect(":memory:", config={"memory_limit": text}).close()
    except duckdb.Error:
        raise WrongUse(
            f"SUPPORT_KPIS_MEMORY_LIMIT is '{text}', which DuckDB cannot take: give a size with its unit, "
            "like 4GB."
        ) from None


def _check_weights(text: str) -> None:
    if not text:
        return
    remedy = (
        f"SUPPORT_KPIS_CX_WEIGHTS is '{text}': give three numbers for CSAT, ease and NPS, none negative, "
        "that add up to 1, like 0.4, 0.3, 0.3."
    )
    try:
        weights = [float(part) for part in text.strip("[]() ").split(",")]
    except ValueError:
        raise WrongUse(remedy) from None
    if len(weights) != 3 or any(not 0 <= weight <= 1 for weight in weights) or abs(sum(weights) - 1) > 1e-9:
        raise WrongUse(remedy)
