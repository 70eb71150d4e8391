"""Pages for people, made from where things are said once: KPIs from their seed, the input from the contract.

Run ``python -m support_kpis.pages`` after a change of either; a test fails while a committed page is older.
"""

from __future__ import annotations

import csv
import textwrap
from itertools import groupby
from pathlib import Path

import yaml

from support_kpis.contract import CONTRACT_FILES

KPI_SEED = Path("seeds/reference/kpi_definitions.csv")
KPI_PAGE = Path("models/marts/scorecard/_scorecard__docs.md")
METRICS_PAGE = Path("models/semantic/_semantic__docs.md")
INPUT_PAGE = Path("docs/your-data.md")
SAMPLE_SEEDS = Path("seeds/sample")
SAMPLE_PAGE = SAMPLE_SEEDS / "_sample__seeds.yml"
AREAS = {
    "service": "Service",
    "workforce": "Workforce",
    "experience": "Experience",
    "loyalty": "Loyalty",
}
INPUT_INTRODUCTION = """\
# Your own data

The warehouse reads up to 22 raw tables. `tickets`, `ticket_events`, `interactions` and `survey_responses` must be there (they may be empty);
any other may be missing: what depends on it is then empty, and `kpi_catalog` says that it is not available.

## Where they lie

- **Files**: `support-kpis refresh --raw-dir FOLDER` (or `SUPPORT_KPIS_RAW_DIR`): one `<table>.csv` or `<table>.parquet` a table, or a folder
  `<table>/` of Parquet files. CSV is UTF-8, with a header, commas, and double quotes where a value needs them.
- **A raw schema** of the build database: `SUPPORT_KPIS_RAW_SCHEMA=name` (`dbt source freshness` says which tables stopped coming).
- Neither: the sample seeds.

Columns may come in any order, optional ones may be missing, unknown ones are ignored.

## How values are read

- Ids are text. Timestamps are UTC or carry an offset, which is applied: `2024-06-01T10:00:00Z`, `2024-06-01 10:00+02:00`; a bare date is its midnight. Dates are `2024-06-01`.
- Booleans are true/false, t/f, yes/no, y/n or 1/0. Listed values are trimmed and may be in any letter case. Empty text is no value.
- A value that cannot be read, is missing where it is required, or is none of the listed ones puts its row into `ops_quarantine`, with the reason. It never stops the
  refresh, and no row vanishes: `ops_reconciliation` adds up.
- The same key twice is an update: the row with the latest `loaded_at` holds (then `updated_at`, then the one whose values sort last).
- Every table may carry `loaded_at`: when your loader wrote the row. An event more than 24 hours after it is a defect.

To try it out, `support-kpis simulate --tickets 1000 --out FOLDER` writes a whole operation with every kind of dirt.

## The tables

Generated from the contract in `models/staging/helpdesk/`. **Bold** columns are required in every row; personal ones never leave the private build.
"""


def render_kpis(project_dir: Path) -> str:
    """Write out every KPI for people.

    Args:
        project_dir: folder that holds ``dbt_project.yml``.

    Returns:
        Markdown with one dbt docs block, ``kpi_catalog``, which dbt docs show at the table of that name.
    """
    definitions = _definitions(project_dir)
    lines = [
        "{% docs kpi_catalog %}",
        "One row a KPI: what it is called, what it says, how it is computed, who owns it and whether the input carries it.",
        "",
        f"This page is made from `{KPI_SEED.as_posix()}`; change it there.",
    ]
    for area, kpis in groupby(sorted(definitions, key=_area_rank), key=lambda kpi: kpi["area"]):
        lines += ["", f"## {AREAS[area]}"]
        for kpi in kpis:
            better = kpi["direction"].replace("_", " ")
            lines += [
                "",
                f"### {kpi['kpi_name']} (`{kpi['kpi_key']}`)",
                "",
                kpi["description"],
                "",
                f"- How: {kpi['formula']}",
                f"- Unit: {kpi['unit']}; {better}; interval: {kpi['interval_method'].replace('_', ' ')}",
                f"- Counted by: {kpi['anchor']}",
                f"- Needs: {kpi['needs']}",
                f"- Bear in mind: {kpi['caveat']}",
                f"- Owner: {kpi['owner']}",
            ]
    lines += ["", "{% enddocs %}", ""]
    return "\n".join(lines)


