"""How a call ends that does not reach its command: an unknown option, or a value that is none."""

from __future__ import annotations

import json
import sys
from typing import NoReturn

import typer

from support_kpis.errors import EXIT_PUBLISHED


def run_app(app: typer.Typer) -> NoReturn:
    """Run the command line to its end; --json gives one object for wrong use too.

    Args:
        app: all commands.

    Raises:
        SystemExit: always, with the promised exit code.
    """
    try:
        app()
    except SystemExit as end:
        # Typer has told the error on standard error, and ends the process while it handles it.
        error = end.__context__
        tell = getattr(error, "format_message", None)
        if tell is not None and "--json" in sys.argv[1:]:
            context = getattr(error, "ctx", None)
            command = context.info_name if context and context.parent else None
            print(json.dumps({"command": command, "exit_code": end.code, "message": tell()}))
        raise
    raise SystemExit(EXIT_PUBLISHED)
