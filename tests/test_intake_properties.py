"""Whatever stands in the cells: never a crash, every row accounted for, and what was exported comes back as the same people."""

from __future__ import annotations

import os
import random
import time
import zipfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from analytics.errors import Refusal
from intake import guard
from intake.csv_text import CsvRefused, decode, sniff_delimiter
from intake.csv_text import read as read_csv
from intake.grid import Grid, column_index, column_letter
from intake.recognise import find_table
from intake.scan import scan_sheet
from intake.values.dates import parse_dates
from intake.values.numbers import parse_numbers
from intake.values.text import Distinct, clean
from intake.values.words import is_null, null_mask
from intake.vocabulary import normalise
from tests.intake_files import AS_OF, HEADERS, SHEET, csv_file, people, read, rewrite, sheet_xml, staff, workbook

pytestmark = pytest.mark.filterwarnings("error::pandas.errors.PerformanceWarning")

any_text = st.text(max_size=40)
cells = st.one_of(
    st.none(),
    any_text,
    st.integers(-(10**6), 10**6).map(str),
    st.floats(allow_nan=True).map(str),
    st.dates().map(str),
    st.sampled_from(["=1+1", "#N/A", "1,5", "80%", "V", "onbekend", "31-12-9999", "1E+15"]),
)
slow_example = settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@given(st.lists(any_text, max_size=30), st.sampled_from(["birth", "hire", "leave", "end", "any"]))
def test_any_text_is_a_date_or_not_but_never_a_crash(texts: list[str], role: str) -> None:
    read_ = parse_dates(pd.Series(texts, dtype="str"), role, AS_OF)
    assert len(read_.values) == len(texts)
    assert not (read_.bad & ~np.isnat(read_.values)).any()


