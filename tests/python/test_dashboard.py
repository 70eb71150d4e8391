"""Serving the dashboards where something is missing: one sentence, the remedy, and nothing half made."""

import json
import socket
import stat
from pathlib import Path

import pytest

from conftest import PROJECT
from support_kpis.console import Reporter
from support_kpis.dashboard import Dashboards, marts_address
from support_kpis.dashboard_process import DashboardFailed, Home, check_port, serving_process, stop, words_of
from support_kpis.errors import WrongUse
from support_kpis.layout import Warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with an installation whose programs do what a test says."""
    folder = tmp_path / "checkout"
    (folder / ".venv-dashboard" / "bin").mkdir(parents=True)
    for name in ("dashboards", "requirements"):
        (folder / name).symlink_to(PROJECT / name)
    return folder


def install(checkout: Path, **programs: str) -> None:
    for name, script in programs.items():
        path = checkout / ".venv-dashboard" / "bin" / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
    (checkout / ".venv-dashboard" / ".installed").touch()


def publish(warehouse: Warehouse) -> None:
    import duckdb

    warehouse.published_dir.mkdir(parents=True)
    with duckdb.connect(str(warehouse.published_database)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.ops_refresh_runs as select '000001' as run_id, 'published' as status"
        )


def set_up(checkout: Path, warehouse: Warehouse) -> None:
    with Reporter() as reporter:
        Dashboards(checkout, warehouse, "dev").set_up(reporter)


def test_without_an_installation_make_dashboard_is_named(checkout: Path, warehouse: Warehouse) -> None:
    with pytest.raises(WrongUse, match="run make dashboard"):
        set_up(checkout, warehouse)
    assert not warehouse.root.exists()


def test_an_installation_without_its_stamp_is_none(checkout: Path, warehouse: Warehouse) -> None:
    install(checkout, python="exit 0")
    (checkout / ".venv-dashboard" / ".installed").unlink()
    with pytest.raises(WrongUse, match="not \\(wholly\\) installed"):
        set_up(checkout, warehouse)


def test_without_a_published_file_a_refresh_is_asked_for(checkout: Path, warehouse: Warehouse) -> None:
    install(checkout, python="exit 0")
    with pytest.raises(WrongUse, match=r"Nothing is published .* run support-kpis refresh first"):
        set_up(checkout, warehouse)
    assert not (warehouse.root / "dashboard").exists()


def test_a_port_in_use_is_told_with_another_one() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(WrongUse, match=rf"Port {port} .* make dashboard PORT="):
            check_port(port)
    check_port(port)


def test_a_second_start_is_told_of_the_first_and_not_of_its_port(
    checkout: Path, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("support_kpis.dashboard.serving_process", lambda home: 4711)
    with socket.socket() as first:
        first.bind(("127.0.0.1", 0))
        first.listen()
        with pytest.raises(WrongUse, match=r"served already \(process 4711\)"):
            Dashboards(checkout, warehouse, "dev").check_free(first.getsockname()[1])


def test_a_failed_set_up_leaves_nothing_half_made(checkout: Path, warehouse: Warehouse) -> None:
    publish(warehouse)
    install(checkout, python="echo no such table; exit 1", superset="exit 0")
    with pytest.raises(DashboardFailed, match=r"set_up\.py: no such table"):
        set_up(checkout, warehouse)
    assert not (warehouse.root / "dashboard").exists()
    assert not list(warehouse.root.glob(".dashboard-*"))
    assert "no such table" in (warehouse.logs_dir / "dashboard.log").read_text()


def test_a_refused_import_is_done_again_at_the_next_start(checkout: Path, warehouse: Warehouse) -> None:
    publish(warehouse)
    install(checkout, python="exit 0", superset="echo An error occurred: bad column; exit 0")
    with pytest.raises(DashboardFailed, match="refused the assets"):
        set_up(checkout, warehouse)
    home = Home(warehouse.root / "dashboard")
    assert home.sign_in.exists()
    assert not home.imported.exists()
    first = json.loads(home.sign_in.read_text())
    install(checkout, superset='ls "$3" >> "$SUPPORT_KPIS_DASHBOARD_HOME/calls"')
    set_up(checkout, warehouse)
    assert (home.root / "calls").read_text().split() == [
        "charts",
        "dashboards",
        "databases",
        "datasets",
        "metadata.yaml",
    ]
    # What did not change is not imported again, and the password stays.
    set_up(checkout, warehouse)
    assert len((home.root / "calls").read_text().split()) == 5
    assert json.loads(home.sign_in.read_text()) == first
    assert not list(home.root.glob("import-*"))


def test_each_warehouse_gets_a_password_of_its_own(checkout: Path, tmp_path: Path) -> None:
    install(checkout, python="exit 0", superset="exit 0")
    accounts = []
    for name in ("one", "two"):
        warehouse = Warehouse(tmp_path / name)
        publish(warehouse)
        set_up(checkout, warehouse)
        home = Home(warehouse.root / "dashboard")
        assert stat.S_IMODE(home.sign_in.stat().st_mode) == 0o600
        assert stat.S_IMODE(home.root.stat().st_mode) == 0o700
        accounts.append(json.loads(home.sign_in.read_text()))
    assert accounts[0]["password"] != accounts[1]["password"]
    assert accounts[0]["secret_key"] != accounts[1]["secret_key"]
    assert len(accounts[0]["password"]) >= 16


def test_the_password_is_said_on_a_terminal_only(tmp_path: Path) -> None:
    account = {"user": "admin", "password": "made-up"}
    assert "made-up" in "\n".join(words_of(8088, account, Home(tmp_path), True))
    told = "\n".join(words_of(8088, account, Home(tmp_path), False))
    assert "made-up" not in told
    assert str(tmp_path / "sign-in.json") in told


def test_stopping_what_does_not_run_is_no_failure(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert stop(home) is None
    home.process.write_text("1")  # the number of another program
    assert serving_process(home) is None


def test_postgres_is_read_by_the_reader_only(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUPPORT_KPIS_POSTGRES_READER", raising=False)
    with pytest.raises(WrongUse, match="SUPPORT_KPIS_POSTGRES_READER"):
        marts_address("postgres", warehouse)
    monkeypatch.setenv("SUPPORT_KPIS_POSTGRES_READER", "bi")
    monkeypatch.setenv("SUPPORT_KPIS_POSTGRES_READER_PASSWORD", "p@ss/word")
    address = marts_address("postgres", warehouse)
    assert address.startswith("postgresql+psycopg2://bi:p%40ss%2Fword@")
