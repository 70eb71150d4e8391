"""Raw folders that can be read, and those that cannot: the sentence names file, line and remedy."""

import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet
import pytest

from support_kpis.contract import Column, RawTable
from support_kpis.errors import WrongUse
from support_kpis.land import CSV_OPTIONS, check_raw_dir
from support_kpis.raw_folder import unread_note


def table(name: str, *, required: bool) -> RawTable:
    columns = {
        "id": Column("id", "text", required=True),
        "made_at": Column("made_at", "timestamp", required=True),
        "note": Column("note", "text"),
    }
    return RawTable(name, ("id",), required, columns)


CONTRACT = {"things": table("things", required=True), "extras": table("extras", required=False)}
GOOD = b"id,made_at,note\n1,2025-01-01,x\n2,2025-01-02,\n"


def parquet(path: Path, query: str = "select '1' as id, timestamp '2025-01-01' as made_at") -> None:
    with duckdb.connect() as connection:
        connection.execute(f"copy ({query}) to '{path}' (format parquet)")


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (GOOD, 2),
        (b"\xef\xbb\xbf" + GOOD, 2),
        (GOOD.replace(b"\n", b"\r\n"), 2),
        (b"", 0),
        (b"\n", 0),
        (b"id,made_at,note\n", 0),
        (b"id,made_at,note", 0),
        (b"note,extra,made_at,id\nx,y,2025-01-01,1\n", 1),
        (b'" ID ",Made_At\n1,2025-01-01\n', 1),
        (b'id,made_at,note\n1,2025-01-01,"two\r\nlines, and ""quotes"""\n', 1),
        (b"id,made_at\n1,not a time at all\n", 1),
        (b"id,made_at,note\n1,2025-01-01,a\0b\n", 1),
        (b"id,made_at,note\n1,2025-01-01," + b"x" * 16777202 + b"\n", 1),
    ],
)
def test_good_csv_is_counted(tmp_path: Path, content: bytes, rows: int) -> None:
    (tmp_path / "things.csv").write_bytes(content)
    assert check_raw_dir(tmp_path, CONTRACT).rows == {"things": rows}


def test_parquet_file_and_folder_are_counted(tmp_path: Path) -> None:
    parquet(tmp_path / "things.parquet")
    (tmp_path / "extras").mkdir()
    parquet(tmp_path / "extras" / "1.parquet")
    parquet(tmp_path / "extras" / "2.parquet", "select 'x' as note, '2' as id, now() as made_at")
    assert check_raw_dir(tmp_path, CONTRACT).rows == {"things": 1, "extras": 2}


@pytest.mark.parametrize(
    "queries",
    [
        (("1::integer", "2"), ("2::bigint", "'x'")),
        (("timestamp_s '2025-01-01'", "2::decimal(9, 2)"), ("timestamptz '2025-01-01'", "1.5::double")),
        (("'2025-01-01T10:00:00'", "null"), ("timestamp '2025-01-01'", "['x']")),
        (("timestamp '2025-01-01'", "null::bigint"), ("date '2025-01-01'", "timestamp '2025-01-01'")),
        (("null::integer", "'x'"), ("timestamp_ns '2025-01-01'", "true")),
    ],
)
def test_types_that_go_together_are_accepted(tmp_path: Path, queries: tuple[tuple[str, str], ...]) -> None:
    """And so are columns that the contract does not know, whatever their types."""
    more = (", 1 as colour", ", ['red'] as colour")
    first, second = (typed(*query, more=extra) for query, extra in zip(queries, more, strict=True))
    parts("things", a=first, b=second)(tmp_path)
    assert check_raw_dir(tmp_path, CONTRACT).rows == {"things": 2}
    united = f"read_parquet('{tmp_path}/things/*.parquet', union_by_name = true)"
    assert len(duckdb.sql(f"select id, made_at, note from {united}").fetchall()) == 2


def csv_of(content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / "things.csv").write_bytes(content) and None


def nothing(folder: Path) -> None:
    pass


def both(folder: Path) -> None:
    csv_of(GOOD)(folder)
    parquet(folder / "things.parquet")


