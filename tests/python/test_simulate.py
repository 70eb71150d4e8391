"""The simulation as a whole: repeatable, made of independent chunks, bounded, and balanced to the row."""

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from conftest import PROJECT
from support_kpis.contract import load_contract
from support_kpis.simulate import SimulationSummary, simulate
from support_kpis.simulate import listings as lists
from support_kpis.simulate.chunk import CHUNK, make_chunk
from support_kpis.simulate.chunk_dirt import chunk_soil
from support_kpis.simulate.sample import SEEDS, TRUTHS, write_sample
from support_kpis.simulate.tables import RAW, TRUTH
from support_kpis.simulate.world import build_world

Rows = list[dict[str, str]]


def read(path: Path) -> Rows:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.*"))}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SimulationSummary]:
    """One full chunk and a bit."""
    out = tmp_path_factory.mktemp("small")
    return out, simulate(out, 1_100, seed=5, months=6)


def test_tables_are_those_of_the_contract() -> None:
    contract = load_contract(PROJECT)
    assert set(RAW) == set(contract)
    for name, table in RAW.items():
        told = contract[name]
        own = table.columns[: table.contract_width]
        assert own == tuple(column for column in told.columns if column != "loaded_at"), name
        assert table.key == tuple(told.key), name
        assert table.required == told.required_columns, name
        for column, kind in zip(own, table.types, strict=False):
            listed = "choice" if told.columns[column].values else told.columns[column].type
            # A status may be anything that the status_map maps, so its values are judged elsewhere.
            assert kind == listed or (name, column) == ("tickets", "status"), (name, column)


def test_same_arguments_give_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; import sys; from support_kpis.simulate import simulate; "
        "simulate(Path(sys.argv[1]), 320, seed=3, months=2)"
    )
    for hash_seed in ("0", "4711"):
        environment = os.environ | {
            "PYTHONHASHSEED": hash_seed,
            "PYTHONPATH": str(PROJECT / "src"),
            "TZ": "Asia/Tokyo",
        }
        subprocess.run([sys.executable, "-c", code, str(tmp_path / hash_seed)], check=True, env=environment)
    simulate(tmp_path / "here", 320, seed=3, months=2)
    assert contents(tmp_path / "0") == contents(tmp_path / "4711") == contents(tmp_path / "here")


def test_another_seed_gives_other_rows(tmp_path: Path) -> None:
    simulate(tmp_path / "one", 50, seed=1, months=2)
    simulate(tmp_path / "two", 50, seed=2, months=2)
    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert all(
        one[f"{name}.csv"] != two[f"{name}.csv"]
        for name in ("tickets", "ticket_events", "interactions", "orders")
    )


def test_parquet_holds_the_same_rows(tmp_path: Path, small: tuple[Path, SimulationSummary]) -> None:
    out, _ = small
    simulate(tmp_path, 1_100, seed=5, months=6, fmt="parquet")
    for name in RAW:
        table = pq.read_table(tmp_path / f"{name}.parquet")
        assert set(map(str, table.schema.types)) == {"string"}
        rows = [{key: value or "" for key, value in row.items()} for row in table.to_pylist()]
        assert rows == read(out / f"{name}.csv"), name
    typed = pq.read_table(tmp_path / "truth" / "tickets.parquet")
    assert str(typed.schema.field("created_at").type).startswith("timestamp")
    assert str(typed.schema.field("reopen_count").type) == "int64"
    for name in TRUTH:
        assert pq.read_table(tmp_path / "truth" / f"{name}.parquet").num_rows == len(
            read(out / "truth" / f"{name}.csv")
        )


def test_a_format_leaves_no_table_of_the_other_behind(tmp_path: Path) -> None:
    simulate(tmp_path, 20, months=1, fmt="parquet")
    simulate(tmp_path, 20, months=1, fmt="csv")
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_chunk_needs_no_other_chunk() -> None:
    world = build_world(3_000, 7, 15)
    rates = lists.make_rates(world)
    in_order = [make_chunk(world, rates, number, CHUNK) for number in range(3)]
    alone = make_chunk(build_world(3_000, 7, 15), rates, 2, CHUNK)
    assert alone.raw == in_order[2].raw
    assert alone.truth == in_order[2].truth
    soil, again = (chunk_soil(world, 2, CHUNK, chunk.raw) for chunk in (alone, in_order[2]))
    assert [soil.apply(name) for name in alone.raw] == [again.apply(name) for name in alone.raw]


