"""What a dashboard is made of: datasets, charts, boards, and the names by which Superset knows them."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_NAMESPACE = uuid.UUID("5d0c5b0e-6d0f-4c58-9a55-5c5e6a3a7c11")
_DEFINITIONS = Path(__file__).resolve().parents[3] / "seeds" / "reference" / "kpi_definitions.csv"

# d3 formats by the unit of a KPI.
FORMATS = {
    "count": ",d",
    "share": ".1%",
    "minutes": ",.0f",
    "ratio": ".2f",
    "money": ",.0f",
    "points": ".1f",
}
# How a title says the unit.
UNIT_WORDS = {"count": "count", "share": "%", "minutes": "minutes", "ratio": "per ticket"}


def uuid_of(kind: str, name: str) -> str:
    """The id of an asset: the same for the same name, in every version of the project.

    Args:
        kind: database, dataset, chart or dashboard.
        name: its name in this package.
    """
    return str(uuid.uuid5(_NAMESPACE, f"{kind}/{name}"))


@dataclass(frozen=True)
class Kpi:
    """A KPI's definition, as kpi_catalog publishes it."""

    kpi_key: str
    kpi_name: str
    description: str
    formula: str
    caveat: str
    unit: str
    headline_rank: str

    @property
    def number_format(self) -> str:
        """The d3 format of its values."""
        return FORMATS["points" if self.unit.startswith("points") else self.unit]

    @property
    def unit_words(self) -> str:
        """The unit as a title says it."""
        return UNIT_WORDS.get(self.unit, self.unit)

    @property
    def words(self) -> str:
        """What it means, how it is computed, and what to beware of."""
        return f"{self.kpi_name}: {self.description} Formula: {self.formula}. Caveat: {self.caveat}"


@cache
def kpis() -> Mapping[str, Kpi]:
    """All KPIs by key, from the seed that the catalogue is made of."""
    with _DEFINITIONS.open(encoding="utf-8", newline="") as lines:
        return {
            row["kpi_key"]: Kpi(**{name: row[name] for name in Kpi.__dataclass_fields__})
            for row in csv.DictReader(lines)
        }


def headlines() -> tuple[str, ...]:
    """The keys of the KPIs that come first, in order: those with a headline_rank in the seed."""
    ranked = [kpi for kpi in kpis().values() if kpi.headline_rank]
    return tuple(kpi.kpi_key for kpi in sorted(ranked, key=lambda kpi: int(kpi.headline_rank)))


@dataclass(frozen=True)
class Column:
    """A column of a dataset.

    Args:
        name: in SQL.
        kind: text, number, date, time or flag.
        label: what people read.
    """

    name: str
    kind: str = "text"
    label: str = ""


@dataclass(frozen=True)
class Dataset:
    """A query over the marts that charts read.

    Args:
        name: of the dataset.
        words: what a row is.
        sql: the query, with Jinja where filters choose rows.
        columns: what it gives.
    """

    name: str
    words: str
    sql: str
    columns: Sequence[Column]

    @property
    def time_column(self) -> str | None:
        """The column by which time ranges choose, if there is one."""
        return next((column.name for column in self.columns if column.kind in ("date", "time")), None)


@dataclass(frozen=True)
class Chart:
    """One chart.

    Args:
        name: unique; file name and id are made of it.
        title: what it shows, with its unit.
        dataset: what it reads.
        viz: Superset's name of the kind of chart.
        params: Superset's settings of it.
        kpi_keys: the KPIs it shows, whose definitions describe it.
        words: what else the description says.
        width: in twelfths of the page.
        height: in Superset's rows of 8 px.
        filters: which of the board's dimension filters reach it.
    """

    name: str
    title: str
    dataset: Dataset
    viz: str
    params: Mapping[str, Any]
    kpi_keys: Sequence[str] = ()
    words: str = ""
    width: int = 6
    height: int = 40
    filters: Sequence[str] = ("period", "time", "unit", "team", "channel", "priority")

    @property
    def description(self) -> str:
        """The words behind the chart's information sign."""
        said = [kpis()[key].words for key in self.kpi_keys]
        return "\n\n".join([*([self.words] if self.words else []), *said])


@dataclass(frozen=True)
class Heading:
    """A line between rows of charts.

    Args:
        text: Markdown.
        height: in Superset's rows of 8 px.
    """

    text: str
    height: int = 8


@dataclass(frozen=True)
class Board:
    """One dashboard.

    Args:
        slug: its address.
        title: its name.
        words: what it is for.
        rows: charts side by side, or a heading.
        filters: the filters it shows.
    """

    slug: str
    title: str
    words: str
    rows: Sequence[Sequence[Chart] | Heading]
    filters: Sequence[str] = field(default=("period", "time", "unit", "team", "channel", "priority"))

    @property
    def charts(self) -> list[Chart]:
        """Its charts in reading order."""
        return [chart for row in self.rows if not isinstance(row, Heading) for chart in row]
