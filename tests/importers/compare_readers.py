#!/usr/bin/python3
"""Cell by cell, what our readers find in tests/data/spreadsheets beside openpyxl, xlrd and
ssconvert. Usage: compare_readers.py TABLE_DUMP FOLDER. Exit code 77: a peer is not installed."""
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
    out = subprocess.run([dump, "--cells", path], check=True, capture_output=True, text=True).stdout
    cells = {}
    for line in out.rstrip("\n").split("\n"):
        sheet, row, column, kind, text = line.split("\t", 4)
        cells[int(sheet), int(row), int(column)] = (int(kind), text)
    return {place: cell for place, cell in cells.items() if cell[0] != FORMULA}


def visible(text):
    return text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


def of_openpyxl(path):
    book = openpyxl.load_workbook(path, data_only=True)
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
    if isinstance(value, (datetime.datetime, datetime.date)):
        return kind == DATE and str(value).replace(" 00:00:00", "") == text
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
        subprocess.run(["ssconvert", "-S", path, folder + "/%n.csv"], check=True,
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


def main():
    dump, folder = sys.argv[1:]
    wrong = total = 0
    for path in sorted(pathlib.Path(folder).iterdir()):
        peer = {".xlsx": of_openpyxl, ".xls": of_xlrd}.get(path.suffix)
        # Neither peer reads gnumeric95.xls: xlrd stops at a STRING record, and ssconvert takes code
        # page 936 for 1252.
        if path.suffix in (".txt", ".py") or path.name == "gnumeric95.xls":
            continue
        cells = ours(dump, str(path))
        result = compare(path.name, peer(str(path)), cells) if peer else \
            by_ssconvert(str(path), cells)
        wrong += result[0]
        total += result[1]
    print(f"{total} cells compared, {wrong} differ")
    sys.exit(1 if wrong or total < 600 else 0)


main()
