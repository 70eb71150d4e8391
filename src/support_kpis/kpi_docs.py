"""The page of KPI definitions, made from the one seed in which they stand.

Run ``python -m support_kpis.kpi_docs`` after a change of ``seeds/reference/kpi_definitions.csv``; a test fails while the
committed page is older than the seed.
"""

from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path

SEED = Path("seeds/reference/kpi_definitions.csv")
PAGE = Path("models/marts/scorecard/_scorecard__docs.md")
AREAS = {
    "service": "Service",
    "workforce": "Workforce",
    "experience": "Experience",
    "loyalty": "Loyalty",
}


def render(project_dir: Path) -> str:
    """Write out every KPI for people.

    Args:
        project_dir: folder that holds ``dbt_project.yml``.

    Returns:
        Markdown with one dbt docs block, ``kpi_catalog``, which dbt docs show at the table of that name.
    """
    with (project_dir / SEED).open(encoding="utf-8", newline="") as file:
        definitions = list(csv.DictReader(file))
    lines = [
        "{% docs kpi_catalog %}",
        "One row a KPI: what it is called, what it says, how it is computed, who owns it and whether the input carries it.",
        "",
        "This page is made from `seeds/reference/kpi_definitions.csv`; change it there.",
    ]
    for area, kpis in groupby(definitions, key=lambda kpi: kpi["area"]):
        if f"## {AREAS[area]}" not in lines:
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


def main() -> None:
    """Write the page into the project of the current folder."""
    PAGE.write_text(render(Path()), encoding="utf-8")


if __name__ == "__main__":
    main()
