#!/usr/bin/python3
"""Writes a roster of ROWS x 25 as .xlsx (shared texts, as Excel saves them) and .csv, fast and
without any library. Every person is invented. Usage: make_wide_roster.py ROWS FOLDER"""
import random
import sys
import zipfile
from xml.sax.saxutils import escape

ROWS, FOLDER = int(sys.argv[1]), sys.argv[2]
HEADERS = ("序号 姓名 性别 民族 出生日期 证件号码 政治面貌 学历 学位 毕业院校 所学专业 专业技术职务 工作单位 单位所在地 "
           "联系电话 电子邮箱 入选计划 入选年份 研究方向 主要成果 服务方向 可服务天数 通讯地址 经费 备注").split()
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂鹏辉玲飞凯浩宇轩博文思远佳欣"
PLACES = "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 仙桃 潜江 天门".split()
FIELDS = "光电子 生物医药 新材料 智能制造 现代农业 水产养殖 地质工程 中药 软件 航空航天".split()
NUMBERS = {0, 4, 17, 21, 23}  # column 4 is a date
random.seed(7)


def row(n):
    name = random.choice(FAMILY) + random.choice(GIVEN) + random.choice(GIVEN)
    place, field = random.choice(PLACES), random.choice(FIELDS)
    return [str(n), name, random.choice("男女"), "汉族", str(random.randint(18000, 36000)),
            f"4201061985{random.randint(10000000, 99999999)}", "中共党员", "研究生", "博士",
            place + "大学", field + "工程", "高级工程师", f"湖北省{place}市第{n % 5000}研究院有限公司",
            f"湖北省{place}市", f"139{random.randint(10000000, 99999999)}", f"user{n}@example.org",
            "百人计划", str(random.randint(2010, 2025)), field, f"主持{field}项目{n % 97}项，发表论文{n % 31}篇",
            "技术咨询", str(random.randint(1, 200)), f"{place}市人民路{n % 900}号", f"{n % 1000}.5", "无"]


def letters(column):
    return chr(65 + column)


def main():
    texts = {}
    with zipfile.ZipFile(f"{FOLDER}/wide.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=6) as book, \
            open(f"{FOLDER}/wide.csv", "w", encoding="utf-8", newline="") as plain:
        package = "http://schemas.openxmlformats.org/package/2006/relationships"
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        main_ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        content = "application/vnd.openxmlformats-officedocument.spreadsheetml."
        book.writestr("[Content_Types].xml", declaration +
                      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                      f'<Override PartName="/xl/workbook.xml" ContentType="{content}sheet.main+xml"/>'
                      f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{content}worksheet+xml"/>'
                      f'<Override PartName="/xl/styles.xml" ContentType="{content}styles+xml"/>'
                      f'<Override PartName="/xl/sharedStrings.xml" ContentType="{content}sharedStrings+xml"/></Types>')
        book.writestr("_rels/.rels", declaration + f'<Relationships xmlns="{package}"><Relationship Id="r1" '
                      f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        book.writestr("xl/workbook.xml", declaration + f'<workbook xmlns="{main_ns}" xmlns:r="{office}"><sheets>'
                      '<sheet name="名册" sheetId="1" r:id="s1"/></sheets></workbook>')
        book.writestr("xl/_rels/workbook.xml.rels", declaration + f'<Relationships xmlns="{package}">' + "".join(
            f'<Relationship Id="s{i}" Type="{office}/{kind}" Target="{part}"/>' for i, (kind, part) in enumerate(
                [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"),
                 ("styles", "styles.xml")], 1)) + "</Relationships>")
        book.writestr("xl/styles.xml", declaration + f'<styleSheet xmlns="{main_ns}"><fonts count="1"><font/></fonts>'
                      '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
                      '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2">'
                      '<xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>')
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write((declaration + f'<worksheet xmlns="{main_ns}"><sheetData>').encode())
            for n in range(ROWS + 1):
                cells = HEADERS if n == 0 else row(n)
                plain.write(",".join(cells) + "\r\n")
                out = [f'<row r="{n + 1}" spans="1:25">']
                for column, text in enumerate(cells):
                    place = f'{letters(column)}{n + 1}'
                    if n > 0 and column in NUMBERS:
                        style = ' s="1"' if column == 4 else ""
                        out.append(f'<c r="{place}"{style}><v>{text}</v></c>')
                    else:
                        index = texts.setdefault(text, len(texts))
                        out.append(f'<c r="{place}" t="s"><v>{index}</v></c>')
                out.append("</row>")
                sheet.write("".join(out).encode())
            sheet.write(b"</sheetData></worksheet>")
        with book.open("xl/sharedStrings.xml", "w") as shared:
            shared.write((declaration + f'<sst xmlns="{main_ns}" uniqueCount="{len(texts)}">').encode())
            for text in texts:
                shared.write(f"<si><t>{escape(text)}</t></si>".encode())
            shared.write(b"</sst>")


main()