def test_chunks_share_no_key(tmp_path: Path) -> None:
    simulate(tmp_path, 2_300, seed=1, months=4)
    for name in ("tickets", "status_spans", "interactions", "survey_responses", "orders", "customers"):
        key = {"status_spans": ("ticket_id", "starts_at")}.get(name, TRUTH[name].columns[:1])
        keys = Counter(
            tuple(row[column] for column in key) for row in read(tmp_path / "truth" / f"{name}.csv")
        )
        assert max(keys.values()) == 1, name


def test_verdicts_add_up_with_the_files(small: tuple[Path, SimulationSummary]) -> None:
    out, summary = small
    faults = Counter()
    for fault in read(out / "truth" / "faults.csv"):
        faults[fault["raw_table"]] += int(fault["rows_count"])
    for verdict in read(out / "truth" / "verdicts.csv"):
        name = verdict["raw_table"]
        counts = {key: int(value) for key, value in verdict.items() if key != "raw_table"}
        raw = counts.pop("raw_count")
        assert raw == sum(counts.values()) == len(read(out / f"{name}.csv")) == summary.rows[name], name
        assert counts["quarantined_count"] == faults[name] > 0, name
        assert counts["duplicate_count"] > 0, name
        assert counts["superseded_count"] > 0, name
    tickets = read(out / "truth" / "tickets.csv")
    assert len(tickets) == summary.tickets == 1_100
    excluded = Counter(row["exclusion_reason"] for row in tickets if row["exclusion_reason"])
    told = {row["reason"]: int(row["excluded_count"]) for row in read(out / "truth" / "exclusions.csv")}
    assert told == excluded
    assert set(told) == {"merged", "spam", "test", "deleted"}


def test_repeats_and_older_versions_are_what_the_verdicts_say(small: tuple[Path, SimulationSummary]) -> None:
    """Among keys without a fault every row beyond the first is a repeat or a version that lost."""
    out, _ = small
    faults = read(out / "truth" / "faults.csv")
    faulty = {(fault["raw_table"], fault["raw_key"]) for fault in faults}
    losers = Counter(fault["raw_table"] for fault in faults if "version that won" in fault["detail"])
    for verdict in read(out / "truth" / "verdicts.csv"):
        name = verdict["raw_table"]
        table = RAW[name]
        by_key: dict[str, list[tuple[str, ...]]] = {}
        for row in read(out / f"{name}.csv"):
            key = "|".join(row[column] for column in table.key)
            by_key.setdefault(key, []).append(tuple(row.values())[: table.contract_width])
        sound = {key: rows for key, rows in by_key.items() if (name, key) not in faulty}
        repeats = sum(len(rows) - len(set(rows)) for rows in sound.values())
        versions = sum(len(set(rows)) - 1 for rows in sound.values())
        # Keys with a fault have repeats and versions of their own, told in the verdicts too: those that lost
        # to a version without a parent, a repeat and an older version of a merge, and repeats by chance.
        assert 0 <= int(verdict["duplicate_count"]) - repeats <= losers[name] + 4, name
        assert 0 <= int(verdict["superseded_count"]) - versions <= losers[name] + 4, name


def test_every_kind_of_fault_is_there(small: tuple[Path, SimulationSummary]) -> None:
    out, _ = small
    faults = read(out / "truth" / "faults.csv")
    there = {(fault["raw_table"], fault["reason"]) for fault in faults}
    for name, table in load_contract(PROJECT).items():
        assert (name, "missing_required") in there, name
        kinds = {
            column.type for column in table.columns.values() if column.name not in (*table.key, "loaded_at")
        }
        if kinds - {"text"}:
            assert (name, "unreadable_value") in there, name
        if any(column.values for column in table.columns.values()):
            assert (name, "value_not_allowed") in there, name
    assert there >= {
        ("tickets", "after_loading"),
        ("tickets", "merge_into_nothing"),
        ("tickets", "merge_loop"),
        ("ticket_events", "after_loading"),
        ("ticket_events", "missing_parent"),
        ("interactions", "negative_seconds"),
        ("interactions", "end_before_start"),
        ("interactions", "after_loading"),
        ("interactions", "missing_parent"),
        ("interactions", "invalid_concurrency"),
        ("survey_responses", "score_outside_scale"),
        ("survey_responses", "answer_before_sent"),
        ("survey_responses", "after_loading"),
        ("survey_responses", "missing_parent"),
        ("survey_responses", "invalid_nps_scale"),
        ("survey_responses", "invalid_scale"),
        ("employee_survey_responses", "score_outside_scale"),
        ("ticket_articles", "missing_parent"),
        ("agent_shifts", "end_before_start"),
        ("business_units", "ancestor_loop"),
        ("schedules", "unknown_time_zone"),
        ("schedule_hours", "invalid_opening_hours"),
        ("sla_policies", "negative_target"),
        ("orders", "after_loading"),
        ("orders", "missing_exchange_rate"),
        ("subscriptions", "end_before_start"),
    }
    missing = {fault["detail"].split(":")[0] for fault in faults if fault["reason"] == "missing_required"}
    for name in ("tickets", "ticket_events", "interactions", "survey_responses", "orders"):
        assert missing >= set(RAW[name].required), name


