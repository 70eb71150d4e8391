"""The command that serves the dashboards."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from support_kpis.cli import Debug, Target, WarehouseDir, _perform, app
from support_kpis.settings import find_project, target_of, warehouse_at


@app.command(short_help="Serve the dashboards on this machine.")
def dashboard(
    warehouse_dir: WarehouseDir = None,
    target: Target = None,
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, help="Port, on this machine alone.")
    ] = 8088,
    setup_only: Annotated[bool, typer.Option("--setup-only", help="Set up, but do not serve.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="End the server of this warehouse.")] = False,
    debug: Debug = False,
) -> None:
    """Serve the dashboards over the published marts until Ctrl-C (make dashboard installs what it takes)."""

    def work() -> dict[str, Any]:
        from support_kpis.dashboard import Dashboards, end_serving, run

        project = find_project()
        warehouse = warehouse_at(warehouse_dir, project)
        if stop:
            return {"words": end_serving(warehouse)}
        dashboards = Dashboards(project, warehouse, target_of(target, warehouse))
        return {"words": run(dashboards, port, setup_only, sys.stdout.isatty())}

    _perform("dashboard", work, lambda result: print(*result["words"], sep="\n"), as_json=False, debug=debug)
