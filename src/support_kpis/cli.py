"""The command line: argument, call, result."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from support_kpis import __version__
from support_kpis.cli_usage import run_app
from support_kpis.console import Reporter, output, table
from support_kpis.engine_words import without_values
from support_kpis.errors import EXIT_BUILD_FAILED, EXIT_PUBLISHED, EXIT_WRONG_USE, SupportKpisError, WrongUse
from support_kpis.messenger import Messenger
from support_kpis.settings import find_project, resolve_settings, target_of, warehouse_at
from support_kpis.signals import let_pass

app = typer.Typer(
    name="support-kpis",
    help="From raw support data to published KPI marts: check, build, audit, publish.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

WarehouseDir = Annotated[
    Path | None,
    typer.Option(
        "--warehouse-dir",
        readable=False,  # that is looked at further on, where it is told in our words and with --json
        help="Folder of the warehouse [default: SUPPORT_KPIS_WAREHOUSE_DIR, else warehouse/ in the project].",
    ),
]
RawDir = Annotated[
    Path | None,
    typer.Option(
        "--raw-dir",
        readable=False,
        help="Folder with a CSV or Parquet file a raw table [default: SUPPORT_KPIS_RAW_DIR, else the sample]",
    ),
]
Target = Annotated[
    str | None, typer.Option("--target", help="dbt target [default: SUPPORT_KPIS_TARGET, else dev (DuckDB)].")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object to standard output at the end.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the stack trace of a failure.")]


def main() -> NoReturn:
    """Run the command, and end the process with the promised exit code."""
    import support_kpis.cli_dashboard
    import support_kpis.cli_metrics  # noqa: F401 - their commands join the others

    run_app(app)


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        print(__version__)
        raise typer.Exit


@app.command(short_help="Check the input, build, test, audit and publish.")
def refresh(
    target: Target = None,
    raw_dir: RawDir = None,
    warehouse_dir: WarehouseDir = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="TIMESTAMP",
            help="The instant that the marts speak for, like 2025-03-31T23:59:59 "
            "[default: SUPPORT_KPIS_AS_OF, else the latest in the input].",
        ),
    ] = None,
    full_refresh: Annotated[
        bool,
        typer.Option(
            "--full-refresh", help="Rebuild everything from the start, and compare it with no earlier build."
        ),
    ] = False,
    notify: Annotated[
        bool,
        typer.Option(
            "--notify",
            help="Post new alerts, or the failure, to the webhook that SUPPORT_KPIS_WEBHOOK_URL names.",
        ),
    ] = False,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Check the input, build and test with dbt, audit, and publish in one step.

    Exit codes: 0 published; 1 the build or its audit failed and the last good marts still stand;
    2 wrong use or configuration; 3 another refresh is running.
    """

    told = Messenger(notify)

    def work() -> dict[str, Any]:
        from support_kpis.refresh import record_failure
        from support_kpis.refresh import refresh as run_refresh

        project = find_project()
        warehouse = warehouse_at(warehouse_dir, project)
        try:
            told.look_up_address()
            settings = resolve_settings(
                warehouse=warehouse,
                project_dir=project,
                target=target,
                raw_dir=raw_dir,
                as_of=as_of,
                full_refresh=full_refresh,
            )
        except WrongUse as error:
            record_failure(warehouse, target or "dev", str(error))
            raise
        with Reporter() as reporter:
            outcome = run_refresh(settings, reporter, ends_process=True)
        return {
            **outcome.run.as_json(),
            "database": outcome.database,
            "report": outcome.report,
            "tables": dict(outcome.tables),
            "quarantined": dict(outcome.quarantined),
            "notes": list(outcome.notes),
            "seconds": dict(outcome.seconds),
            "new_alerts": [alert.as_json() for alert in outcome.new_alerts],
            "notified": told.of_alerts(outcome),
        }

    def show(result: dict[str, Any]) -> None:
        console = output()
        rows = [(name, f"{count:,}") for name, count in result["tables"].items()]
        console.print(table("Published marts", ("table", "rows"), rows, right=(1,)))
        console.print()
        rejected = ", ".join(f"{name} {count:,}" for name, count in result["quarantined"].items())
        console.print(f"Quarantined raw rows (marts.ops_quarantine says why): {rejected or 'none'}")
        console.print(f"As of {result['as_of'] or 'no instant: the input is empty'}, run {result['run_id']}.")
        console.print(f"The marts are in {result['database']} (schema marts).")
        if result["report"]:
            console.print(f"The report of the last week is {result['report']}.")

    _perform("refresh", work, show, as_json=as_json, debug=debug, failed=told.of_failure)


