#!/usr/bin/env python3
"""Forms and exports come in again. For every KIND the template is filled in with openpyxl, as a person
would, and imported; then every kind is exported with numbers masked, as .csv and .xlsx, and each
export is imported again: every row must be the same. Templates of programmes likewise.

  python3 tests/scenarios/forms_round_trip.py --chucai build/release/api/chucai [--kinds persons,needs]

Exit 1 when something differs, 77 when openpyxl is not installed."""
import argparse
import json
import os
import subprocess
import sys
import tempfile

try:
    import openpyxl
except ImportError:
    print('chucai: skipped: no openpyxl')
    sys.exit(77)

# In the order in which one refers to the other. What is left out is filled as the example row says
# where a list decides it, and stays blank elsewhere.
ROWS = {
    'programs': {'计划代码': 'X_FORM', '名称': '表格试验计划'},
    'organizations': {'单位名称': '随县某某茶业公司', '统一社会信用代码': '91420100MA4KXYT77J',
                      '地区代码': '421321', '联系电话': '0722-87654321'},
    'persons': {'姓名': '周甲', '性别': '女', '出生日期': '1985-03-01', '国籍': '', '证件类型': '',
                '证件号码': '420106198503010007', '工作单位': '随县某某茶业公司',
                '地区代码': '421321', '联系电话': '19900000001', '电子邮箱': 'a@example.com'},
    'experts': {'专家编号': 'E1', '姓名': '周乙', '性别': '女', '出生年月': '1990-06', '国籍': '',
                '证件类型': '', '证件号码': '422801199006151020', '地区代码': '422801',
                '学科代码': '21040', '研究方向': '茶叶病害、土壤改良', '年可服务天数': '20'},
    'works': {'专家编号': 'E1', '题名': '茶叶病害防治', '年份': '2017'},
    'projects': {'项目编号': 'J1', '项目名称': '茶叶加工示范', '地区代码': '421321',
                 '经费（万元）': '50', '里程碑': '中期检查', '到期日': '2018-12-31'},
    'needs': {'需求编号': 'N1', '需求单位': '随县某某茶业公司', '地区代码': '421321',
              '需求名称': '茶叶病害防治', '学科代码': '21040', '需求人数': '2'},
    'engagements': {'报名编号': 'B1', '需求编号': 'N1', '专家编号': 'E1', '报名时间': '2018-03-01'},
    'rounds': {'计划代码': 'X_FORM', '批次': '首批', '开始': '2018-03-01', '地区代码': '421321'},
    'participations': {'证件号码': '420106198503010007', '计划代码': 'X_FORM', '批次': '首批',
                       '地区代码': '421321', '退出原因': '', '状态': '入选',
                       '入选日期': '2018-03-02'},
    'targets': {'计划代码': 'X_FORM', '年度': '2018', '地区代码': '421321', '目标值': '5'},
    'funds': {'计划代码': 'X_FORM', '地区代码': '421321', '金额（元）': '1200.50',
              '日期': '2018-03-01', '凭证号': 'V1'},
    'documents': {'文件名称': '表格试验办法', '文号': '鄂试〔2018〕1号', '地区代码': '421321'},
    'assessments': {'对象类型': '人员', '对象标识': '420106198503010007', '评价方案': '年度考核',
                    '周期': '2018', '得分': '87.5'},
    'links': {'甲方类型': '人员', '甲方标识': '420106198503010007', '乙方类型': '单位',
              '乙方标识': '91420100MA4KXYT77J', '开始': '2018-01-01'},
    'terms': {'词表': 'chain_link', '代码': 'T1', '名称': '试验环节'},
}
LISTED = {'类别', '规则', '类型', '关系', '状态', '对象类型', '甲方类型', '乙方类型'}


class Desk:
    def __init__(self, chucai, folder):
        self.chucai, self.folder, self.bad = chucai, folder, 0

    def run(self, *words):
        done = subprocess.run([self.chucai, '--data', self.folder + '/data', '--today', '2018-06-30',
                               '--json', *words], stdout=subprocess.PIPE, check=False)
        if done.returncode not in (0, 3):
            print('   ' + ' '.join(words), 'exit', done.returncode, done.stdout.decode())
            self.bad += 1
            return {}
        return json.loads(done.stdout.decode().strip().splitlines()[-1])

    def expect(self, what, result, **wanted):
        wrong = {k: result.get(k) for k, v in wanted.items() if result.get(k) != v}
        print('%-44s %s' % (what, 'ok' if not wrong else 'WRONG %s' % wrong))
        if wrong:
            for issue in result.get('issues', []):
                print('    ', issue['row'], issue['column'], issue['code'])
            for update in result.get('updates', []):
                print('    ', update)
            self.bad += 1

    def fill(self, kind, program):
        path = os.path.join(self.folder, kind + '.xlsx')
        self.run('template', kind, '--out', path, *(['--program', program] if program else []))
        book = openpyxl.load_workbook(path)
        sheet = book[kind]
        for column in range(1, sheet.max_column + 1):
            header = sheet.cell(1, column).value
            value = ROWS[kind].get(header, '')
            if header in LISTED and header not in ROWS[kind]:
                value = sheet.cell(2, column).value
            if value:
                sheet.cell(3, column).value = value
            assert sheet.column_dimensions, path
        assert book['字典'].sheet_state == 'hidden' if '字典' in book.sheetnames else True
        book.save(path)
        return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--chucai', default='chucai', help='the program')
    parser.add_argument('--kinds', default=','.join(ROWS), help='only these, with commas between')
    a = parser.parse_args()
    kinds = a.kinds.split(',')
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(a.chucai, folder)
        desk.run('init')
        for kind in kinds:
            path = desk.fill(kind, '')
            desk.expect('template of %s filled in' % kind, desk.run('import', path, '--as', kind),
                        rows=1, new=1, refused=0, review=0)
        for kind in kinds:
            for ending in ('csv', 'xlsx'):
                path = os.path.join(folder, 'out.' + ending)
                rows = desk.run('export', kind, '--format', ending, '--out', path).get('rows')
                desk.expect('export of %s as .%s comes in again' % (kind, ending),
                            desk.run('import', path, '--as', kind, '--dry-run'), rows=rows,
                            same=rows)
        if 'participations' in kinds:
            path = desk.fill('participations', 'INTRO_CORE')
            sheet = openpyxl.load_workbook(path)['participations']
            added = [cell.value for cell in sheet[1]][-4:]
            print('columns that a programme adds:', *added)
            desk.bad += added != ['引进方式', '合同期', '来源国家/单位', '到岗日期']
    return int(desk.bad > 0)


if __name__ == '__main__':
    sys.exit(main())
