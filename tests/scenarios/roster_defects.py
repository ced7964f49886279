#!/usr/bin/env python3
"""How well an import mends a messy roster, defect by defect.

Takes a folder of rosters with ground truth (talents.csv, experts.csv, needs.csv beside
truth_defects.csv and truth_headers.csv; columns of the truth: file,record,column,kind,written,
true_value; records are 1-based CSV records, title rows counted), imports each into a register of
its own, exports it again, and joins the issues and the exported cells with the truth.

  python3 tests/scenarios/roster_defects.py ROSTER --chucai build/release/api/chucai

Several folders are measured together. Prints one line a kind: repaired to the true value, reported
at the cell, held with its row, missed, wrongly changed. unit_alias+code is another spelling of a unit
beside a credit code that another row writes with the full name. Exit 1 when a cell was wrongly
changed, a defect that one cell can decide was missed, fewer than 90 % of unit_alias+code repaired,
fewer than 80 % of the rows taken, or more than 2 % of the unspoiled cells drew a finding.
"""
import argparse
import collections
import csv
import json
import os
import subprocess
import sys
import tempfile

# file -> KIND, the column that names a record uniquely, the columns in which the truth's names differ
ROSTERS = {
    'talents.csv': ('persons', '电子邮箱', {'身份证号': '证件号码'}),
    'experts.csv': ('experts', '专家编号', {}),
    'needs.csv': ('needs', '需求编号', {}),
}
STRUCTURE = {'title_row', 'section_row'}     # rows that must not count as data
# What one cell cannot decide: which of two spellings is right, what stood in a blank cell.
NOT_BY_ONE_CELL = {'unit_alias', 'unit_alias+code', 'missing', 'missing_code', 'dup_person'}
UNIT_BY_CODE = 'unit_alias+code'
NOTICED = {'证件号码', '出生日期', '联系电话', '工作单位', '学历', '地区代码', '行业代码', '学科代码'}
IGNORED = {'序号', '数据标识'}


def records(path):
    """The CSV records of a file in whichever encoding it is, as lists, 1-based through [0] = None."""
    raw = open(path, 'rb').read()
    for encoding in ('utf-8-sig', 'gb18030'):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    return [None] + list(csv.reader(text.splitlines(keepends=True)))


def table(path):
    with open(path, encoding='utf-8-sig', newline='') as f:
        return list(csv.DictReader(f))


def squeeze(text):
    """A cell without blanks and width, as far as trimming goes."""
    return ''.join(unfold(c) for c in text if not c.isspace() and c not in '\u200b\ufeff')


def unfold(c):
    return chr(ord(c) - 0xFEE0) if '\uff01' <= c <= '\uff5e' else c


class Roster:
    def __init__(self, folder, name, truth, headers):
        self.kind, self.key, renamed = ROSTERS[name]
        self.name = name
        self.rows = records(os.path.join(folder, name))
        self.defects = {}
        self.structure = set()
        self.duplicates = set()
        for d in truth:
            if d['file'] != name:
                continue
            record = int(d['record'])
            if d['kind'] in STRUCTURE:
                self.structure.add(record)
            elif d['kind'] == 'dup_person':
                self.duplicates.add(record)
            else:
                column = renamed.get(d['column'], d['column'])
                self.defects[record, column] = dict(d, column=column)
        self.header_at = self.find_header(headers, renamed)

    def find_header(self, headers, renamed):
        written = {h['written']: h['canonical'] for h in headers if h['file'] == self.name}
        at = 1
        while at in self.structure:
            at += 1
        self.columns = [written.get(h, h) for h in self.rows[at]]
        self.columns = [renamed.get(h, h) for h in self.columns]
        return at

    def code_tells(self, at, row, true_name):
        """Another row writes the unit of this row's credit code with its full name."""
        if not hasattr(self, 'by_code'):
            self.by_code = collections.defaultdict(list)
            for other, cells in self.data():
                self.by_code[cells.get('统一社会信用代码', '')].append((other, cells['工作单位']))
        code = row.get('统一社会信用代码', '')
        return bool(code) and any(other != at and name == true_name
                                  for other, name in self.by_code[code])

    def data(self):
        for at in range(self.header_at + 1, len(self.rows)):
            if at not in self.structure and self.rows[at]:
                yield at, dict(zip(self.columns, self.rows[at]))


def run(chucai, data, *arguments):
    done = subprocess.run([chucai, '--data', data, '--today', '2018-06-30', '--json', *arguments],
                          stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 3):
        sys.exit('%s: exit %d' % (' '.join(arguments), done.returncode))
    return json.loads(done.stdout.decode().strip().splitlines()[-1])


