"""The landing contract, read from where it is said once: the yml of the staging models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from support_kpis.errors import WrongUse

CONTRACT_FILES = "models/staging/helpdesk/_helpdesk__*.yml"


@dataclass(frozen=True)
class Column:
    """One column of a raw table.

    Args:
        name: as the raw table spells it.
        type: text, timestamp, date, boolean, integer, number or decimal.
        required: whether a row without a value is a defect.
        values: the values allowed after trimming and folding case; empty if any is.
        default: the value taken where it is empty, None if there is none.
        pii: whether it is personal.
        refers_to: the raw table that it points to, None if it points to none.
    """

    name: str
    type: str
    required: bool = False
    values: tuple[str, ...] = ()
    default: object = None
    pii: bool = False
    refers_to: str | None = None


@dataclass(frozen=True)
class RawTable:
    """One raw table of the contract.

    Args:
        name: as files and sources are named.
        key: the columns that identify a row.
        required: whether the input must hold it.
        columns: name to column, in the contract's order; loaded_at is among them.
    """

    name: str
    key: tuple[str, ...]
    required: bool
    columns: Mapping[str, Column]

    @property
    def required_columns(self) -> tuple[str, ...]:
        """The columns without which no row could be accepted."""
        return tuple(column.name for column in self.columns.values() if column.required)


def load_contract(project_dir: Path) -> dict[str, RawTable]:
    """Read the contract of all raw tables.

    Args:
        project_dir: the folder of the dbt project.

    Returns:
        Raw table name to table, sorted by name.

    Raises:
        WrongUse: no file of the contract is there, or one is not as dbt writes them.
    """
    tables: dict[str, RawTable] = {}
    for path in sorted(project_dir.glob(CONTRACT_FILES)):
        try:
            loaded = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
            for model in loaded.get("models", []):
                meta = model.get("config", {}).get("meta", {})
                if "raw_table" in meta:
                    table = _table(meta, model["columns"])
                    tables[table.name] = table
        except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
            raise WrongUse(f"{path} does not read as a part of the landing contract: {error!r}.") from error
    if not tables:
        raise WrongUse(f"No landing contract is in {project_dir / CONTRACT_FILES}: is the checkout complete?")
    return dict(sorted(tables.items()))


def personal_columns(contract: Mapping[str, RawTable]) -> frozenset[str]:
    """The names that a personal column has in any raw table.

    Args:
        contract: the raw tables by name.
    """
    return frozenset(
        column.name.lower() for table in contract.values() for column in table.columns.values() if column.pii
    )


def _table(meta: Mapping[str, Any], columns: list[Mapping[str, Any]]) -> RawTable:
    return RawTable(
        name=str(meta["raw_table"]),
        key=tuple(meta["key"]),
        required=bool(meta.get("required", False)),
        columns={str(column["name"]): _column(column) for column in columns},
    )


def _column(column: Mapping[str, Any]) -> Column:
    meta = column.get("config", {}).get("meta", {})
    return Column(
        name=str(column["name"]),
        type=str(column["data_type"]),
        required=bool(meta.get("required", False)),
        values=tuple(str(value) for value in meta.get("values", ())),
        default=meta.get("default"),
        pii=bool(meta.get("pii", False)),
        refers_to=meta.get("refers_to"),
    )
