#!/usr/bin/python3
"""Writes the spreadsheets of this folder with the programs that offices' files come from.

Needs python3-openpyxl, python3-xlwt, gnumeric (ssconvert) and libreoffice-calc-nogui (soffice). The
results are committed, so that only somebody who changes them needs these programs. Every person
and number is invented. Usage: make_fixtures.py [FOLDER]
"""
import datetime
import os
import pathlib
import subprocess
import sys
import tempfile

import openpyxl
import xlwt
from openpyxl.styles import Font

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)


def base(path):
    """One sheet with a cell of every sort, a hidden sheet, a hidden row, merged cells."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "人才名册"
    sheet.merge_cells("A1:H1")
    sheet["A1"] = "二〇二五年度人才名册"
    sheet.append(["序号", "姓名", "证件号码", "出生日期", "入选年月", "经费（万元）", "单位", "备注"])
    day = datetime.date(1985, 3, 7)
    rows = [
        [1, "张三", "42010619850307001X", day, datetime.date(2021, 9, 1), 48.5, "江城大学", " 前有空格"],
        [2, "李四·买买提", 420106198503070028, day, datetime.date(2021, 9, 1), 0.1, None, "第一行\n第二行"],
        [3, "\U00020BB7田", "'420106198503070036", 1985.1, datetime.date(2021, 9, 1), 1985.1, None, "=NA()"],
        [4, "隐藏", "x", None, None, 1200000, "汉江学院", "=1=1"],
        [5, "公式", "=CONCATENATE(\"前\",\"后\")", "=D3", "=E3+30", "=F3*2", "汉江学院", "=\"\""],
    ]
    for row in rows:
        sheet.append(row)
    for r in range(3, 8):
        sheet.cell(r, 4).number_format = "yyyy-mm-dd"
        sheet.cell(r, 5).number_format = 'yyyy"年"m"月"'
    sheet["D5"].number_format = "General"
    sheet["F5"].number_format = "0.00"
    sheet["A1"].font = Font(bold=True)
    sheet.merge_cells("G3:G5")
    sheet.row_dimensions[6].hidden = True
    hidden = book.create_sheet("字典")
    hidden["B2"] = "博士"
    hidden.sheet_state = "hidden"
    book.save(path)


def continued(path):
    """Shared texts over many CONTINUE records, narrow and wide ones mixed; xlwt writes them."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("长文")
    for i in range(260):
        text = f"{i} " + ("narrow text " * 8 if i % 3 else "宽字符与 narrow 混排" * 9) + str(i)
        sheet.write(i, i % 5, text)
    book.save(path)


def unordered(path):
    """Cells written bottom up and right to left, a formula that nobody calculated."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("倒序")
    date = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for row in (4, 2, 3, 0):
        for column in (3, 1, 0):
            sheet.write(row, column, f"{row}行{column}列")
    sheet.write(5, 0, 31113, date)
    sheet.write(5, 1, xlwt.Formula("A1"))
    sheet.write_merge(6, 7, 0, 1, "合并")
    book.save(path)


def run(*command):
    # The code page of BIFF5 texts follows the language: 936 for a Chinese office.
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   env={**os.environ, "WINDOWS_LANGUAGE": "zh_CN"})


def main():
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "roster.xlsx"
        base(source)
        (OUT / "openpyxl.xlsx").write_bytes(source.read_bytes())
        soffice = [("xls", "MS Excel 97", "libreoffice.xls"),
                   ("ods", "calc8", "libreoffice.ods"),
                   ("xlsx", "Calc MS Excel 2007 XML", "libreoffice.xlsx"),
                   ("html", "HTML (StarCalc)", "libreoffice.html")]
        for ending, writer, name in soffice:
            out = pathlib.Path(folder) / ("out-" + name)
            run("soffice", "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile",
                "--convert-to", f"{ending}:{writer}", "--outdir", str(out), str(source))
            (OUT / name).write_bytes((out / f"roster.{ending}").read_bytes())
        gnumeric = [("Gnumeric_Excel:excel_biff8", "gnumeric.xls"),
                    ("Gnumeric_Excel:excel_biff7", "gnumeric95.xls"),
                    ("Gnumeric_OpenCalc:odf", "gnumeric.ods"),
                    ("Gnumeric_Excel:xlsx2", "gnumeric.xlsx"),
                    ("Gnumeric_html:html40", "gnumeric.html")]
        for writer, name in gnumeric:
            run("ssconvert", "--recalc", "-T", writer, str(source), str(OUT / name))
    continued(OUT / "continued.xls")
    unordered(OUT / "unordered.xls")


main()
