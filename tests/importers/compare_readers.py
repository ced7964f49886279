#!/usr/bin/python3
"""Cell by cell, what our readers find in folders of fixtures beside openpyxl, xlrd and ssconvert. What
our readers refuse, and plain text, has no peer. Usage: compare_readers.py TABLE_DUMP FOLDER ...
Exit code 77: a peer is not installed."""
import csv
import datetime
import itertools
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings

try:
    import openpyxl
    import xlrd
except ImportError as missing:
    print("chucai: skipped:", missing)
    sys.exit(77)
if shutil.which("ssconvert") is None:
    print("chucai: skipped: no ssconvert")
    sys.exit(77)

warnings.filterwarnings("ignore", module="openpyxl")
TEXT, NUMBER, DATE, ERROR, FORMULA = range(5)


def ours(dump, path):
    done = subprocess.run([dump, "--cells", path], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        return None
    cells = {}
    for line in done.stdout.rstrip("\n").split("\n"):
        sheet, row, column, kind, text = line.split("\t", 4)
        cells[int(sheet), int(row), int(column)] = (int(kind), text)
    return {place: cell for place, cell in cells.items() if cell[0] != FORMULA}


def visible(text):
    return text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


def of_openpyxl(path):
    with open(path, "rb") as file:  # whatever it is called
        book = openpyxl.load_workbook(file, data_only=True)
    for at, sheet in enumerate(book.worksheets, 1):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None and cell.value != "":
                    yield (at, cell.row, cell.column), cell.value, cell.data_type == "e"


def of_xlrd(path):
    book = xlrd.open_workbook(path)
    for at, sheet in enumerate(book.sheets(), 1):
        for r in range(sheet.nrows):
            for c in range(sheet.ncols):
                cell = sheet.cell(r, c)
                if cell.ctype == xlrd.XL_CELL_DATE:
                    value = xlrd.xldate_as_datetime(cell.value, book.datemode)
                elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                    value = bool(cell.value)
                elif cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) or cell.value == "":
                    continue
                else:
                    value = cell.value
                yield (at, r + 1, c + 1), value, cell.ctype == xlrd.XL_CELL_ERROR


def same(value, is_error, cell):
    kind, text = cell
    if is_error:
        return kind == ERROR
    if isinstance(value, bool):
        return text == str(value).upper()
    if text == "1900-02-29":  # a day that only spreadsheets have
        return kind == DATE and value == datetime.datetime(1900, 2, 28)
    if isinstance(value, (datetime.datetime, datetime.date)):
        return kind == DATE and str(value).replace(" 00:00:00", "") == text
    if isinstance(value, (int, float)) and kind == DATE:
        # openpyxl knows none of the dates of zh formats (27-36, 50-58): their serials are compared.
        day = datetime.date.fromisoformat(text)
        return value in ((day - datetime.date(1899, 12, 30)).days,
                         (day - datetime.date(1904, 1, 1)).days)
    if isinstance(value, (int, float)):
        return kind == NUMBER and abs(float(text) - value) <= 1e-9 * abs(value)
    return visible(str(value)) == text


def compare(name, found, cells):
    wrong = []
    places = set()
    for place, value, is_error in found:
        places.add(place)
        if place not in cells:
            wrong.append(f"{place}: missing, there is {value!r}")
        elif not same(value, is_error, cells[place]):
            wrong.append(f"{place}: {cells[place]} instead of {value!r}")
    wrong += [f"{place}: {cells[place]}, there is nothing" for place in cells.keys() - places]
    print(f"{name}: {len(places)} cells, {len(wrong)} differ")
    for line in wrong[:10]:
        print("   ", line)
    return len(wrong), len(places)


def by_ssconvert(path, cells):
    """ssconvert shows values as formatted and starts at the first cell in use: what can be compared
    is the row of cells that are not blank, and those of them that are texts."""
    wrong = total = 0
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["ssconvert", "-S", path, folder + "/%n.csv"], check=True, timeout=60,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for at in range(len(list(pathlib.Path(folder).iterdir()))):
            with open(f"{folder}/{at}.csv", newline="", encoding="utf-8") as lines:
                shown = [visible(text) for row in csv.reader(lines) for text in row if text]
            mine = [cells[place] for place in sorted(cells) if place[0] == at + 1]
            total += len(shown)
            html = path.endswith(".html")  # whose numbers ssconvert formats anew
            pairs = list(itertools.zip_longest(shown, mine))
            bad = [p for p in pairs if None in p or
                   (p[1][0] == TEXT and not html and p[0].strip() != p[1][1].strip())]
            wrong += len(bad)
            for pair in bad[:10]:
                print("   ", pair)
    print(f"{pathlib.Path(path).name} (ssconvert): {total} cells, {wrong} differ")
    return wrong, total


# What no peer reads as it is meant: xlrd stops at a STRING record and ssconvert takes code page 936
# for 1252; openpyxl finds nothing in Strict workbooks and walks the whole range up to a last cell.
NO_PEER = {'gnumeric95.xls', 'last_cell_of_a_sheet.xlsx'}
BY_SSCONVERT = {'strict.xlsx'}
# What a peer dies of: names with \\, a chart sheet without its drawing, a shared text that is not there;
# ssconvert takes neither Strict nor XML 2003 under these names.
PEER_FAILS = {'backslashes_and_case.xlsx', 'chart_sheet_first.xlsx', 'strict.xlsx',
              'shared_rich_and_error_cells.xlsx', 'xml_of_2003_named.xls'}


def peer_of(path):
    """The reader of what the file is, whatever it is called; None: none."""
    name = pathlib.Path(path).name
    if name in NO_PEER or name.endswith(('.txt', '.py')):
        return None
    with open(path, 'rb') as file:
        head = file.read(4096)
    if name in BY_SSCONVERT:
        return by_ssconvert
    if head.startswith(b'\xd0\xcf\x11\xe0'):
        return lambda p, cells: compare(name, of_xlrd(p), cells)
    if head.startswith(b'PK'):
        if b'opendocument.spreadsheet' in head:
            return by_ssconvert
        return lambda p, cells: compare(name, of_openpyxl(p), cells)
    return by_ssconvert if b'<' in head[:64] else None


def main():
    dump, *folders = sys.argv[1:]
    wrong = total = files = 0
    for path in sorted(p for folder in folders for p in pathlib.Path(folder).iterdir()):
        peer = peer_of(str(path))
        cells = ours(dump, str(path)) if peer else None
        if cells is None:
            continue
        try:
            found = peer(str(path), cells)
        except Exception as error:  # whatever a peer does with a file that is odd
            print(f"{path.name}: the peer cannot read it: {type(error).__name__}")
            wrong += path.name not in PEER_FAILS
            continue
        files += 1
        wrong += found[0]
        total += found[1]
    print(f"{files} files, {total} cells compared, {wrong} differ")
    sys.exit(1 if wrong or total < 900 else 0)


main()