def measure(roster, path, chucai, tally, say):
    with tempfile.TemporaryDirectory() as data:
        run(chucai, data, 'init')
        result = run(chucai, data, 'import', path, '--as', roster.kind, '--region', '420000')
        out = os.path.join(data, 'out.csv')
        run(chucai, data, 'export', roster.kind, '--format', 'csv', '--reveal', 'measurement',
            '--out', out)
        exported = {r[roster.key]: r for r in table(out)}
    issues = collections.defaultdict(list)
    held = set()
    for issue in result['issues']:
        issues[issue['row'], issue['column']].append(issue['code'])
        if issue['code'].startswith('row.') or (issue['column'] == '证件号码' and
                                                issue['severity'] == 'warning'):
            held.add(issue['row'])

    verdicts = ('new', 'updated', 'same', 'duplicate', 'review', 'refused')
    assert sum(result[v] for v in verdicts) == result['rows'], 'the six counts do not add up'
    data_rows = sum(1 for _ in roster.data())
    if result['rows'] != data_rows:
        say('%s: %d rows counted, %d are data' % (roster.name, result['rows'], data_rows))
        tally['structure', 'missed'] += 1
    taken = result['new'] + result['updated'] + result['same']
    cells = findings = 0

    for at, row in roster.data():
        out_row = None if at in held else exported.get(row[roster.key])
        if at in roster.duplicates:
            tally['dup_person', 'reported' if at in held else 'missed'] += 1
            if at not in held:
                say('%s %d: the twin of an earlier row went in' % (roster.name, at))
            continue
        for column in roster.columns:
            if column in IGNORED:
                continue
            defect = roster.defects.get((at, column))
            value = None if out_row is None else out_row.get(column)
            if defect is None:
                cells += 1
                if any(not c.startswith('row.') for c in issues[at, column]):
                    findings += 1
                    tally['unspoiled', 'finding'] += 1
                if value is not None and squeeze(value) != squeeze(row[column]):
                    tally['unspoiled', 'wrong'] += 1
                    say('%s %d %s: unspoiled cell changed' % (roster.name, at, column))
                continue
            outcome = judge(defect, value, issues[at, column], at in held)
            kind = defect['kind']
            if kind == 'unit_alias' and roster.code_tells(at, row, defect['true_value']):
                kind = UNIT_BY_CODE
            tally[kind, outcome] += 1
            if outcome in ('missed', 'wrong'):
                say('%s %d %s: %s %s' % (roster.name, at, column, defect['kind'], outcome))
    return result['rows'], taken, cells, findings


def judge(defect, value, codes, row_held):
    true = defect['true_value']
    if value is not None and squeeze(value) == squeeze(true):
        return 'repaired'
    kept = value is None or value in ('', defect['written']) or true.startswith(value) or \
        squeeze(value) == squeeze(defect['written'])
    if not kept:
        return 'wrong'
    if codes:
        return 'reported'
    if defect['kind'] == 'missing' and defect['column'] not in NOTICED:
        return 'blank'
    return 'held' if row_held else 'missed'


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('rosters', nargs='+', help='folders with rosters and their truth')
    parser.add_argument('--chucai', default='chucai', help='the program')
    parser.add_argument('--xlsx', action='store_true',
                        help='import NAME.xlsx in place of NAME.csv (same rows)')
    parser.add_argument('--examples', type=int, default=20, help='failures to print')
    a = parser.parse_args()
    tally = collections.Counter()
    failures = []
    rows = taken = cells = findings = 0
    for folder in a.rosters:
        truth = table(os.path.join(folder, 'truth_defects.csv'))
        headers = table(os.path.join(folder, 'truth_headers.csv'))
        for name in ROSTERS:
            path = os.path.join(folder, name)
            if not os.path.exists(path):
                continue
            roster = Roster(folder, name, truth, headers)
            source = path[:-3] + 'xlsx' if a.xlsx else path
            got = measure(roster, source, a.chucai, tally, failures.append)
            rows, taken, cells, findings = (x + y for x, y in
                                            zip((rows, taken, cells, findings), got))

    outcomes = ('repaired', 'reported', 'held', 'blank', 'missed', 'wrong')
    print('%-16s' % 'kind' + ''.join('%10s' % o for o in outcomes))
    for kind in sorted({k for k, _ in tally} - {'unspoiled'}):
        print('%-16s' % kind + ''.join('%10d' % tally[kind, o] for o in outcomes))
    share = findings / max(1, cells)
    print('rows %d, taken %d (%.1f %%); unspoiled cells %d: %d findings (%.3f %%), %d changed' %
          (rows, taken, 100 * taken / max(1, rows), cells, findings, 100 * share,
           tally['unspoiled', 'wrong']))
    for line in failures[:a.examples]:
        print('  ' + line)
    wrong = sum(n for (_, o), n in tally.items() if o == 'wrong')
    missed = sum(n for (k, o), n in tally.items() if o == 'missed' and k not in NOT_BY_ONE_CELL)
    by_code = {o: n for (k, o), n in tally.items() if k == UNIT_BY_CODE}
    told = sum(by_code.values())
    repaired = by_code.get('repaired', 0) >= 0.9 * told
    print('units that a credit code tells: %d of %d repaired' % (by_code.get('repaired', 0), told))
    return int(wrong > 0 or missed > 0 or not repaired or taken < 0.8 * rows or share > 0.02)


if __name__ == '__main__':
    sys.exit(main())