def cut_parquet(folder: Path) -> None:
    parquet(folder / "things.parquet", "select range::varchar as id, now() as made_at from range(1000)")
    content = (folder / "things.parquet").read_bytes()
    (folder / "things.parquet").write_bytes(content[: len(content) // 2])


def no_parquet(folder: Path) -> None:
    (folder / "things.parquet").write_bytes(GOOD)


def empty_parquet(folder: Path) -> None:
    (folder / "things.parquet").write_bytes(b"")


def poor_parquet(folder: Path) -> None:
    parquet(folder / "things.parquet", "select '1' as id")


def parts(table: str, **queries: str) -> Callable[[Path], None]:
    """A folder of Parquet files by name; `things` is there besides."""

    def make(folder: Path) -> None:
        if table != "things":
            csv_of(GOOD)(folder)
        (folder / table).mkdir()
        for name, query in queries.items():
            parquet(folder / table / f"{name}.parquet", query)

    return make


def typed(made_at: str = "timestamp '2025-01-01'", note: str = "'x'", more: str = "") -> str:
    return f"select '1' as id, {made_at} as made_at, {note} as note{more}"


def spaced(folder: Path) -> None:
    parquet(folder / "things.parquet", """select 1 as id, 2 as " Id ", now() as made_at""")


def cased(folder: Path) -> None:
    columns = [pyarrow.array(["a"])] * 3
    pyarrow.parquet.write_table(
        pyarrow.Table.from_arrays(columns, names=["id", "ID", "made_at"]), folder / "things.parquet"
    )


def dangling(folder: Path) -> None:
    (folder / "things.csv").symlink_to(folder / "nowhere")


def folder_called_csv(folder: Path) -> None:
    (folder / "things.csv").mkdir()


def upper(folder: Path) -> None:
    (folder / "Things.CSV").write_bytes(GOOD)


def empty_folder(folder: Path) -> None:
    (folder / "things").mkdir()


def spreadsheet(folder: Path) -> None:
    (folder / "things.xlsx").write_bytes(b"PK\x03\x04")


def bad_extra(folder: Path) -> None:
    csv_of(GOOD)(folder)
    (folder / "extras.csv").write_bytes(b'id,made_at\n1,"2025\n')


BAD = [
    (nothing, r"holds no things: put things\.csv or things\.parquet there"),
    (spreadsheet, r"things\.xlsx, which is neither CSV nor Parquet by its name"),
    (both, r"holds both things\.csv and things\.parquet: keep the one"),
    (cut_parquet, r"things\.parquet is a Parquet file that is cut off or damaged"),
    (no_parquet, r"things\.parquet is no Parquet file .*name it \.csv"),
    (empty_parquet, r"things\.parquet is empty, which no Parquet file is"),
    (poor_parquet, r"things\.parquet names no column made_at: the table things needs id, made_at"),
    (empty_folder, r"folder .*things holds no \.parquet file"),
    (
        parts("things", a=typed(), b=typed("1735689600")),
        r"things disagree on the column made_at: it is INTEGER in b\.parquet and TIMESTAMP in a\.parquet, ",
    ),
    (
        parts("extras", a=typed(note="['a@b.example']"), b=typed(note="'a@b.example'")),
        r"extras disagree on the column note: it is VARCHAR in b\.parquet and VARCHAR\[\] in a\.parquet, ",
    ),
    (
        parts("things", a=typed(), b=typed("timestamp_ns '2025-01-01'"), c=typed("timestamp '9999-01-01'")),
        r"made_at: it is TIMESTAMP in c\.parquet and TIMESTAMP_NS in b\.parquet, ",
    ),
    (
        parts("things", a=typed(note="{'a@b.example': 1}"), b=typed()),
        r"column note: it is VARCHAR in b\.parquet and STRUCT\(\.\.\.\) in a\.parquet, ",
    ),
    (spaced, r"things\.parquet names the column id more than once, 'id' in .* and ' Id ' in "),
    (cased, r"things\.parquet names the column id more than once, 'id' in .* and 'ID' in "),
    (
        parts("things", a=typed(), b=typed().replace("as note", 'as "note "')),
        r"names the column note more than once, 'note' in a\.parquet and 'note ' in b\.parquet: keep one",
    ),
    (dangling, r"things\.csv is a link to a file that is not there: mend the link"),
    (folder_called_csv, r"things\.csv is a folder: put the file things\.csv in its place"),
    (upper, r"Things\.CSV is not read because of its name: write it in lower case, things\.csv\."),
    (bad_extra, r"extras\.csv line 2 has a broken quote"),
    (
        csv_of(b'id,made_at,note\n1,2025-01-01,"x\n2,y,z\n'),
        r"things\.csv line 2 has a broken quote: .*close it",
    ),
    (csv_of(GOOD + "3,2025-01-03,é\n".encode("cp1252")), r"things\.csv line 4 is not UTF-8 .*UTF-8\."),
    (csv_of(GOOD + b"3,2025-01-03\n"), r"things\.csv line 4 has 2 fields, fewer than the 3 of the header"),
    (csv_of(GOOD + b"3,2025-01-03,x,y\n"), r"things\.csv line 4 has 4 fields, more than the 3 of the header"),
    (csv_of(b"id,made_at,note\n1,2,3,4\n5,6,7,8\n"), r"things\.csv line 2 has 4 fields, more than the 3"),
    (csv_of(b"id,made_at\n1,2,3\n"), r"things\.csv line 2 has 3 fields"),
    (csv_of(GOOD.replace(b"\n", b"\r\n") + b"3,2025-01-03,x\n"), r"things\.csv line 4 .*line ends are mixed"),
    (csv_of(b"1,2025-01-01,x\n2,2025-01-02,y\n"), r"line 1 names no column id, made_at \(is it the header"),
    (csv_of(b"id,note\n1,x\n"), r"things\.csv line 1 names no column made_at: the table things needs"),
    (csv_of(b"id,made_at,ID\n1,2025-01-01,2\n"), r"line 1 names the column id more than once"),
    (csv_of(b"id,a,made_at,A\n1,x,2025-01-01,y\n"), r"line 1 gives columns 2 and 4 the same name: keep one"),
    (csv_of(b"1,a@b.example,a@b.example\n"), r"line 1 names no column id, made_at \(is it the header"),
    (csv_of(b"id;made_at;note\n1;2;3\n"), r"line 1 is separated by semicolons: .*commas"),
    (csv_of(b"id\tmade_at\tnote\n1\t2\t3\n"), r"line 1 is separated by tabs"),
    (csv_of(b"\nid,made_at\n1,2025-01-01\n"), r"things\.csv line 1 is empty"),
    (csv_of(b'id,"made_at\n1,2\n'), r"things\.csv line 1 has a broken quote"),
    (csv_of(b"PK\x03\x04" + b"\0" * 99), r"things\.csv is no CSV file but a spreadsheet"),
    (csv_of(bytes(range(256))), r"things\.csv is no CSV file but a binary file"),
    (csv_of("id,made_at\n".encode("utf-16")), r"things\.csv is no CSV file but text in UTF-16"),
    (csv_of("id,made_at\n".encode("utf-32")), r"things\.csv is no CSV file but text in UTF-32"),
    (
        csv_of(b"id,made_at\n1,2025-01-01\n" + b"2," + b"x" * 16777214 + b"\n"),
        r"things\.csv line 3 begins a row of 16,777,216 bytes, and one has to be shorter than 16,777,216: ",
    ),
    (csv_of(b"\x1f\x8b\x08\x00" + b"x" * 99), r"things\.csv is no CSV file but compressed with gzip"),
    (csv_of(b"PAR1" + b"x" * 99), r"things\.csv is no CSV file but a Parquet file"),
]


@pytest.mark.parametrize(("make", "words"), BAD, ids=[words[:40] for _, words in BAD])
def test_bad_input_is_told_in_one_sentence(tmp_path: Path, make: Callable[[Path], None], words: str) -> None:
    make(tmp_path)
    with pytest.raises(WrongUse) as raised:
        check_raw_dir(tmp_path, CONTRACT)
    message = str(raised.value)
    assert raised.value.exit_code == 2
    assert str(tmp_path) in message
    assert re.search(words, message), message
    assert "a@b.example" not in message
    assert "\n" not in message
    assert message.endswith(".")


def test_missing_folder_file_and_pattern_are_told(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="does not exist: check --raw-dir"):
        check_raw_dir(tmp_path / "nowhere", CONTRACT)
    file = tmp_path / "things.csv"
    file.write_bytes(GOOD)
    with pytest.raises(WrongUse, match="is a file: give --raw-dir the folder"):
        check_raw_dir(file, CONTRACT)
    odd = tmp_path / "a[1]"
    odd.mkdir()
    with pytest.raises(WrongUse, match="rename the folder"):
        check_raw_dir(odd, CONTRACT)


def test_a_fault_late_in_a_big_file_is_found(tmp_path: Path) -> None:
    rows = b"1,2025-01-01,x\n" * 400_000
    (tmp_path / "things.csv").write_bytes(b"id,made_at,note\n" + rows + b'1,2025-01-01,"x\n' + rows)
    with pytest.raises(WrongUse, match="line 400002 has a broken quote"):
        check_raw_dir(tmp_path, CONTRACT)


def test_the_scan_has_the_options_of_the_macro(project_dir: Path) -> None:
    macro = (project_dir / "macros/landing/land_raw_files.sql").read_text()
    found = re.search(r"\.csv', (all_varchar = .*?)\)\"", macro)
    assert found is not None
    options = set(found.group(1).replace('\\"', '"').split(", "))
    missing = {option for option in options if option not in CSV_OPTIONS}
    assert not missing


def test_what_lies_under_a_near_name_is_named(tmp_path: Path) -> None:
    """A file that is not read, though somebody put it there to be read; others are not told."""
    (tmp_path / "things.csv").write_bytes(GOOD)
    parts("extras", a=typed())(tmp_path)
    (tmp_path / "notes.csv").write_bytes(GOOD)
    (tmp_path / "thing.csv").write_bytes(GOOD)
    assert unread_note(tmp_path, CONTRACT) is None
    (tmp_path / "extras_2024.csv").write_bytes(GOOD)
    (tmp_path / "Things.csv.gz").write_bytes(b"")
    (tmp_path / "extras.csv").symlink_to(tmp_path / "nowhere")
    note = unread_note(tmp_path, CONTRACT)
    assert note is not None
    assert note.startswith(f"Not read from {tmp_path}: Things.csv.gz, extras.csv, extras_2024.csv. ")
    assert "such as things.csv or things.parquet" in note
    check_raw_dir(tmp_path, CONTRACT)
    for number in range(20):
        (tmp_path / f"things.{number:02}").write_bytes(b"")
    assert "and 13 more. A raw table" in str(unread_note(tmp_path, CONTRACT))
