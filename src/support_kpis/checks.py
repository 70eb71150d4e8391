"""What an audit is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Table name and what Great Expectations writes of one expectation, for each.
Outcomes = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Checks:
    """What the tables of a candidate are held against.

    Args:
        suites: table name to its suite, as JSON holds it.
        parameters: values for the suites' `$PARAMETER` places.
        docs_dir: an empty or missing folder, for the report as HTML.
    """

    suites: Mapping[str, Mapping[str, Any]]
    parameters: Mapping[str, Any]
    docs_dir: Path