@app.command(short_help="What is published, open alerts, the last runs.")
def status(
    warehouse_dir: WarehouseDir = None, target: Target = None, as_json: AsJson = False, debug: Debug = False
) -> None:
    """Tell what is published, how fresh it is, how the last runs went and which alerts are open."""
    from support_kpis.status import print_status, read_status

    found = []

    def work() -> dict[str, Any]:
        warehouse = warehouse_at(warehouse_dir, find_project())
        found.append(read_status(warehouse, target=target_of(target, warehouse)))
        if found[0].trouble and not as_json:
            print_status(found[0], output())  # what is known all the same; the trouble itself is told below
        return found[0].as_json()

    _perform("status", work, lambda _: print_status(found[0], output()), as_json=as_json, debug=debug)


@app.command(short_help="The scorecard in the terminal.")
def kpis(
    warehouse_dir: WarehouseDir = None,
    period: Annotated[str, typer.Option("--period", help="day, week, month, quarter or year.")] = "month",
    dimension: Annotated[
        str,
        typer.Option(
            "--dimension", help="all, business_unit, team, agent, channel, priority, topic or segment."
        ),
    ] = "all",
    kpi: Annotated[
        list[str] | None,
        typer.Option(
            "--kpi", metavar="KEY", help="A KPI of the catalogue; may be given again [default: all]."
        ),
    ] = None,
    last: Annotated[int, typer.Option("--last", min=1, help="How many of the latest periods to show.")] = 1,
    incomplete: Annotated[
        bool, typer.Option("--incomplete", help="Count the period that has not ended yet as one.")
    ] = False,
    target: Target = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Show the scorecard: value with unit, n and interval of each KPI."""
    from support_kpis.kpis import Score, print_scores, read_scores

    scores: list[Score] = []

    def work() -> dict[str, Any]:
        warehouse = warehouse_at(warehouse_dir, find_project())
        where = target_of(target, warehouse)
        scores.extend(read_scores(warehouse, period, dimension, kpi or [], last, incomplete, where))
        return {"period": period, "dimension": dimension, "scores": [score.as_json() for score in scores]}

    _perform(
        "kpis",
        work,
        lambda _: print_scores(scores, period, dimension, output()),
        as_json=as_json,
        debug=debug,
    )


@app.command(short_help="One HTML page about what is published.")
def report(
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The file to write [default: report.html in the warehouse folder]."),
    ] = None,
    period: Annotated[
        str,
        typer.Option("--period", help="day, week, month, quarter or year; the latest whole one is shown."),
    ] = "week",
    warehouse_dir: WarehouseDir = None,
    target: Target = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Write one HTML page about what is published: headlines, alerts, what moved, what waits, data health.

    It is one file that opens from disk, prints on A4, and asks no network for anything. Every refresh writes
    that of the last whole week into the warehouse folder.
    """

    def work() -> dict[str, Any]:
        from support_kpis.report.make import make_report

        warehouse = warehouse_at(warehouse_dir, find_project())
        path = (out or warehouse.report).absolute()
        contents = make_report(warehouse, path, period, target_of(target, warehouse))
        return {
            "report": str(path),
            "period": period,
            "period_start": contents.current,
            "run_id": contents.edition["run_id"],
            "as_of": contents.edition["as_of"] and f"{contents.edition['as_of'].isoformat()}Z",
            "open_alerts": len(contents.alerts),
        }

    def show(result: dict[str, Any]) -> None:
        output().print(f"Wrote the report of run {result['run_id']} to {result['report']}.")

    _perform("report", work, show, as_json=as_json, debug=debug)


@app.command(short_help="Publish an earlier good build again.")
def rollback(
    run_id: Annotated[
        str | None,
        typer.Argument(metavar="[RUN_ID]", help="The run to go back to [default: the one before]."),
    ] = None,
    warehouse_dir: WarehouseDir = None,
    target: Target = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Publish an earlier good build again, in one step."""

    def work() -> dict[str, Any]:
        from support_kpis.report.make import page_of
        from support_kpis.rollback import rollback as publish_again

        warehouse = warehouse_at(warehouse_dir, find_project())
        where = target_of(target, warehouse)
        run, chosen, database = publish_again(warehouse, run_id, where)
        return {
            **run.as_json(),
            "published_run_id": chosen,
            "database": database,
            "warning": page_of(warehouse, where),
        }

    def show(result: dict[str, Any]) -> None:
        if result["warning"]:
            print(result["warning"], file=sys.stderr)
        output().print(f"{result['message']}\nThe marts are in {result['database']}.")

    _perform("rollback", work, show, as_json=as_json, debug=debug)


@app.command(short_help="Make up a support operation with known answers.")
def simulate(
    tickets: Annotated[int, typer.Option("--tickets", min=1, help="How many tickets to make up.")],
    out: Annotated[Path, typer.Option("--out", help="Folder to write; it is made if it is not there.")],
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same data.")] = 7,
    months: Annotated[int, typer.Option("--months", min=1, help="How many months of operation.")] = 15,
    fmt: Annotated[str, typer.Option("--format", help="csv or parquet.")] = "csv",
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Make up a support operation: raw tables, and beside them what is true of it (truth/)."""

    def work() -> dict[str, Any]:
        from support_kpis.simulation import write_simulation

        return write_simulation(out, tickets, seed, months, fmt, Reporter())

    def show(result: dict[str, Any]) -> None:
        output().print(f"Wrote {result['tickets']:,} tickets to {result['out']}.")
        output().print(f"Next: support-kpis refresh --raw-dir {result['out']}")

    _perform("simulate", work, show, as_json=as_json, debug=debug)


@app.command(short_help="Can this machine, profile and input work?")
def doctor(
    target: Target = None,
    raw_dir: RawDir = None,
    warehouse_dir: WarehouseDir = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Tell whether this machine, profile and input can work, and what to do if not."""
    from support_kpis.doctor import Finding, examine

    findings: list[Finding] = []

    def work() -> dict[str, Any]:
        project = find_project()
        findings.extend(examine(warehouse_at(warehouse_dir, project), project, target, raw_dir))
        bad = any(not finding.ok for finding in findings)
        return {
            "exit_code": EXIT_WRONG_USE if bad else EXIT_PUBLISHED,
            "findings": [dict(finding.__dict__) for finding in findings],
        }

    def show(_: dict[str, Any]) -> None:
        rows = [(finding.topic, "ok" if finding.ok else "problem", finding.words) for finding in findings]
        output().print(table("", ("what", "", "found"), rows))

    _perform("doctor", work, show, as_json=as_json, debug=debug)


def _perform(
    command: str,
    work: Callable[[], dict[str, Any]],
    show: Callable[[dict[str, Any]], None],
    *,
    as_json: bool,
    debug: bool,
    failed: Callable[[str, int], None] | None = None,
) -> NoReturn:
    """Do the work and end with its exit code; a failure is told in words, without a stack trace.

    `failed` hears of a failure after it was told: its message and exit code.
    """
    result: dict[str, Any] = {"command": command, "exit_code": EXIT_PUBLISHED}
    try:
        result |= work()
    except SupportKpisError as error:
        if debug:
            traceback.print_exc()
        result = {"command": command, "exit_code": error.exit_code, "message": str(error)}
    except PermissionError as error:
        if debug:
            traceback.print_exc()
        words = f"{error.filename or command} cannot be used ({error.strerror or error})"
        message = f"{words}: give this user the right to use it."
        result = {"command": command, "exit_code": EXIT_WRONG_USE, "message": message}
    except KeyboardInterrupt:
        result = {"command": command, "exit_code": EXIT_BUILD_FAILED, "message": "Stopped."}
    except Exception as error:
        if debug:
            traceback.print_exc()
        words = without_values(error)[:400]
        result = {
            "command": command,
            "exit_code": EXIT_BUILD_FAILED,
            "message": f"{command} failed unexpectedly ({type(error).__name__}: {words}); run it again with "
            "--debug to see where.",
        }
    has_failed = "message" in result and result["exit_code"] != EXIT_PUBLISHED
    if has_failed:
        let_pass()
        print(result["message"], file=sys.stderr)
        if failed is not None:
            failed(str(result["message"]), int(result["exit_code"]))
    if as_json:
        print(json.dumps(result, ensure_ascii=False, default=str))
    elif not has_failed:
        show(result)
    raise typer.Exit(int(result["exit_code"]))