def render_metrics(project_dir: Path) -> str:
    """Write out every KPI for the metric of its name.

    Args:
        project_dir: folder that holds ``dbt_project.yml``.

    Returns:
        Markdown with one dbt docs block a KPI, ``metric_<kpi_key>``.
    """
    lines = []
    for kpi in _definitions(project_dir):
        lines += [
            f"{{% docs metric_{kpi['kpi_key']} %}}",
            f"{kpi['description']} How: {kpi['formula']}. Unit: {kpi['unit']}. Bear in mind: {kpi['caveat']}",
            "{% enddocs %}",
            "",
        ]
    return "\n".join(lines)


def _definitions(project_dir: Path) -> list[dict[str, str]]:
    with (project_dir / KPI_SEED).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _area_rank(kpi: dict[str, str]) -> int:
    return list(AREAS).index(kpi["area"])


def render_input(project_dir: Path) -> str:
    """Write out the raw tables for people.

    Args:
        project_dir: folder that holds ``dbt_project.yml``.

    Returns:
        Markdown: how to bring data, and each raw table with its columns.
    """
    models = [
        model
        for path in sorted(project_dir.glob(CONTRACT_FILES))
        for model in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models", [])
        if "raw_table" in model["config"]["meta"]
    ]
    lines = [INPUT_INTRODUCTION]
    for model in sorted(models, key=lambda model: (not model["config"]["meta"]["required"], model["name"])):
        meta = model["config"]["meta"]
        needed = "required" if meta["required"] else "optional"
        grain = model["description"].strip().replace("One row a version of", "One row")
        lines += [f"### {meta['raw_table']} ({needed})", "", f"{grain} Key: {', '.join(meta['key'])}.", ""]
        lines += ["| column | type | what it is |", "|---|---|---|"]
        for column in model["columns"]:
            if column["name"] == "loaded_at":
                continue
            rules = column.get("config", {}).get("meta", {})
            name = f"**{column['name']}**" if rules.get("required") else column["name"]
            text = column["description"].strip()
            if rules.get("values"):
                text += f" One of {', '.join(map(str, rules['values']))}."
            if rules.get("default") is not None:
                text += f" {str(rules['default']).lower()} if empty."
            if rules.get("pii"):
                text += " Personal."
            lines.append(f"| {name} | {column['data_type']} | {text} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def render_sample(project_dir: Path) -> str:
    """Write out the sample's raw tables for dbt, every column as text.

    Without it dbt guesses types while it reads a seed, and a value reaches staging otherwise than it was written.

    Args:
        project_dir: folder that holds ``dbt_project.yml``.

    Returns:
        YAML.
    """
    lines = [
        "# Made from the headers of the files: python -m support_kpis.pages. Text, as raw files hold it.",
        "version: 2",
        "",
        "seeds:",
    ]
    for path in sorted((project_dir / SAMPLE_SEEDS).glob("raw_*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        types = textwrap.wrap(", ".join(f"{name}:~text" for name in header), width=140)
        lines += [
            f"  - name: {path.stem}",
            f"    description: The sample's raw table {path.stem.removeprefix('raw_')}, as a source system would give it.",
            "    config:",
            "      column_types:",
            "        {",
            *(f"          {words.replace('~', ' ')}" for words in types),
            "        }",
        ]
    return "\n".join([*lines, ""])


def main() -> None:
    """Write the pages into the project of the current folder."""
    SAMPLE_PAGE.write_text(render_sample(Path()), encoding="utf-8")
    KPI_PAGE.write_text(render_kpis(Path()), encoding="utf-8")
    METRICS_PAGE.write_text(render_metrics(Path()), encoding="utf-8")
    INPUT_PAGE.write_text(render_input(Path()), encoding="utf-8")


if __name__ == "__main__":
    main()
