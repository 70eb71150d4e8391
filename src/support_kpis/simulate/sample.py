"""Writes the sample operation that stands in the repository: seeds, and their truth for the tests.

``python -m support_kpis.simulate.sample`` in the root of the project writes both anew; a test keeps them so.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from support_kpis.simulate.run import simulate
from support_kpis.simulate.tables import RAW, TRUTH

TICKETS = 3_000
SEED = 7
MONTHS = 15
SEEDS = Path("seeds/sample")
TRUTHS = Path("tests/data/sample_truth")


def write_sample(project: Path) -> list[Path]:
    """Simulate the sample operation into a project.

    Args:
        project: the root of the project; ``seeds/sample`` and ``tests/data/sample_truth`` are made in it.

    Returns:
        The files that were written.
    """
    written = []
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        simulate(made, TICKETS, SEED, MONTHS, "csv")
        for target, names in (
            (SEEDS, {f"raw_{name}.csv": made / f"{name}.csv" for name in RAW}),
            (
                TRUTHS,
                {
                    **{f"{name}.csv": made / "truth" / f"{name}.csv" for name in TRUTH},
                    "summary.json": made / "truth" / "summary.json",
                },
            ),
        ):
            (project / target).mkdir(parents=True, exist_ok=True)
            for name, source in names.items():
                path = project / target / name
                shutil.copyfile(source, path)
                written.append(path)
    return written


if __name__ == "__main__":
    for path in write_sample(Path.cwd()):
        print(f"{path.stat().st_size:>10,}  {path.relative_to(Path.cwd())}")