def test_planted_rows_are_as_broken_as_told(small: tuple[Path, SimulationSummary]) -> None:
    """Some faults, seen in the raw rows themselves."""
    out, _ = small
    raw = {
        name: read(out / f"{name}.csv") for name in ("tickets", "interactions", "survey_responses", "orders")
    }
    keys = {
        (fault["raw_table"], fault["reason"]): fault["raw_key"]
        for fault in read(out / "truth" / "faults.csv")
    }

    def row(name: str, reason: str) -> dict[str, str]:
        return next(row for row in raw[name] if row[RAW[name].key[0]] == keys[name, reason])

    known = {row["ticket_id"] for row in read(out / "truth" / "tickets.csv")}
    assert row("interactions", "missing_parent")["ticket_id"] not in known
    assert float(row("interactions", "invalid_concurrency")["concurrency"]) <= 0
    assert (
        row("interactions", "end_before_start")["ended_at"]
        < row("interactions", "end_before_start")["started_at"]
    )
    assert row("orders", "after_loading")["loaded_at"] < row("orders", "after_loading")["ordered_at"]
    assert row("tickets", "merge_loop")["merged_into_ticket_id"] not in known
    assert (
        row("survey_responses", "invalid_scale")["scale_min"]
        >= row("survey_responses", "invalid_scale")["scale_max"]
    )


def test_about_two_in_a_hundred_rows_are_dirty(tmp_path: Path) -> None:
    summary = simulate(tmp_path, 3_000)
    assert 0.015 < summary.dirty_share < 0.03
    page = json.loads((tmp_path / "truth" / "summary.json").read_text())
    assert page["rows"] == summary.rows
    assert page["as_of"] == summary.as_of == "2025-03-31 23:59:59"


def test_progress_and_wrong_numbers(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    simulate(tmp_path, 1_001, months=1, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1_000, 1_001), (1_001, 1_001)]
    for tickets, months, fmt in ((0, 15, "csv"), (10, 0, "csv"), (10, 121, "csv"), (10, 1, "xlsx")):
        with pytest.raises(ValueError, match="must"):
            simulate(tmp_path / "never", tickets, months=months, fmt=fmt)  # type: ignore[arg-type]
    assert not (tmp_path / "never").exists()


def test_a_single_ticket_is_written_in_the_last_second(tmp_path: Path) -> None:
    summary = simulate(tmp_path, 1, months=1)
    (ticket,) = read(tmp_path / "truth" / "tickets.csv")
    assert ticket["created_at"] == summary.as_of
    assert ticket["status"] == "new"


def test_sample_is_what_the_simulator_writes(tmp_path: Path) -> None:
    """If this fails: python -m support_kpis.simulate.sample in the project, and look at what changed."""
    written = write_sample(tmp_path)
    assert {path.relative_to(tmp_path).parent for path in written} == {SEEDS, TRUTHS}
    for path in written:
        kept = PROJECT / path.relative_to(tmp_path)
        assert path.read_bytes() == kept.read_bytes(), kept
    assert (
        sum(path.stat().st_size for path in written if path.relative_to(tmp_path).parent == SEEDS) < 6_000_000
    )


def test_memory_does_not_grow_with_the_tickets(tmp_path: Path) -> None:
    # With small row groups every table is written on from early on, as large tables are with the real ones.
    code = (
        "import sys; from pathlib import Path; "
        "from support_kpis.simulate import simulate, writers; "
        "writers.ROW_GROUP = 1_000; simulate(Path(sys.argv[1]), int(sys.argv[2]), fmt='parquet'); "
        # Not ru_maxrss: a child begins with its parent's.
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )

    def peak(tickets: int) -> int:
        made = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / str(tickets)), str(tickets)],
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONPATH": str(PROJECT / "src")},
        )
        return int(made.stdout) * 1024

    few, many = peak(3_000), peak(12_000)
    assert many < 1.25 * few
    assert many < 500_000_000