@given(
    st.dates(date(1930, 1, 1), date(2060, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d", "%Y-%m-%d 00:00:00", "%d %B %Y", "%B %d, %Y", "%d-%b-%Y"]),
)
def test_every_spelling_of_a_date_comes_back(day: date, spelling: str) -> None:
    column = pd.Series([day.strftime(spelling), date(2001, 2, 25).strftime(spelling)], dtype="str")
    assert parse_dates(column, "any", AS_OF).values[0] == np.datetime64(day, "us")


@given(st.lists(st.dates(date(1940, 1, 1), date(2005, 12, 31)), min_size=1, max_size=30), st.sampled_from(["%d-%m-%Y", "%m/%d/%Y"]))
def test_order_is_one_for_the_whole_column(days: list[date], spelling: str) -> None:
    assume(any(day.day > 12 for day in days))
    column = pd.Series([day.strftime(spelling) for day in days], dtype="str")
    assert parse_dates(column, "birth", AS_OF).values.tolist() == np.array(days, dtype="datetime64[us]").tolist()


@given(st.lists(any_text, max_size=30), st.booleans())
def test_any_text_is_a_number_or_not(texts: list[str], small: bool) -> None:
    read_ = parse_numbers(pd.Series(texts, dtype="str"), small=small)
    assert not np.isinf(read_.values).any()
    assert (np.isnan(read_.values) | ~read_.bad).all()


@given(st.lists(st.integers(0, 99_999_999), min_size=2, max_size=20), st.sampled_from([("{:,.2f}", "."), ("dutch", ",")]))
def test_money_in_dutch_and_english(cents: list[int], style: tuple[str, str]) -> None:
    texts = [f"{value / 100:,.2f}" for value in cents]
    if style[1] == ",":
        texts = [text.translate(str.maketrans(",.", ".,")) for text in texts]
    assert parse_numbers(pd.Series(texts, dtype="str")).values.tolist() == pytest.approx([value / 100 for value in cents])


@given(any_text)
def test_cleaning_twice_is_cleaning_once_and_leaves_nothing_invisible(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not any(char in once for char in "\u200b\u202e\x00\n\r\t")


@given(st.lists(any_text, max_size=50))
def test_distinct_texts_spread_back_to_the_column(texts: list[str]) -> None:
    found = Distinct(pd.Series(texts, dtype="str"))
    assert found.series().tolist() == [clean(text) for text in texts]
    assert int(found.counts.sum()) == len(texts)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=30))
def test_headers_are_equal_whatever_their_case_and_spaces(text: str) -> None:
    assert normalise(text.upper()) == normalise(f"  {text.lower()} ")


@given(st.integers(0, 16_383))
def test_letters_of_columns(index: int) -> None:
    assert column_index(column_letter(index)) == index


@given(st.lists(st.tuples(st.integers(1, 1_048_576), st.integers(0, 16_383)), min_size=1, max_size=40), st.integers(1, 5))
def test_the_scan_finds_the_edges_whatever_the_blocks(places: list[tuple[int, int]], pieces: int) -> None:
    body = b"".join(f'<row r="{row}"><c r="{column_letter(column)}{row}"><v>1</v></c></row>'.encode() for row, column in places)
    xml = sheet_xml(body)
    size = max(1, len(xml) // pieces)
    seen = scan_sheet(xml[start : start + size] for start in range(0, len(xml), size))
    rows, columns = zip(*places, strict=True)
    assert (seen.cells, seen.first_row, seen.last_row) == (len(places), min(rows), max(rows))
    assert (seen.first_column, seen.last_column) == (min(columns), max(columns))


@given(st.binary(max_size=400))
@example(b"\xff\xfe")
@example(b'a;b\n"c;d\n' * 90)
def test_any_bytes_are_a_table_or_refused(data: bytes) -> None:
    text, _, _ = decode(data)
    assert len(sniff_delimiter(text)) == 1
    try:
        table = read_csv(data)
    except CsvRefused:
        return
    assert all(len(column) == len(table.lines) for column in table.columns)


@given(st.lists(st.lists(cells, min_size=7, max_size=7), min_size=1, max_size=12))
def test_any_cells_under_any_headers_are_recognised_or_not(rows: list[list[str | None]]) -> None:
    import pyarrow as pa

    grid = Grid("S", pa.table({f"c{j}": pa.array([row[j] for row in rows], pa.string()) for j in range(7)}))
    table = find_table(grid)
    assert table is None or set(table.fields.values()) <= set(range(7))


@slow_example
@given(rows=st.lists(st.lists(cells, min_size=6, max_size=6), min_size=1, max_size=15), delimiter=st.sampled_from([";", ",", "\t", "|"]))
def test_every_row_is_kept_or_rejected(tmp_path: Path, rows: list[list[str | None]], delimiter: str) -> None:
    tidy = [["".join(char for char in cell if char.isprintable() and char not in '";,|') if cell else cell for cell in row] for row in rows]
    try:
        report = read(csv_file(tmp_path / "a.csv", [HEADERS, *people(3), *tidy], delimiter)).main
    except Refusal:
        return
    assert report.rows_read == report.rows_kept + report.rows_rejected
    assert report.people <= report.rows_kept
    assert len(report.rejected) == report.rows_rejected


@slow_example
@given(
    seed=st.integers(0, 10**6),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    delimiter=st.sampled_from([";", ",", "\t"]),
    excel=st.booleans(),
)
def test_what_was_exported_comes_back_as_the_same_people(tmp_path: Path, seed: int, encoding: str, delimiter: str, excel: bool) -> None:
    chance = random.Random(seed)
    rows = [
        [
            f"{number:06d}",
            date(1960, 1, 1) + timedelta(days=chance.randrange(15_000)),
            date(2005, 1, 1) + timedelta(days=chance.randrange(7_000)),
            chance.choice(["Zorg", "Coördinatie", "R&D; lab"]),
            "Functie",
            chance.choice([1.0, 0.8, 0.5]),
        ]
        for number in range(chance.randrange(2, 40))
    ]
    chance.shuffle(rows)
    path = workbook(tmp_path / "a.xlsx", [HEADERS, *rows]) if excel else csv_file(tmp_path / "a.csv", [HEADERS, *rows], delimiter, encoding)
    frame = read(path).frames["employees"]
    back = [[row.employee_id, row.birth_date.date(), row.hire_date.date(), row.unit, row.role, row.fte] for row in frame.itertuples()]
    if not excel and max(row[1].day for row in rows) <= 12:
        return
    assert back == rows


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Bytes turned, cut, doubled, or the XML inside changed and packed again."""
    kind = chance.randrange(4)
    if kind == 0:
        changed = bytearray(data)
        for _ in range(chance.randrange(1, 30)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        return bytes(changed)
    if kind == 1:
        start = chance.randrange(len(data))
        return data[:start] + data[start + chance.randrange(1, 400) :]
    return _mutated_xml(data, chance)


def _mutated_xml(data: bytes, chance: random.Random) -> bytes:
    import io

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([SHEET, SHEET, SHEET, *parts])
    xml = bytearray(parts[name])
    tokens = [
        b'<c r="A1">',
        b"</row>",
        b'<row r="9">',
        b'r="XFD9"',
        b't="e"',
        b't="s"',
        b"<v>1e999</v>",
        b"<v>-1</v>",
        b"<f>A1</f>",
        b"\x00",
        b"&amp;",
        b"]]>",
        b"<!--",
        b"99999999999",
        b"\xff\xfe",
        b"<is><t>",
        b's="99999"',
    ]
    for _ in range(chance.randrange(1, 8)):
        place = chance.randrange(len(xml))
        xml[place : place + chance.randrange(0, 12)] = chance.choice(tokens)
    parts[name] = bytes(xml)
    from tests.intake_files import zip_bytes

    return zip_bytes(parts)


def _worked() -> float:
    """Seconds of processor time of this process and its children."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_a_thousand_mutated_workbooks(tmp_path: Path, part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter at a time; every other quarter by distinct cells, as a large file is read."""
    chance = random.Random(20260101 + part)
    if part % 2:
        monkeypatch.setattr(guard, "LARGE_PART", 0)
    whole = workbook(tmp_path / "good.xlsx", {"Data": staff(30), "Functies": [["Functie", "ISCO-08"], ["Functie 1", "7126"]]}).read_bytes()
    path = tmp_path / "mutated.xlsx"
    read(tmp_path / "good.xlsx")
    before, slowest, longest, refused = psutil.Process().memory_info().rss, 0.0, 0.0, 0
    for _ in range(250):
        path.write_bytes(mutate(whole, chance))
        started, clock = _worked(), time.perf_counter()
        try:
            report = read(path).main
            assert report.rows_read == report.rows_kept + report.rows_rejected
        except Refusal:
            refused += 1
        slowest, longest = max(slowest, _worked() - started), max(longest, time.perf_counter() - clock)
    grown = psutil.Process().memory_info().rss - before
    took = f"slowest {slowest:.2f} s of work, {longest:.2f} s by the clock"
    print(f"\n250 mutated workbooks: {refused} refused, {took}, parent grew {grown / 1e6:.0f} MB")
    assert slowest < 5  # of work, its own and its child's: what others do on this machine is not the file's fault
    assert grown < 50_000_000
    assert 25 < refused < 250


def test_a_few_mutated_workbooks(tmp_path: Path) -> None:
    chance = random.Random(7)
    whole = workbook(tmp_path / "good.xlsx", staff(30)).read_bytes()
    codes = set()
    for _ in range(20):
        (tmp_path / "m.xlsx").write_bytes(mutate(whole, chance))
        try:
            read(tmp_path / "m.xlsx")
        except Refusal as refusal:
            codes.add(refusal.code)
    assert codes
    assert codes <= {
        "not_a_workbook",
        "hostile_file",
        "encrypted",
        "no_table_found",
        "far_cell",
        "no_birth_date_or_age",
        "header_only",
        "all_rows_invalid",
    }


def test_the_child_stays_within_its_limits(tmp_path: Path) -> None:
    """A limit on memory that is too small to read anything gives a refusal, not an error."""
    with pytest.raises(Refusal) as caught:
        read(workbook(tmp_path / "a.xlsx", staff(30)), memory=60_000_000)
    assert caught.value.code in ("hostile_file", "too_large")


@pytest.mark.slow
def test_half_a_million_rows_fit_and_tell_how_far_they_are(tmp_path: Path) -> None:
    """Twenty columns; what the child uses stays under the limit, and the steps are told in order."""
    told: list[tuple[str, float]] = []
    reading: list[float] = []

    def tell(step: str, share: float) -> None:
        told.append((step, share))
        if step == "read":
            reading.append(time.monotonic())

    free = "".join(f'<c r="{column_letter(6 + at)}{{0}}"><v>{{0}}</v></c>' for at in range(14))
    line = (
        '<row r="{0}"><c r="A{0}"><v>{0}</v></c><c r="B{0}" t="inlineStr"><is><t>1980-05-17</t></is></c><c r="C{0}" t="inlineStr"><is><t>'
        '2010-03-01</t></is></c><c r="D{0}" t="inlineStr"><is><t>Zorg</t></is></c><c r="E{0}" t="inlineStr"><is><t>Functie</t></is></c>'
        '<c r="F{0}"><v>0.8</v></c>' + free + "</row>"
    )
    body = "".join(line.format(number) for number in range(2, 500_002)).encode()
    path = workbook(tmp_path / "a.xlsx", [[*HEADERS, *(f"Vrij veld {number}" for number in range(14))]])
    rewrite(path, {SHEET: lambda xml: xml.replace(b"</sheetData>", body + b"</sheetData>")})
    result = read(path, progress=tell)
    assert result.main.people == 500_000
    assert list(dict.fromkeys(step for step, _ in told)) == ["look", "read", "recognise", "check", "done"]
    assert sum(step == "look" for step, _ in told) > 100
    assert len(reading) > 2  # how often depends on how fast the machine reads: at least once in every half second of it
    assert len(reading) >= (reading[-1] - reading[0]) / 0.5
    assert [share for _, share in told] == sorted(share for _, share in told)


@given(
    st.lists(
        st.one_of(st.text(max_size=40), st.sampled_from(["NA", " n.v.t. ", "00000000", "000", "Ünbekannt", "-", "keine  Angabe"])),
        max_size=30,
    )
)
@example(texts=["\x1f", "\x1c-", "-\x00"])
def test_nothing_is_the_same_word_one_by_one_and_all_at_once(texts: list[str]) -> None:
    encodable = [text.encode("utf-8", "ignore").decode() for text in texts]
    assert null_mask(encodable).tolist() == [is_null(text) for text in encodable]
