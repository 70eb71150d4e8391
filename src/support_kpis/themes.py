"""The themes of open answers, looked at before a build: a wrong pattern would stop it midway."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import duckdb

from support_kpis.errors import WrongUse

SEED = Path("seeds/reference/comment_themes.csv")


def check_themes(project_dir: Path) -> int:
    """Compile every pattern of the themes as the warehouse does.

    Args:
        project_dir: folder that holds ``dbt_project.yml``.

    Returns:
        The number of patterns; 0 where a project has no themes.

    Raises:
        WrongUse: a pattern or its theme is missing or wrong; names file and line.
    """
    path = project_dir / SEED
    if not path.is_file():
        return 0
    patterns = 0
    with duckdb.connect(":memory:") as connection:
        reader = csv.DictReader(StringIO(_text(path), newline=""))
        for row in reader:
            where = f"{SEED.as_posix()}, line {reader.line_num}"
            theme, pattern = (row.get("theme") or "").strip(), row.get("pattern") or ""
            if not theme or not pattern:
                raise WrongUse(f"{where}: a theme and a pattern are needed; fill in both or remove the line.")
            try:
                connection.execute("select regexp_matches('', ?)", [f" (?:{pattern}) "]).fetchone()
            except duckdb.Error as error:
                reason = str(error).splitlines()[0].split(": ", 1)[-1]
                raise WrongUse(
                    f"{where}: the pattern '{pattern}' of theme {theme} is no regular expression ({reason}); "
                    "put it right and run this again."
                ) from None
            patterns += 1
    return patterns


def _text(path: Path) -> str:
    """The seed's text; spreadsheets put a mark before the first byte, which dbt takes no notice of either."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise WrongUse(
            f"{SEED.as_posix()}, line {line} is not UTF-8: save the file in the encoding UTF-8 and run this "
            "again."
        ) from None
