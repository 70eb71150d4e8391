"""The command that asks MetricFlow."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from support_kpis.cli import Debug, WarehouseDir, _perform, app
from support_kpis.settings import find_project, warehouse_at


@app.command(
    short_help="Ask MetricFlow for any metric by any dimension.",
    context_settings={"allow_interspersed_args": False, "ignore_unknown_options": True},
)
def mf(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="COMMAND ...",
            help="Of MetricFlow, such as: query --metrics nps --group-by metric_time__month.",
        ),
    ] = None,
    warehouse_dir: WarehouseDir = None,
    debug: Debug = False,
) -> None:
    """Ask MetricFlow for any metric by any dimension of the published marts.

    It is installed by make setup TARGET=metrics.
    """

    def work() -> dict[str, Any]:
        from support_kpis.metrics import ask_metricflow

        project = find_project()
        return {
            "exit_code": ask_metricflow(
                arguments or ["--help"], warehouse_at(warehouse_dir, project), project
            )
        }

    _perform("mf", work, lambda _: None, as_json=False, debug=debug)
