"""Tables of spreadsheet programs: read within limits, written so that nothing becomes a formula."""

import io
import zipfile

import pytest

from shequtong.lib import spreadsheets
from shequtong.lib.spreadsheets import NoTable, Sheet, as_csv, as_xlsx, read

ROWS = [["编号", "名称"], ["001", '=HYPERLINK("http://x","y")'], ["-3", "两行\n一格"], ["@cmd", "a|b"]]


@pytest.mark.parametrize("write", [as_csv, lambda sheet: as_xlsx([sheet], figures=False)])
def test_what_is_written_is_read_again(write):
    assert read(write(Sheet("表", ROWS)), 10) == ROWS


def test_nothing_written_is_a_formula():
    with zipfile.ZipFile(io.BytesIO(as_xlsx([Sheet("表", ROWS)]))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert "\"'=HYPERLINK" in as_csv(Sheet("表", ROWS)).decode("utf-8-sig")


def test_text_of_excel_in_china_is_read():
    assert read("编号;名称\nA01;敬老卡\n".encode("gb18030"), 10) == [["编号", "名称"], ["A01", "敬老卡"]]
    assert read("编号\t名称\r\nA01\t敬老卡".encode("utf-8-sig"), 10)[1] == ["A01", "敬老卡"]


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00\x01\x80",
        b"PK\x03\x04 nothing more",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"a,b\n" * 30,
        b"x" * (spreadsheets.MOST_BYTES + 1),
        b"a," * 100,
        b"x" * 20_000,
    ],
)
def test_what_is_no_table_or_too_long_is_refused(content):
    with pytest.raises(NoTable):
        read(content, 20)


def changed_book(change):
    """A workbook whose first sheet is `change(xml)`."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_xlsx([Sheet("表", ROWS)]))) as book, zipfile.ZipFile(into, "w") as new:
        for name in book.namelist():
            content = book.read(name)
            packing = zipfile.ZIP_DEFLATED
            new.writestr(name, change(content) if name.endswith("sheet1.xml") else content, packing)
    return into.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace(b'r="B4"', b'r="XFD1048576"'),
        lambda xml: xml.replace(b'r="B4"', b"r='B1048576'"),
        lambda xml: xml.replace(b"</worksheet>", b" " * (40 * 1024 * 1024) + b"</worksheet>"),
    ],
)
def test_a_small_file_cannot_unfold_to_a_giant(change):
    content = changed_book(change)
    assert len(content) < 200_000
    with pytest.raises(NoTable):
        read(content, 20)


def test_a_broken_workbook_is_refused():
    with pytest.raises(NoTable):
        read(changed_book(lambda xml: xml[:200]), 20)
