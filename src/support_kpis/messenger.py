"""What `refresh --notify` posts, and when; the library that posts is loaded only where it is used."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from support_kpis.refresh import RefreshOutcome


class Messenger:
    """Posts to the webhook where --notify asks for it; whatever it answers, the refresh is what it is.

    Args:
        wanted: whether it was asked for; if not, nothing here does anything.
    """

    def __init__(self, wanted: bool) -> None:
        self.wanted = wanted
        self.address: str | None = None

    def look_up_address(self) -> None:
        """Take the address from the environment before any work is done."""
        if self.wanted:
            from support_kpis.notify import webhook_address

            self.address = webhook_address()

    def of_alerts(self, outcome: RefreshOutcome) -> bool | None:
        """Post the new alerts; whether it was taken, None where there was nothing to post."""
        from support_kpis.notify import alerts_text

        if not outcome.new_alerts:
            return None
        return self._post(alerts_text(outcome.new_alerts, outcome.run.run_id, outcome.run.as_of))

    def of_failure(self, message: str, exit_code: int) -> None:
        """Post that the refresh failed."""
        from support_kpis.notify import failure_text

        self._post(failure_text(message, exit_code))

    def _post(self, text: str) -> bool | None:
        from support_kpis.notify import WEBHOOK_VARIABLE, post

        if self.address is None:
            return None
        trouble = post(self.address, text)
        if trouble:
            print(
                f"Warning: the webhook was not told: {trouble}. Check the address in {WEBHOOK_VARIABLE}; "
                "support-kpis status shows what is open.",
                file=sys.stderr,
            )
        return trouble is None
