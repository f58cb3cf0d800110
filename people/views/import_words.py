"""What the columns of a roster are called, and what is said of a file or a cell that is wrong."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from people.roster_sheet import HEADINGS, Field, Wrong

FIELDS = {
    Field.STAFF_NO: _l("工号"), Field.NAME: _l("姓名"), Field.ID_NUMBER: _l("身份证号"), Field.PHONE: _l("手机号"), Field.CITY: _l("城市"),
    Field.CONTRACT: _l("合同编号"), Field.SINCE: _l("上岗日期"), Field.PARTNER: _l("合作方编号"),
}

TROUBLES = {
    "too_large": (_l("表格太大"), _l("一次最多 10 万行、256 列。请分成几个文件，并删去表格外面的空白单元格。")),
    "too_costly": (_l("读取时间太长，已停止"), _l("这个文件的内容很不寻常。请新建一个工作簿，把人员复制进去再导入。")),
    "bomb": (_l("文件展开后太大，已拒绝"), _l("压缩包里的内容远远超过一份花名册。请用模板重新填写。")),
    "encrypted": (_l("文件有密码"), _l("请在 Excel 里取消密码，另存后再导入。")),
    "old_format": (_l("这是旧的 .xls 格式"), _l("请在 Excel 里另存为 .xlsx 再导入。")),
    "not_a_table": (_l("这不是 Excel 或 CSV 文件"), _l("请下载模板填写，或把表格另存为 .xlsx。")),
    "damaged": (_l("文件已损坏，无法读取"), _l("请在 Excel 里打开检查，另存后再导入。")),
    "doctype": (_l("文件里有不允许的内容，已拒绝"), _l("工作簿里声明了外部文档类型。请用 Excel 另存后再导入。")),
    "encoding": (_l("认不出文字编码"), _l("请把 CSV 另存为 UTF-8 或 GBK 编码，或改用 .xlsx。")),
    "empty": (_l("文件里没有内容"), _l("第一张可见的工作表是空的。请把人员写在第一张工作表里。")),
}
"""Title and advice for each ``foundation.child.Trouble``."""

PLAIN = {
    Wrong.REQUIRED: _l("不能为空"),
    Wrong.NUMBER: _l("应是文字或编号，现在是一个带小数或过长的数字"),
    Wrong.LOST_DIGITS: _l("存成了数字，末尾几位可能已经丢失。请把这一列设为“文本”格式，再重新填写"),
    Wrong.LONG: _l("太长了"),
    Wrong.SIGNS: _l("含有不能使用的字符，例如换行或制表符"),
    Wrong.STAFF_NO_SHAPE: _l("工号只能用字母、数字、点、横线和下划线"),
    Wrong.ID_SHAPE: _l("身份证号应为 18 位，最后一位可以是 X"),
    Wrong.ID_BIRTH_DATE: _l("身份证号里的出生日期不对"),
    Wrong.ID_CHECK: _l("身份证号校验不对，请核对是否输错"),
    Wrong.PHONE_SHAPE: _l("应为 11 位手机号，或带区号的固定电话"),
    Wrong.DATE_SHAPE: _l("认不出日期，请写成 2026-01-31 的样子"),
    Wrong.DATE_NUMBER: _l("是数字，不是日期。请把单元格设为日期格式，或写成 2026-01-31"),
    Wrong.PARTNER_UNKNOWN: _l("没有这家合作方"),
    Wrong.PARTNER_OTHER: _l("只能导入本公司的人员"),
    Wrong.CONTRACT_UNKNOWN: _l("没有这份合同"),
    Wrong.CONTRACT_ELSEWHERE: _l("这份合同属于另一家合作方"),
    Wrong.CONTRACT_OVER: _l("合同已结束，不能再列入人员"),
    Wrong.CONTRACT_NEEDED: _l("写了上岗日期，就要写合同编号"),
    Wrong.SINCE_OUTSIDE: _l("上岗日期不在合同期内"),
    Wrong.SINCE_OVERLAP: _l("与此人在这份合同里以前的在岗时间重叠"),
    Wrong.STAFF_NO_TAKEN: _l("这个工号已被使用，请核对"),
    Wrong.ID_OTHER: _l("与系统里登记的身份证号不同。如确要更正，请先核对工号"),
    Wrong.MASK_OTHER: _l("打了星号的号码与登记的不一致，请填写完整号码，或留空"),
}


def field_word(field: str) -> str:
    """A column's name."""
    return str(FIELDS[Field(field)])


def fault_words(field: str, wrong: str, other: str) -> str:
    """One sentence on a cell that is wrong; ``other`` is what it clashes with."""
    kind = Wrong(wrong)
    if kind is Wrong.NO_COLUMN:
        return _("没有找到“%(name)s”这一列。可以叫：%(names)s", name=field_word(field), names="、".join(HEADINGS[Field(field)][:3]))
    if kind is Wrong.TWO_COLUMNS:
        return _("有两列都是“%(name)s”，请删去一列", name=field_word(field))
    if kind is Wrong.SINCE_OTHER:
        return _("此人自 %(day)s 起已在这份合同里。要改日期，请在合同页先移出再列入", day=other)
    if kind is Wrong.TWICE:
        return _("与第 %(row)s 行是同一人、同一份合同", row=other)
    if kind is Wrong.UNLIKE:
        return _("与第 %(row)s 行的同一人写得不一样", row=other)
    if kind is Wrong.ID_TWICE:
        return _("与第 %(row)s 行另一个人的身份证号相同", row=other)
    if kind is Wrong.ID_TAKEN:
        return _("这个身份证号已登记在工号 %(no)s 名下", no=other) if other else _("这个身份证号已被登记，请联系运营商人力核对")
    if kind is Wrong.NAME_OTHER:
        return _("这个工号登记的姓名是%(name)s。改名时要同时写对身份证号", name=other)
    return str(PLAIN[kind])
