"""What is said of a question that comes in: what became of it, and what it is to the bank."""

from flask_babel import lazy_gettext as _l

STATUSES = {"kept": _l("完整"), "degraded": _l("有改动"), "refused": _l("不能导入")}
RELATIONS = {
    "new": _l("新题"), "same": _l("题库里已有"), "revision": _l("已有题的新一版"), "key_differs": _l("题库里有同一道题，答案不同"),
    "busy": _l("题库里的这道题正在审核或已停用，现在不能改"), "repeated": _l("与文件里前面的题相同"),
}
LEAVING = ("leave", "take")
"""Buttons that leave questions out, or take them in again."""
