#!/usr/bin/python3
"""What an office does today: openpyxl, a row at a time, no check. The peer of import_bench.
Usage: office_script.py ROSTER.xlsx sqlite FILE | ROSTER.xlsx mariadb SOCKET SCHEMA"""
import sys
import time

import openpyxl

COLUMNS = 25
INDEXED = (1, 5, 14, 22)


def connect():
    if sys.argv[2] == "sqlite":
        import sqlite3
        return sqlite3.connect(sys.argv[3]), "?"
    import pymysql
    return pymysql.connect(unix_socket=sys.argv[3], user="root", database=sys.argv[4]), "%s"


def main():
    start = time.monotonic()
    database, mark = connect()
    cursor = database.cursor()
    cursor.execute("CREATE TABLE office (%s)" % ", ".join(f"c{i} VARCHAR(190)" for i in range(COLUMNS)))
    for i in INDEXED:
        cursor.execute(f"CREATE INDEX office_c{i} ON office (c{i})")
    insert = "INSERT INTO office VALUES (%s)" % ", ".join([mark] * COLUMNS)
    sheet = openpyxl.load_workbook(sys.argv[1], read_only=True, data_only=True).active
    rows = 0
    for row in sheet.iter_rows(min_row=2, values_only=True):
        cursor.execute(insert, row)
        rows += 1
    database.commit()
    print(f"  a Python script with openpyxl    {time.monotonic() - start:8.2f} s  {rows} rows")


main()
