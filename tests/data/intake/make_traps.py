#!/usr/bin/env python3
"""Writes the files of this folder: one for each trap that spreadsheets of offices hold. Beside each
stands NAME.plan.txt, what the importer makes of it (traps_test.cpp compares). The files are kept, so
that nobody needs to run this; .xls and .ods come from ssconvert.

Every person is invented; identity numbers are the synthetic ones that the tests use."""
import io
import os
import struct
import subprocess
import tempfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
STRICT = 'http://purl.oclc.org/ooxml/spreadsheetml/main'
REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
STRICT_REL = 'http://purl.oclc.org/ooxml/officeDocument/relationships'
PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships'
A, B, C = '420106198503010007', '422801199006151020', '429004197812043334'


def write(name, data):
    with open(os.path.join(HERE, name), 'wb') as f:
        f.write(data if isinstance(data, bytes) else data.encode('utf-8'))


def pack(name, parts, **how):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_DEFLATED) as z:
        for path, text in parts.items():
            info = zipfile.ZipInfo(path.replace('\\', '/'), (2018, 1, 1, 0, 0, 0))
            info.filename = path            # keeps a backslash
            info.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(info, text)
    write(name, buffer.getvalue())


def letters(index):
    return (letters(index // 26 - 1) if index >= 26 else '') + chr(65 + index % 26)


def escape(text):
    return text.replace('&', '&amp;').replace('<', '&lt;')


def cell(row, column, value):
    """A text; or (attributes, content) written as they are."""
    place = '%s%d' % (letters(column), row)
    if isinstance(value, tuple):
        return '<c r="%s" %s>%s</c>' % (place, value[0], value[1])
    return '<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (
        place, escape(value))


def rows_xml(rows, first=1, attributes=()):
    out = []
    for at, row in enumerate(rows, first):
        cells = ''.join(cell(at, i, v) for i, v in enumerate(row) if v != '')
        out.append('<row r="%d" %s>%s</row>' % (at, dict(attributes).get(at, ''), cells))
    return ''.join(out)


def workbook(sheets, shared='', styles='', pr='', prefix='', main=MAIN, rel=REL, targets=None,
             extra=None):
    """sheets: [(name, attributes, rows xml, xml after the rows)]."""
    p = prefix + ':' if prefix else ''
    ns = 'xmlns%s="%s"' % (':' + prefix if prefix else '', main)
    targets = targets or ['worksheets/sheet%d.xml' % (i + 1) for i in range(len(sheets))]

    def tagged(xml):
        if not prefix:
            return xml
        for tag in ('row', 'c', 'is', 't', 'v', 'f', 'r', 'rPh', 'mergeCells', 'mergeCell'):
            xml = xml.replace('<%s>' % tag, '<%s%s>' % (p, tag)).replace(
                '<%s ' % tag, '<%s%s ' % (p, tag)).replace('</%s>' % tag, '</%s%s>' % (p, tag))
        return xml
    parts = {
        '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
                               'content-types"><Override PartName="/xl/workbook.xml" ContentType='
                               '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.'
                               'main+xml"/></Types>',
        '_rels/.rels': '<Relationships xmlns="%s"><Relationship Id="r1" Type="%s/officeDocument" '
                       'Target="xl/workbook.xml"/></Relationships>' % (PACKAGE, rel),
        'xl/workbook.xml': '<%sworkbook %s xmlns:r="%s"><%sworkbookPr %s/><%ssheets>%s</%ssheets>'
                           '</%sworkbook>' % (p, ns, rel, p, pr, p, ''.join(
                               '<%ssheet name="%s" sheetId="%d" r:id="s%d" %s/>' %
                               (p, s[0], i + 1, i + 1, s[1]) for i, s in enumerate(sheets)), p, p),
        'xl/_rels/workbook.xml.rels': '<Relationships xmlns="%s">%s<Relationship Id="sst" Type="%s/'
                                      'sharedStrings" Target="sharedStrings.xml"/><Relationship '
                                      'Id="st" Type="%s/styles" Target="styles.xml"/>'
                                      '</Relationships>' % (PACKAGE, ''.join(
                                          '<Relationship Id="s%d" Type="%s/%s" Target="%s"/>' %
                                          (i + 1, rel, 'chartsheet' if s[2] is None else
                                           'worksheet', targets[i])
                                          for i, s in enumerate(sheets)), rel, rel),
        'xl/sharedStrings.xml': '<sst xmlns="%s">%s</sst>' % (main, shared),
        'xl/styles.xml': '<styleSheet xmlns="%s">%s</styleSheet>' % (main, styles),
    }
    for i, (name, _, body, *after) in enumerate(sheets):
        path = 'xl/worksheets/sheet%d.xml' % (i + 1)
        if body is None:
            parts[path] = '<chartsheet xmlns="%s"/>' % main
            continue
        parts[path] = '<%sworksheet %s>%s<%ssheetData>%s</%ssheetData>%s</%sworksheet>' % (
            p, ns, (after[1] if len(after) > 1 else ''), p, tagged(body), p,
            tagged(after[0] if after else ''), p)
    parts.update(extra or {})
    return parts


def sheet(name, rows, after='', before='', attributes=(), sheet_attributes=''):
    return (name, sheet_attributes, rows_xml(rows, attributes=attributes), after, before)


HEADER = ['姓名', '性别', '出生日期', '身份证号', '工作单位']
PEOPLE = [['周甲', '女', '1985-03-01', A, '随县人民医院'], ['周乙', '女', '1990-06-15', B, '']]


def encodings():
    text = '姓名,性别,学历,身份证号\r\n周甲,女,硕士,%s\r\n周乙,女,博士,%s\r\n' % (A, B)
    write('utf8_with_mark.csv', text.encode('utf-8-sig'))
    write('utf16_le_with_mark.csv', b'\xff\xfe' + text.encode('utf-16-le'))
    write('utf16_be_without_mark.csv', text.encode('utf-16-be'))
    write('gb18030.csv', text.encode('gb18030'))
    # Every cell of it is valid UTF-8 as well: 女 = C5 AE.
    write('gb18030_that_looks_like_utf8.csv',
          'name,sex\r\nZhou,女\r\nWu,女\r\n'.encode('gb18030'))
    rare = '姓名,身份证号\r\n𠮷野㑇,%s\r\n王𬱖,%s\r\n' % (A, B)
    write('rare_characters_gb18030.csv', rare.encode('gb18030'))
    write('rare_characters_utf8.csv', rare)
    write('no_encoding.csv', b'\xd0\xd5\xc3\xfb,a\r\n\xff\xff\xff,\x80\xfe\r\n')


def delimiters():
    write('tabs_gbk_named.xls', ('姓名\t身份证号\t联系电话\n周甲\t="%s"\t="19900000001"\n'
                                 "周乙\t'%s\t'19900000002\n" % (A, B)).encode('gb18030'))
    write('semicolons.csv', '姓名;工作单位\n周甲;"武昌区;农业局"\n')
    write('full_width_commas.txt', '姓名，性别，工作单位\n周甲，男，随县医院\n')
    write('line_breaks_in_cells.csv',
          '姓名,工作单位,备注\n周甲,"随县\n人民医院","第一行\n第二行, 逗号 ""引号"""\n')


def packages():
    body = [HEADER] + PEOPLE
    plain = [sheet('名册', body)]
    no_places = ''.join('<row>%s</row>' % ''.join(
        '<c t="inlineStr"><is><t>%s</t></is></c>' % v for v in row) for row in body)
    pack('rows_and_cells_without_places.xlsx', workbook([('名册', '', no_places)]))
    pack('wrong_dimension.xlsx',
         workbook([sheet('名册', body, before='<dimension ref="A1"/>')]))
    pack('strict.xlsx', workbook(plain, main=STRICT, rel=STRICT_REL))
    pack('prefix_and_absolute_targets.xlsx',
         workbook(plain, prefix='x', targets=['/xl/worksheets/sheet1.xml']))
    parts = workbook(plain)
    pack('backslashes_and_case.xlsx', {k.replace('/', '\\').replace('sheet1', 'Sheet1'): v
                                       for k, v in parts.items()})
    parts = workbook(plain)
    parts['_rels/.rels'] = '<Relationships xmlns="%s"/>' % PACKAGE
    pack('root_relation_missing.xlsx', parts)
    pack('chart_sheet_first.xlsx', workbook([('图表', '', None)] + plain))
    pack('hidden_sheets.xlsx', workbook([
        sheet('旧名册', [HEADER, PEOPLE[1]], sheet_attributes='state="veryHidden"'),
        sheet('名册', [HEADER, PEOPLE[0]]),
        sheet('草稿', [['草稿'], ['1']], sheet_attributes='state="hidden"')]))
    pack('only_sheet_is_hidden.xlsx', workbook([
        sheet('说明', [['请填下表']]),
        sheet('名册', body, sheet_attributes='state="hidden"')]))
    pack('hidden_and_filtered_rows.xlsx', workbook([
        sheet('名册', body, attributes={3: 'hidden="1"'},
              after='<autoFilter ref="A1:E3"/>')]))


def texts():
    shared = ('<si><r><rPr><b/></rPr><t>周</t></r><r><t>甲</t></r>'
              '<rPh sb="0" eb="1"><t>ZHOU</t></rPh></si>'
              '<si><t xml:space="preserve"> 随县_x000D_\n人民医院 </t></si>')
    rows = [HEADER, [('t="s"', '<v>0</v>'), '女', '', A, ('t="s"', '<v>1</v>')],
            [('t="str"', '<f>A2&amp;"乙"</f><v>周甲乙</v>'), '女', '', B, ('t="s"', '<v>99</v>')],
            ['周丙', ('t="e"', '<v>#N/A</v>'), ('', '<f>TODAY()</f>'), C,
             ('t="e"', '<v>#REF!</v>')]]
    pack('shared_rich_and_error_cells.xlsx', workbook([sheet('名册', rows)], shared=shared))


def dates():
    formats = (0, 14, 22, 27, 31, 36, 50, 57, 58)
    custom = [('164', 'yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;'), ('165', 'yyyy&quot;年&quot;m&quot;月&quot;'),
              ('166', '[$-804]yyyy/m/d;@'), ('167', '0.00'), ('168', '[$-409]d-mmm-yy')]
    styles = '<numFmts>%s</numFmts><cellXfs>%s</cellXfs>' % (
        ''.join('<numFmt numFmtId="%s" formatCode="%s"/>' % c for c in custom),
        ''.join('<xf numFmtId="%d"/>' % f for f in formats) +
        ''.join('<xf numFmtId="%s"/>' % c[0] for c in custom))
    header = ['姓名', '出生日期']

    def rows(serial):
        return [header] + [['式' + '甲乙丙丁戊己庚辛壬癸子丑寅卯'[i],
                            ('s="%d"' % i, '<v>%d</v>' % serial)]
                           for i in range(len(formats) + len(custom)) if i not in (0, 12)]
    pack('date_formats.xlsx', workbook([sheet('名册', rows(31107))], styles=styles))
    pack('dates_of_1904.xlsx',
         workbook([sheet('名册', rows(29645))], styles=styles, pr='date1904="1"'))
    numbers = [('s="0"', '<v>1985.03</v>'), ('s="0"', '<v>1985.1</v>'), ('s="12"', '<v>1985.1</v>'),
               ('s="0"', '<v>198503</v>'), ('s="0"', '<v>19850301</v>'), ('s="0"', '<v>85.3</v>'),
               ('s="0"', '<v>31107</v>'), ('s="1"', '<v>60</v>'),
               ('t="d" s="1"', '<v>1985-03-01T00:00:00</v>')]
    pack('dates_as_numbers.xlsx', workbook([sheet('名册', [header] + [
        ['数' + '甲乙丙丁戊己庚辛壬'[i], n] for i, n in enumerate(numbers)])], styles=styles))
    written = ['1985年3月', '1985-3', '1985/3/7', '1985.3.7', '85.3', '一九八五年', '1985年3月7日',
               '1985-02-30', '2050-01-01', '１９８５．０３', '至今', '1985-03-07 00:00:00']
    write('dates_as_text.csv', '姓名,出生日期\n' + ''.join(
        '字%s,%s\n' % ('甲乙丙丁戊己庚辛壬癸子丑'[i], d) for i, d in enumerate(written)))


def numbers_of_people():
    rows = [['姓名', '性别', '出生日期', '身份证号'],
            ['周甲', '男', '', ('', '<v>420106198503010000</v>')],
            ['周乙', '', '', ('', '<v>4.20106198503010E+17</v>')],
            ['周丙', '', '', '4.20106E+17'],
            ['周丁', '', '', '420106198503010008'],
            ['周戊', '', '', '420106850301000'],
            ['周己', '', '', "'429004197812043334"],
            ['周庚', '', '', '４２２８０１１９９００６１５１０２０'],
            ['周辛', '女', '', '11010519491231002x'],
            ['周壬', '', '', '420106********0007'],
            ['周癸', '男', '1970-01-02', '420321197001012010']]
    pack('identity_numbers.xlsx', workbook([sheet('名册', rows)]))


def layouts():
    title = [['湖北省人才信息登记汇总表'], ['填报单位（盖章）：随县', '', '', '2018年6月']]
    body = title + [['序号', '姓名', '性别', '身份证号', '学历'],
                    ['一、机关单位'], ['1', '周甲', '女', A, '大学'], ['', '小计', '', '1人'],
                    ['', '（二）企业单位'], ['示例', '张三', '男', '', '本科'],
                    ['序号', '姓名', '性别', '身份证号', '学历'],
                    ['2', '周乙', '女', B, '研究生'], [], ['合计', '', '', '2人'],
                    ['注：身份证号请用文本格式'], ['填报人：李四', '', '审核人：王五'],
                    ['（以下空白）']]
    pack('titles_sections_totals_notes.xlsx', workbook([sheet('名册', body)]))
    write('titles_sections_totals_notes.csv', '\n'.join(','.join(row) for row in body) + '\n')
    three = [['干部人才花名册'],
             ['序号', '姓名', '基本情况', '', '', '学历学位', '', '', '', '联系方式', ''],
             ['', '', '性别', '民族', '身份证号', '全日制教育', '', '在职教育', '', '手机', '办公'],
             ['', '', '', '', '', '学历', '毕业院校', '学历', '毕业院校', '', ''],
             ['1', '周甲', '女', '汉族', A, '大学', '甲大学', '硕士研究生', '乙大学', '19900000001',
              '027-87654321']]
    merges = ['A1:K1', 'A2:A4', 'B2:B4', 'C2:E2', 'C3:C4', 'D3:D4', 'E3:E4', 'F2:I2', 'F3:G3',
              'H3:I3', 'J2:K2', 'J3:J4', 'K3:K4']
    merged = '<mergeCells>%s</mergeCells>' % ''.join('<mergeCell ref="%s"/>' % m for m in merges)
    pack('three_header_rows.xlsx', workbook([sheet('名册', three, merged)]))
    write('three_header_rows.csv', '\n'.join(','.join(row) for row in three[1:]) + '\n')
    down = [['单位', '姓名', '身份证号'], ['随县人民医院', '周甲', A], ['', '周乙', B],
            ['市直单位'], ['武昌区农业局', '周丙', C]]
    pack('merged_downwards.xlsx', workbook([sheet(
        '名册', down, '<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="A4:C4"/></mergeCells>')]))
    pack('last_cell_of_a_sheet.xlsx', workbook([(
        '名册', '', rows_xml([['姓名', '性别'], ['周甲', '男']]) +
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>')]))


def cells():
    write('several_values.csv',
          '姓名,联系电话,电子邮箱,职称,民族\n周甲,027-87654321/19900000001,'
          'a@example.com；b@example.com,教授、博导,汉族\n周乙、周丙,,,,\n'
          '周丁,19900000002 19900000003,,高工/项目经理,火星族\n')
    write('widths_and_blanks.csv',
          '姓　名,联系电话,工作单位,学历\n周　甲,１９９－００００－０００１,随县 人民\u00a0医院,大学\n'
          '\u200b买买提•阿依古丽\ufeff,+86 199 0000 0002,\u3000随县\u3000,研究生\n'
          'John・Smith,0086-19900000003,甲,党校研究生\n')
    write('short_forms.csv',
          '姓名,政治面貌,学历,学位,职称,所在地区\n周甲,党员,本科,学士,高工,监利\n'
          '周乙,团员,大专,,副教授,湖北省荆州市监利县\n周丙,群众,研究生,硕士,工程师,恩施\n'
          '周丁,民盟,博士研究生,博士,正高级工程师,汉东省京州市\n')
    write('regions_of_an_office.csv',
          '姓名,所在地区,地区代码\n周甲,荆州,\n周乙,荆州区,\n周丙,郧县,\n周丁,襄樊市,\n'
          '周戊,,421023\n周己,鼓楼区,\n周庚,湖北省武汉市武昌区,421088\n')
    write('units_of_one_code.csv',
          '姓名,工作单位,统一社会信用代码\n周甲,湖北随县医药有限责任公司,91420100MA4KXYT77J\n'
          '周乙,湖北随县医药有限责任公司,91420100MA4KXYT77J\n'
          '周丙,随县医药有限公司,91420100MA4KXYT77J\n周丁,别的公司,91420100MA4KXYT77J\n'
          '周戊,某厂,91420100MA4KXYT77K\n')
    write('twins_in_one_file.csv',
          '姓名,出生日期,身份证号,工作单位,联系电话\n周甲,1985-03-01,%s,随县医院,19900000001\n'
          '周甲,1985.3,420106850301000,随县医院,\n周甲,1985-03,,随县医院,19900000001\n'
          '周乙,,%s,,\n' % (A, A))
    write('clear_and_masked.csv',
          '姓名,身份证号,联系电话,职务\n周甲,420***************,199********,清空\n')
    write('formulas_as_text.csv', '姓名,备注,工作单位\n周甲,=1+1,@甲\n周乙,-,/\n')


def mislabelled():
    html = ('<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head>'
            '<table><tr><td colspan="3">人才名册</td></tr><tr><td>姓名</td><td>单位</td>'
            '<td>身份证号</td></tr><tr><td>周甲</td><td rowspan="2">随县医院</td><td>%s</td></tr>'
            '<tr><td>周乙</td><td>%s</td></tr></table></html>' % (A, B))
    write('html_gb2312_named.xls', html.encode('gb18030'))
    cells = ''.join('<Row>%s</Row>' % ''.join(
        '<Cell><Data ss:Type="String">%s</Data></Cell>' % v for v in row)
        for row in [HEADER, PEOPLE[0]])
    write('xml_of_2003_named.xls',
          '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
          'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="名册"><Table>'
          + cells + '</Table></Worksheet></Workbook>')
    pack('doctype.xlsx', dict(workbook([sheet('名册', [HEADER, PEOPLE[0]])]), **{
        'xl/sharedStrings.xml': '<!DOCTYPE sst [<!ENTITY a "b">]><sst xmlns="%s"/>' % MAIN}))
    pack('binary_workbook.xlsb', {'xl/workbook.bin': 'x', '[Content_Types].xml': '<Types/>',
                                  '_rels/.rels': '<Relationships xmlns="%s"><Relationship Id="r" '
                                                 'Type="%s/officeDocument" Target="xl/workbook.bin"'
                                                 '/></Relationships>' % (PACKAGE, REL)})
    write('picture_named.xlsx', b'\x89PNG\r\n\x1a\n' + b'\0' * 40)
    write('paper_named.xls', b'%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n')
    write('nothing.csv', b'')
    good = io.BytesIO()
    with open(os.path.join(HERE, 'strict.xlsx'), 'rb') as f:
        good = f.read()
    write('cut_off.xlsx', good[:len(good) // 2])
    write('encrypted_named.xlsx', compound_file(['EncryptionInfo', 'EncryptedPackage']))


def compound_file(names):
    """An OLE2 container with empty-looking streams of these names."""
    end, free, fat = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    header = (b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + b'\0' * 16 +
              struct.pack('<HHHHH6xIIIIIIIII', 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0,
                          end, 0) + struct.pack('<I', 0) + b'\xff' * (108 * 4))
    table = struct.pack('<II', fat, end) + struct.pack('<I', free) * 126

    def entry(name, kind, child=free, right=free):
        raw = name.encode('utf-16-le') + b'\0\0'
        return (raw.ljust(64, b'\0') + struct.pack('<HBBIII', len(raw), kind, 1, free, right, child)
                + b'\0' * 36 + struct.pack('<IQ', end, 0))
    folder = entry('Root Entry', 5, child=1)
    for at, name in enumerate(names, 1):
        folder += entry(name, 2, right=at + 1 if at < len(names) else free)
    return header + table + folder.ljust(512, b'\0')


def by_ssconvert():
    """The same roster as old Excel, WPS and LibreOffice keep it."""
    rows = [['人才名册'], HEADER, PEOPLE[0], ['𠮷乙'] + PEOPLE[1][1:]]
    pack('roster.xlsx', workbook([sheet('名册', rows)]))
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(HERE, 'roster.xlsx')
        for name, how in (('roster_biff8.xls', 'Gnumeric_Excel:excel_biff8'),
                          ('roster_biff8_named.et', 'Gnumeric_Excel:excel_biff8'),
                          ('roster_biff8_named.xlsx', 'Gnumeric_Excel:excel_biff8'),
                          ('roster.ods', 'Gnumeric_OpenCalc:odf'),
                          ('roster_xlsx_named.xls', 'Gnumeric_Excel:xlsx')):
            made = os.path.join(folder, 'made')
            subprocess.run(['ssconvert', '-T', how, source, made], check=True,
                           stderr=subprocess.DEVNULL)
            with open(made, 'rb') as f:
                write(name, f.read())


for make in (encodings, delimiters, packages, texts, dates, numbers_of_people, layouts, cells,
             mislabelled, by_ssconvert):
    make()
