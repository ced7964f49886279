#!/usr/bin/env python3
"""Files that are small and ask for much. Each is built here, read as the service reads (in a process of
its own) and must be refused, or read where it is only odd, with little memory.

  python3 tests/importers/bombs.py build/release/tests/importers/table_dump [--memory MB]

Prints what became of each, processor seconds and peak memory. Exit 1 when one is not answered as it
should be, or took more than --memory (128; 0: any, for sanitizers). Time is printed, not asserted."""
import argparse
import os
import resource
import struct
import subprocess
import sys
import tempfile
import zipfile

MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships'
MEGABYTE = 1 << 20


def repeated(pattern, size):
    """Blocks of about a megabyte that repeat the pattern, `size` bytes in all."""
    block = pattern * max(1, MEGABYTE // len(pattern))
    for _ in range(size // len(block)):
        yield block


def package(path, parts):
    """parts: name -> blocks of bytes."""
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED, compresslevel=6) as z:
        for name, blocks in parts.items():
            with z.open(name, 'w', force_zip64=True) as out:
                for block in blocks:
                    out.write(block)


def xlsx(path, sheet, shared=(), styles=()):
    package(path, {
        '_rels/.rels': [('<Relationships xmlns="%s"><Relationship Id="r1" Type="%s/officeDocument" '
                         'Target="xl/workbook.xml"/></Relationships>' % (PACKAGE, REL)).encode()],
        'xl/workbook.xml': [('<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet name="a" sheetId="1" '
                             'r:id="s1"/></sheets></workbook>' % (MAIN, REL)).encode()],
        'xl/_rels/workbook.xml.rels': [
            ('<Relationships xmlns="%s"><Relationship Id="s1" Type="%s/worksheet" '
             'Target="worksheets/sheet1.xml"/><Relationship Id="s2" Type="%s/sharedStrings" '
             'Target="sharedStrings.xml"/><Relationship Id="s3" Type="%s/styles" '
             'Target="styles.xml"/></Relationships>' % (PACKAGE, REL, REL, REL)).encode()],
        'xl/sharedStrings.xml': [('<sst xmlns="%s">' % MAIN).encode(), *shared, b'</sst>'],
        'xl/styles.xml': [('<styleSheet xmlns="%s">' % MAIN).encode(), *styles, b'</styleSheet>'],
        'xl/worksheets/sheet1.xml': [('<worksheet xmlns="%s">' % MAIN).encode(), *sheet,
                                     b'</worksheet>'],
    })


def one_cell(path):
    xlsx(path, [b'<sheetData><row><c t="inlineStr"><is><t>', *repeated(b'A', 400 * MEGABYTE),
                b'</t></is></c></row></sheetData>'])


def sixty_million_rows(path):
    xlsx(path, [b'<sheetData>', *repeated(b'<row/>', 360 * MEGABYTE), b'</sheetData>'])


def shared_texts(path):
    xlsx(path, [b'<sheetData/>'], shared=repeated(b'<si><t>abcdefgh</t></si>', 600 * MEGABYTE))


def merged_ranges(path):
    xlsx(path, [b'<sheetData/><mergeCells>',
                *repeated(b'<mergeCell ref="A1:B2"/>', 400 * MEGABYTE), b'</mergeCells>'])


def deep_elements(path):
    xlsx(path, [b'<sheetData>', *repeated(b'<row>', 60 * MEGABYTE), b'</sheetData>'])


def number_formats(path):
    xlsx(path, [b'<sheetData/>'],
         styles=[b'<cellXfs>', *repeated(b'<xf numFmtId="14"/>', 300 * MEGABYTE), b'</cellXfs>'])


def many_entries(path):
    package(path, {'xl/%d.xml' % i: [b'<a/>'] for i in range(20000)})


def entity_laughs(path):
    levels = ''.join('<!ENTITY l%d "%s">' % (i, ('&l%d;' % (i - 1)) * 10) for i in range(1, 10))
    package(path, {
        '_rels/.rels': [('<!DOCTYPE r [<!ENTITY l0 "ha">%s]><Relationships xmlns="%s">&l9;'
                         '</Relationships>' % (levels, PACKAGE)).encode()],
        'xl/workbook.xml': [('<workbook xmlns="%s"/>' % MAIN).encode()]})


def last_cell(path):
    xlsx(path, [b'<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'])


def ods(path, table):
    package(path, {
        'mimetype': [b'application/vnd.oasis.opendocument.spreadsheet'],
        'content.xml': [
            b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
            b'<office:spreadsheet><table:table table:name="a">', *table,
            b'</table:table></office:spreadsheet></office:body></office:document-content>']})


def ods_repeats(path):
    ods(path, [b'<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
               b'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
               b'</table:table-row>'])


def ods_blank_repeats(path):
    ods(path, [b'<table:table-row><table:table-cell><text:p>x</text:p></table:table-cell>'
               b'</table:table-row><table:table-row table:number-rows-repeated="1048575">'
               b'<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'])


def ods_text(path):
    ods(path, [b'<table:table-row><table:table-cell><text:p>', *repeated(b'A', 400 * MEGABYTE),
               b'</text:p></table:table-cell></table:table-row>'])


def csv_open_quote(path):
    with open(path, 'wb') as out:
        out.write(b'a,b\n"')
        for block in repeated(b'x,y\n', 64 * MEGABYTE):
            out.write(block)


def html_nested(path):
    with open(path, 'wb') as out:
        out.write(b'<html><body>')
        for block in repeated(b'<table><tr><td>', 8 * MEGABYTE):
            out.write(block)


def html_spans(path):
    with open(path, 'wb') as out:
        out.write(b'<html><table>')
        out.write(b'<tr><td colspan="65534" rowspan="65534">x</td></tr>' * 1000)
        out.write(b'</table></html>')


def xml2003_indexes(path):
    with open(path, 'wb') as out:
        out.write(b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
                  b' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a">'
                  b'<Table><Row ss:Index="2000000000"><Cell ss:Index="2000000000" '
                  b'ss:MergeAcross="2000000000"><Data ss:Type="String">x</Data></Cell></Row></Table>'
                  b'</Worksheet></Workbook>')


def xls_loop(path):
    """A compound file whose sectors lead in a circle, its stream two gigabytes long."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    header = (b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + b'\0' * 16 +
              struct.pack('<HHHHH6xIIIIIIIII', 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0,
                          end, 0) + struct.pack('<I', 0) + b'\xff' * (108 * 4))
    table = struct.pack('<IIII', 0xFFFFFFFD, end, 3, 2) + struct.pack('<I', free) * 124
    def entry(name, kind, child, start, size):
        raw = name.encode('utf-16-le') + b'\0\0'
        return (raw.ljust(64, b'\0') + struct.pack('<HBBIII', len(raw), kind, 1, free, free, child)
                + b'\0' * 36 + struct.pack('<IQ', start, size))
    folder = entry('Root Entry', 5, 1, end, 0) + entry('Workbook', 2, free, 2, 2 << 30)
    with open(path, 'wb') as out:
        out.write(header + table + folder.ljust(512, b'\0') + b'\0' * 1024)


BOMBS = [  # what it is, how it is built, ending, what must be said ("read": an ordinary answer)
    ('a cell of 400 MB', one_cell, 'xlsx', 'import.file.cell'),
    ('sixty million rows', sixty_million_rows, 'xlsx', 'import.file.'),
    ('600 MB of shared texts', shared_texts, 'xlsx', 'import.file.bomb'),
    ('17 million merged ranges', merged_ranges, 'xlsx', 'import.file.'),
    ('12 million nested elements', deep_elements, 'xlsx', 'import.file.'),
    ('15 million cell formats', number_formats, 'xlsx', 'import.file.'),
    ('20,000 entries', many_entries, 'xlsx', 'import.file.'),
    ('billion laughs', entity_laughs, 'xlsx', 'import.file.'),
    ('one cell at XFD1048576', last_cell, 'xlsx', 'read'),
    ('ods: 17 thousand million cells by repeat counts', ods_repeats, 'ods', 'import.file.repeats'),
    ('ods: as many blank ones', ods_blank_repeats, 'ods', 'read'),
    ('ods: a text of 400 MB', ods_text, 'ods', 'import.file.'),
    ('csv: a quote that never ends', csv_open_quote, 'csv', 'import.file.cell'),
    ('html: half a million nested tables', html_nested, 'xls', 'import.file.'),
    ('html: spans of 65,534 x 65,534', html_spans, 'xls', 'import.file.'),
    ('xml 2003: indexes of 2,000,000,000', xml2003_indexes, 'xls', 'import.file.'),
    ('xls: sectors in a circle', xls_loop, 'xls', 'import.file.'),
]


def measured(words):
    """Output, processor seconds and peak megabytes of a command, in a child so that each counts
    alone."""
    source, sink = os.pipe()
    child = os.fork()
    if child == 0:
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        text = '%f %f %s' % (used.ru_utime + used.ru_stime, used.ru_maxrss / 1024,
                             done.stdout.decode('utf-8', 'replace')[-300:])
        os.write(sink, text.encode())
        os._exit(0)
    os.close(sink)
    with os.fdopen(source, 'rb') as read:
        seconds, megabytes, text = read.read().decode('utf-8', 'replace').split(' ', 2)
    os.waitpid(child, 0)
    return text, float(seconds), float(megabytes)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('dump', help='the table_dump of a build')
    parser.add_argument('--memory', type=float, default=128, help='megabytes allowed; 0: any')
    a = parser.parse_args()
    bad = 0
    print('%-50s %9s %8s %7s  %s' % ('bomb', 'bytes', 'seconds', 'MB', 'answer'))
    with tempfile.TemporaryDirectory() as folder:
        for words, build, ending, wanted in BOMBS:
            path = os.path.join(folder, 'bomb.' + ending)
            build(path)
            text, seconds, megabytes = measured([a.dump, '--count', '--confined', path])
            refused = 'import.file.' in text
            answer = text[text.index('import.file.'):].split()[0] if refused else 'read'
            right = answer.startswith(wanted) and (a.memory == 0 or megabytes <= a.memory)
            bad += not right
            print('%-50s %9d %8.2f %7.0f  %s%s' % (words, os.path.getsize(path), seconds, megabytes,
                                                   answer, '' if right else '  WRONG'))
            os.unlink(path)
    return int(bad > 0)


if __name__ == '__main__':
    sys.exit(main())
