"""Publish an earlier good build again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from support_kpis.engines import engine_for
from support_kpis.errors import WrongUse, file_failure
from support_kpis.layout import Warehouse
from support_kpis.lock import warehouse_lock
from support_kpis.runs import ROLLED_BACK, Run, RunLog, now
from support_kpis.settings import EARLIER_BUILDS_KEPT


def rollback(warehouse: Warehouse, run_id: str | None, target: str = "dev") -> tuple[Run, str, str]:
    """Let readers find an earlier build again, in one step; the build it replaces stays beside it.

    Args:
        warehouse: whose marts.
        run_id: the run of the build, leading zeros or not; None for the one before what is published.
        target: the dbt target whose marts are published.

    Returns:
        The row in the run log, the run whose build is published now, and where it is.

    Raises:
        WrongUse: there is no such build, or the warehouse cannot be written.
        LockHeld: a refresh is running.
    """
    try:
        return _roll_back(warehouse, run_id, target)
    except OSError as error:
        raise file_failure(error, warehouse.root) from error


def _roll_back(warehouse: Warehouse, run_id: str | None, target: str) -> tuple[Run, str, str]:
    engine = engine_for(target, warehouse)
    place = str(warehouse.published_dir) if target == "dev" else engine.where
    if not engine.is_published() and not engine.earlier():
        raise WrongUse(f"Nothing is published in {warehouse.root}: there is no build to go back to.")
    with warehouse_lock(warehouse, "rollback"):
        # Where a killed run left a publication half done, what is published is its build.
        engine.finish_publication()
        current = engine.published_run_id()
        chosen = _choose(engine.earlier(), run_id, current, place)
        if not engine.is_sound(chosen):
            raise WrongUse(f"The build of run {chosen} in {place} is damaged: choose another, or refresh.")
        log = RunLog(warehouse.run_log)
        as_of = {run.run_id: run.as_of for run in log.runs()}
        run = log.start(target=target, rollback_to=chosen)
        log.settle(current, run.run_id)
        engine.publish_earlier(chosen)
        run = replace(
            run,
            finished_at=now(),
            status=ROLLED_BACK,
            as_of=as_of.get(chosen),
            message=f"Published the build of run {chosen} again, in place of that of run {current}.",
        )
        log.finish(run)
        engine.prune(EARLIER_BUILDS_KEPT)
    return run, chosen, engine.where


def _choose(earlier: Sequence[str], run_id: str | None, current: str | None, place: str) -> str:
    others = [kept for kept in earlier if kept != current]
    if run_id is not None:
        wanted = run_id.zfill(6)
        if wanted == current:
            raise WrongUse(f"Run {wanted} is what is published: there is nothing to do.")
        if wanted not in earlier:
            raise WrongUse(
                f"There is no build of run {run_id} in {place}; "
                + (f"there are those of {', '.join(others)}." if others else "no earlier build is kept.")
            )
        return wanted
    before = [kept for kept in others if current is None or kept < current]
    if not before:
        raise WrongUse(
            f"No build before {f'run {current}' if current else 'this one'} is kept in "
            f"{place}" + (f"; name one of {', '.join(others)} to publish it." if others else ".")
        )
    return before[-1]
