"""Telling a webhook: against a real server on this machine, and without any."""

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import mini as mini_module
from mini import Mini
from support_kpis.alerts import Alert
from support_kpis.errors import WrongUse
from support_kpis.notify import alerts_text, failure_text, post, webhook_address

SECRET = "T0000/hook-that-nobody-may-see"
ALERTS_MODEL = """
select
    ticket_id || ' ' || minutes as kpi_alert_id, 'warning' as severity, 'spike' as kind,
    'escalation_rate' as kpi_key,
    'day' as period_grain, cast('2025-01-01' as date) as period_start, 'team' as dimension,
    ticket_id as member_id,
    cast('2025-01-01' as date) as since_on, true as is_open, 'Escalation rate <of> ' || ticket_id as message
from {{ ref('fct_tickets') }}
where minutes > 900
"""


class Webhook:
    """A server that answers with the given statuses in turn, then 200, and keeps what it was sent."""

    def __init__(self, *statuses: int, location: str | None = None) -> None:
        self.statuses = list(statuses)
        self.received: list[dict[str, str]] = []
        self.calls = 0
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                webhook.calls += 1
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"] == "application/json"
                status = webhook.statuses.pop(0) if webhook.statuses else 200
                if status == 200 and self.path == f"/{SECRET}":
                    webhook.received.append(json.loads(body))
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/{SECRET}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    server = Webhook()
    yield server
    server.close()


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def alert(number: int) -> Alert:
    return Alert(
        f"id-{number}",
        "warning",
        "spike",
        "escalation_rate",
        "day",
        date(2025, 1, 1),
        "team",
        "chat",
        date(2025, 1, 1),
        f"Message {number}.",
    )


def test_a_message_is_one_object_with_its_text(webhook: Webhook) -> None:
    assert post(webhook.address, "a < b & c > d") is None
    assert webhook.received == [{"text": "a &lt; b &amp; c &gt; d"}]


def test_a_server_that_recovers_is_told_at_last() -> None:
    server = Webhook(503, 429)
    assert post(server.address, "hello") is None
    assert (server.calls, server.received) == (3, [{"text": "hello"}])
    server.close()


def test_trouble_is_told_without_the_address() -> None:
    for server in (Webhook(404), Webhook(500, 500, 500, 500), Webhook(302, location="http://127.0.0.1:9/")):
        trouble = post(server.address, "hello")
        assert trouble and "answered with status" in trouble and SECRET not in trouble
        server.close()
    trouble = post(f"http://127.0.0.1:{closed_port()}/{SECRET}", "hello")
    assert trouble == "it could not be reached (ConnectionError)"


def test_the_address_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORT_KPIS_WEBHOOK_URL", "http://127.0.0.1:1/x")
    assert webhook_address() == "http://127.0.0.1:1/x"
    for wrong in ("", "hook", "ftp://127.0.0.1/x", f"https:///{SECRET}", f"http://[{SECRET}"):
        monkeypatch.setenv("SUPPORT_KPIS_WEBHOOK_URL", wrong)
        with pytest.raises(WrongUse, match="SUPPORT_KPIS_WEBHOOK_URL") as refused:
            webhook_address()
        assert SECRET not in str(refused.value)


def test_a_long_list_is_cut_and_a_failure_tells_no_row() -> None:
    text = alerts_text([alert(number) for number in range(23)], "000007", None)
    assert text.startswith(
        "Support KPIs, run 000007, as of no instant: 23 new alerts\n• warning: Message 0.\n"
    )
    assert "Message 19." in text and "Message 20." not in text
    assert text.endswith("and 3 more: support-kpis status lists them")
    failed = failure_text(
        "Test x failed: 1 row(s) of fct_tickets. For example name Jane Doe.\nNothing else.", 1
    )
    assert "Jane" not in failed
    assert "Test x failed: 1 row(s) of fct_tickets.\nNothing else." in failed


def test_a_silent_member_is_told_once() -> None:
    silent = [
        replace(alert(number), kind="stale", kpi_key=key, period_grain=grain, member_id=member)
        for number, (key, grain, member) in enumerate(
            [
                ("csat_score", "day", "a"),
                ("csat_score", "week", "a"),
                ("escalation_rate", "day", "a"),
                ("nps", "day", "a"),
                ("csat_score", "day", "b"),
            ]
        )
    ]
    text = alerts_text([*silent, alert(9)], "000007", None)
    assert text.splitlines()[1:] == [
        "• warning: Message 0. 2 more KPIs are as silent there.",
        "• warning: Message 4.",
        "• warning: Message 9.",
    ]


def with_alerts(root: Path) -> Mini:
    """The small project with an alert for each ticket of more than 900 minutes."""
    mini = mini_module.make(root)
    (mini.project / "models" / "marts" / "kpi_alerts.sql").write_text(ALERTS_MODEL)
    return mini


def notify(mini: Mini, address: str) -> tuple[int, dict[str, object], str]:
    variables = {**mini.variables(), "SUPPORT_KPIS_WEBHOOK_URL": address}
    outcome = mini_module.conftest.run(*mini.arguments("--json", "--notify"), **variables)
    assert SECRET not in outcome.out + outcome.err + mini.run_log.read_text()
    return outcome.code, outcome.json(), outcome.err


def test_only_new_alerts_and_failures_are_posted(tmp_path: Path, webhook: Webhook) -> None:
    mini = with_alerts(tmp_path / "mini")
    mini.feed("t1,2025-01-01,901", "t2,2025-01-02,5")
    code, told, _ = notify(mini, webhook.address)
    assert (code, told["notified"]) == (0, True)
    assert "1 new alert\n• warning: Escalation rate &lt;of&gt; t1" in webhook.received[0]["text"]

    # The alert of t1 goes on in a later period: the same matter.
    mini.feed("t1,2025-01-01,903", "t2,2025-01-02,902")
    code, told, _ = notify(mini, webhook.address)
    assert (code, told["notified"]) == (0, True)
    assert [each["kpi_alert_id"] for each in told["new_alerts"]] == ["t2 902"]  # type: ignore[attr-defined]
    assert "t1" not in webhook.received[1]["text"]

    code, told, _ = notify(mini, webhook.address)
    assert (code, told["notified"], len(webhook.received)) == (0, None, 2)

    shutil.rmtree(mini.raw)
    code, told, _ = notify(mini, webhook.address)
    assert code == 2
    assert "the refresh failed (exit code 2)" in webhook.received[2]["text"]

    outcome = mini_module.conftest.run("status", "--warehouse-dir", mini.warehouse, **mini.variables())
    assert "open alerts: 2\n    warning: Escalation rate <of> t1" in outcome.out


def test_a_dead_webhook_fails_no_refresh(tmp_path: Path) -> None:
    mini = with_alerts(tmp_path / "mini")
    mini.feed("t1,2025-01-01,901")
    code, told, err = notify(mini, f"http://127.0.0.1:{closed_port()}/{SECRET}")
    assert (code, told["notified"], told["status"]) == (0, False, "published")
    assert "Warning: the webhook was not told: it could not be reached" in err
    assert mini.query("select count(*) from marts.kpi_alerts") == [(1,)]


def test_notify_without_an_address_is_wrong_use(tmp_path: Path) -> None:
    mini = mini_module.make(tmp_path / "mini")
    code, told, _ = notify(mini, "")
    assert code == 2
    assert "set SUPPORT_KPIS_WEBHOOK_URL" in str(told["message"])
    assert not mini.published.exists()
