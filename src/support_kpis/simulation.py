"""The command around the simulator: arguments checked, progress told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support_kpis.console import Reporter
from support_kpis.errors import WrongUse, disk_full, is_disk_full


def write_simulation(
    out: Path, tickets: int, seed: int, months: int, fmt: str, reporter: Reporter
) -> dict[str, Any]:
    """Write simulated raw tables and their truth.

    Args:
        out: the folder to write.
        tickets: how many tickets.
        seed: same seed, same data.
        months: how many months the operation lasts.
        fmt: csv or parquet.
        reporter: hears how far it is.

    Returns:
        What was written, for the command line.

    Raises:
        WrongUse: the format is none of the two, a number is out of reach, or the folder cannot be written.
    """
    from support_kpis.simulate import simulate
    from support_kpis.simulate.run import check_size

    if fmt not in ("csv", "parquet"):
        raise WrongUse(f"--format '{fmt}' is not known: use csv or parquet.")
    try:
        check_size(tickets, months, fmt)
    except ValueError as error:
        raise WrongUse(f"--{error}: choose another number.") from None
    folder = out.expanduser().absolute()
    try:
        with reporter:
            reporter.stage(f"Simulating {tickets:,} tickets")
            summary = simulate(
                folder,
                tickets,
                seed=seed,
                months=months,
                fmt="parquet" if fmt == "parquet" else "csv",
                progress=lambda done, total: reporter.progress(done, total, "tickets"),
            )
    except OSError as error:
        if is_disk_full(error):
            raise disk_full(str(folder)) from error
        raise WrongUse(
            f"{error.filename or folder} cannot be written ({error.strerror}): choose another folder "
            "with --out."
        ) from error
    return {"out": str(folder), "tickets": tickets, "seed": seed, "months": months, "summary": str(summary)}
