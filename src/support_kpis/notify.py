"""Tell a webhook of new alerts and of failed refreshes, in the JSON that Slack and its kin take."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from support_kpis.alerts import Alert, lines_of
from support_kpis.errors import WrongUse

WEBHOOK_VARIABLE = "SUPPORT_KPIS_WEBHOOK_URL"
_SHOWN = 20
_LONGEST_FAILURE = 600
_CONNECT_SECONDS, _ANSWER_SECONDS = 3.05, 10.0
_RETRIES = 3
_TRY_AGAIN = (429, 500, 502, 503, 504)


def webhook_address() -> str:
    """The address to post to, which only the environment knows.

    Raises:
        WrongUse: none is set, or it is no web address; its text, which is a secret, is not shown.
    """
    address = os.environ.get(WEBHOOK_VARIABLE, "").strip()
    if not address:
        raise WrongUse(
            f"--notify needs an address to post to: set {WEBHOOK_VARIABLE} to that of an incoming webhook, "
            "or leave --notify out."
        )
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise WrongUse(
            f"{WEBHOOK_VARIABLE} holds no web address (http or https): copy it anew from the incoming "
            "webhook."
        )
    return address


def alerts_text(alerts: Sequence[Alert], run_id: str, as_of: datetime | None) -> str:
    """One summary of new alerts.

    Args:
        alerts: the new ones, the worst first; at least one.
        run_id: the run that found them.
        as_of: the instant that the marts speak for.
    """
    count = f"{len(alerts)} new alert{'s' if len(alerts) > 1 else ''}"
    lines = [f"Support KPIs, run {run_id}, as of {as_of or 'no instant'}: {count}"]
    told = lines_of(alerts)
    lines += [f"• {line.text}" for line in told[:_SHOWN]]
    if len(told) > _SHOWN:
        lines.append(f"and {len(told) - _SHOWN} more: support-kpis status lists them")
    return "\n".join(lines)


def failure_text(message: str, exit_code: int) -> str:
    """What to tell of a refresh that failed: which checks, but no row of the data.

    Args:
        message: the failure as the command line tells it.
        exit_code: the one it ends with.
    """
    # Rows that a test found may hold what only the private build may hold.
    told = "\n".join(line.split(" For example ")[0] for line in message.splitlines())
    shortened = told if len(told) <= _LONGEST_FAILURE else told[:_LONGEST_FAILURE] + " ..."
    return (
        f"Support KPIs: the refresh failed (exit code {exit_code}); the last good marts still stand.\n"
        f"{shortened}"
    )


def post(address: str, text: str) -> str | None:
    """Post one message, with a timeout and a few retries; a webhook that does not answer raises nothing.

    Args:
        address: of the webhook.
        text: the message.

    Returns:
        None if it was taken, else what went wrong, without the address.
    """
    retries = Retry(
        total=_RETRIES,
        backoff_factor=0.2,
        status_forcelist=_TRY_AGAIN,
        allowed_methods=None,
        raise_on_status=False,
        respect_retry_after_header=False,
    )
    try:
        with _silent_library(), requests.Session() as session:
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(max_retries=retries))
            answer = session.post(
                address,
                json={"text": _escaped(text)},
                timeout=(_CONNECT_SECONDS, _ANSWER_SECONDS),
                allow_redirects=False,
            )
    except (requests.RequestException, ValueError, OSError) as error:
        return f"it could not be reached ({type(error).__name__})"
    return None if 200 <= answer.status_code < 300 else f"it answered with status {answer.status_code}"


@contextmanager
def _silent_library() -> Iterator[None]:
    """Keep urllib3 from logging the path of the address, which is the secret, when it tries again."""
    logger = logging.getLogger("urllib3")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


def _escaped(text: str) -> str:
    """The text with the three signs that would be read as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
