"""The careful reading names the line that the fast reader stumbled over, and only such lines."""

import csv
import io
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support_kpis.csv_faults import CsvFaultError, find_fault, header_of
from support_kpis.land import CSV_OPTIONS


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b"a,b\n1,2\n", ["a", "b"]),
        (b"\xef\xbb\xbfa,b\n", ["a", "b"]),
        (b' A ,"B "\r\n', ["a", "b"]),
        (b'a,"x ""y"" z"\n', ["a", 'x "y" z']),
        (b'a,"b\nc"\n1,2\n', ["a", "b\nc"]),
        (b"", []),
    ],
)
def test_header_is_trimmed_and_folded(tmp_path: Path, content: bytes, names: list[str]) -> None:
    assert header_of(written(tmp_path, content)) == names


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"a,b\n1,2\n3\n", 3, "fewer than the 2"),
        (b"a,b\n1,2\n3,4,5\n", 3, "more than the 2"),
        (b'a,b\n"1\n1",2\n3,4\n5\n', 5, "fewer"),
        (b'a,b\n1,"2\n3,4\n', 2, "broken quote"),
        (b'a,b\n1,"2\n3,"4"\n', 2, "broken quote"),
        (b'a,b\n1,"x"y\n', 2, "broken quote"),
        (b'a,b\n1,"ends with two quotes""\n', 2, "broken quote"),
        ("a,b\n1,2\n3,é\n".encode("latin-1"), 3, "not UTF-8 (byte 0xe9 at position 3)"),
        (b"a,b\n1,\x00\n", 2, "zero byte"),
        (b"a,b\r\n1,2\r\n3,4\n", 3, "line ends are mixed"),
    ],
)
def test_fault_is_found_where_it_begins(tmp_path: Path, content: bytes, line: int, words: str) -> None:
    fault = find_fault(written(tmp_path, content))
    assert fault is not None
    assert fault.line == line
    assert words in fault.what


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\n", b"a,b\n1,2\n\n3,4\n", b'a,b\n"1,\r\n2",""""\n', b'a,b\n1,in"side\n', b"a,b\r\n1,2\r\n"],
)
def test_sound_file_has_no_fault(tmp_path: Path, content: bytes) -> None:
    assert find_fault(written(tmp_path, content)) is None


def test_an_open_quote_far_from_the_end_is_found_in_linear_time(tmp_path: Path) -> None:
    rows = b"1,2\n" * 300_000
    path = written(tmp_path, b"a,b\n" + rows + b'1,"2\n' + rows)
    fault = find_fault(path)
    assert fault is not None
    assert fault.line == 300_002


def test_header_with_a_broken_quote_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(CsvFaultError) as raised:
        header_of(written(tmp_path, b'a,"b\n1,2\n'))
    assert raised.value.fault.line == 1


VALUES = st.text(
    alphabet=st.characters(exclude_categories=("Cs", "Cc"), include_characters='",\n'), max_size=12
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=8),
    ending=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_whatever_a_csv_writer_writes_is_sound_and_read_whole(
    tmp_path: Path, rows: list[tuple[str, str, str]], ending: str, quoting: int
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator=ending, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(("a", "b", "c"))
    writer.writerows(rows)
    path = written(tmp_path, buffer.getvalue().encode())
    assert find_fault(path) is None
    read = duckdb.sql(f"select a, b, c from read_csv('{path}', {CSV_OPTIONS})").fetchall()
    assert read == [tuple(value or None for value in row) for row in rows]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(alphabet='ab,"\n ', max_size=30))
def test_a_file_without_fault_loses_no_row_in_the_fast_reader(tmp_path: Path, body: str) -> None:
    path = written(tmp_path, f"a,b\n{body}".encode())
    try:
        counted = duckdb.sql(f"select count(*) from read_csv('{path}', {CSV_OPTIONS})").fetchone()
    except duckdb.Error:
        return  # refused, and so never lost in silence
    if find_fault(path) is None:
        records = [record for record in csv.reader(io.StringIO(body)) if record]
        assert counted == (len(records),)
