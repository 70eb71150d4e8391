"""What most engines answer."""

from __future__ import annotations


class EngineDefaults:
    """An engine that runs every test, and whose readers find a whole build at once."""

    def left_out_of_build(self) -> list[str]:
        """Arguments of dbt that leave out tests which need not be run: none."""
        return []

    def unfinished(self) -> str | None:
        """The run whose build readers find in part only, because its publication was broken off: never."""
        return None

    def finish_publication(self) -> str | None:
        """End a publication that was broken off; its run, None where there was none."""
        return None

    def cancel_queries(self) -> None:
        """End what dbt's connections run at this moment, as dbt itself does when it is stopped."""
        from dbt.adapters.factory import FACTORY

        for adapter in list(FACTORY.adapters.values()):
            with adapter.connection_named("cancelling"):
                adapter.cancel_open_connections()
