"""Words of regrades, by code, and a detail as a sentence."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from certification.regrade import Change, Deed, Kind, Refusal, State
from certification.regrade_report import Finding
from foundation.wording import mark
from question_bank.item import ItemFace
from question_bank.item import Kind as ItemKind

STATES = {State.PROPOSED: _l("待决定"), State.COMMITTED: _l("已执行"), State.REFUSED: _l("未采纳"), State.WITHDRAWN: _l("已撤回")}
TONES = {State.PROPOSED: "warn", State.COMMITTED: "good", State.REFUSED: "neutral", State.WITHDRAWN: "neutral"}
CHANGES = {
    Change.FAILS: _l("通过变为未通过"), Change.FALLS: _l("优秀降为合格"), Change.PASSES: _l("未通过变为通过"),
    Change.RISES: _l("合格升为优秀"), Change.MARK: _l("只有得分变化"),
}
CHANGE_TONES = {Change.FAILS: "bad", Change.FALLS: "warn", Change.PASSES: "good", Change.RISES: "good", Change.MARK: "neutral"}
DEEDS = {Deed.KEEP: _l("保留不变"), Deed.REVOKE: _l("撤销上岗证"), Deed.REDUCE: _l("降为合格"), Deed.UPGRADE: _l("升为优秀")}
FINDINGS = {
    Finding.GOOD: _l("签名有效，内容与签署时一致"), Finding.FORGED: _l("签名不是本系统所签，或签名密钥已更换"),
    Finding.DIFFERS: _l("签名有效，但现在保存的内容与签署时不同"),
}
REFUSALS = {
    Refusal.CANCELLED: _l("场次已取消，没有成绩可以重新评分。"),
    Refusal.NOT_CLOSED: _l("考试还没有结束。场次结束、试题不再保密后才能重新评分。"),
    Refusal.RUNNING: _l("还有人在作答（有加时）。全部收卷后才能重新评分。"),
    Refusal.UNSCORED: _l("这道题现在就不计分。"),
    Refusal.POINTS: _l("分值要大于 0，不超过 100。要让这道题不计分，请选“作废这道题”。"),
    Refusal.STEP: _l("分值以 0.5 分为一档，例如 1.5 或 2。"),
    Refusal.SAME_POINTS: _l("这道题现在就是这个分值。"),
    Refusal.KEY: _l("请给出完整的另一个答案，格式见说明。"),
    Refusal.KNOWN_KEY: _l("这个答案现在已经算正确。"),
    Refusal.BY_HAND: _l("简答题由评分员评分，没有标准答案可增加。"),
    Refusal.SETTLED: _l("这项提议已经有了结果，不能再改。"),
    Refusal.PROPOSER: _l("提议人不能决定自己的提议，请由另一位认证决定人处理。"),
    Refusal.NOT_PROPOSER: _l("只有提议人可以撤回提议。"),
    Refusal.SELF: _l("您自己的成绩会因此改变，按回避规则不能作决定。"),
    Refusal.INVOLVED: _l("您安排或公布了这场考试，或者出了这道题，按回避规则不能作决定，请由另一位认证决定人处理。"),
    Refusal.OWN_COMPANY: _l("会因此改变成绩的人与您同属一家合作方，按回避规则不能作决定。"),
    Refusal.MOVED: _l("您查看预演以后，情况有了变化。下面是重新计算的结果，请再看一遍再签署。"),
    Refusal.NOTE: _l("请写明理由。"), Refusal.UNDECIDED: _l("有上岗证还没有选择怎样处理。"),
}
KEYS: Mapping[str, Any] = {
    ItemKind.SINGLE: _l("请再选一项也算正确的选项，只选一项。"), ItemKind.TRUE_FALSE: _l("请选现在不算正确的那一项，只选一项。"),
    ItemKind.MULTIPLE: _l("请勾选构成另一个正确答案的全部选项。"), ItemKind.SITUATIONAL: _l("请选一项也得满分的选项，只选一项。"),
    ItemKind.ORDER: _l("请按另一个顺序写出全部选项字母，每个一次，例如 B A C。"),
    ItemKind.MATCH: _l("请给每个字母写出对应的数字，每个字母一次，例如 A2 B1。"), ItemKind.FILL: _l("请给每个空写一行，不能少也不能多。"),
}
"""What is to be done where no further key could be read, by kind of question."""
FIELDS = {
    Refusal.POINTS: "points", Refusal.STEP: "points", Refusal.SAME_POINTS: "points", Refusal.KEY: "picked", Refusal.KNOWN_KEY: "picked",
    Refusal.BY_HAND: "kind", Refusal.UNSCORED: "kind",
}
"""The field of the proposal's form that a refusal concerns."""


def letters(codes: Sequence[str], face: ItemFace) -> str:
    """Option codes as the letters under which the page shows them."""
    known = [option.code for option in face.options]
    return mark("、").join(chr(ord("A") + known.index(code)) if code in known else code for code in codes)


def key_words(kind: str, key: Any, face: ItemFace) -> str:
    """A key as one would say it: letters, pairs of letter and number, or the accepted texts."""
    if kind in (ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.TRUE_FALSE):
        return letters(list(key), face)
    if kind == ItemKind.ORDER:
        return " → ".join(letters([code], face) for code in key)
    if kind == ItemKind.FILL:
        return mark("；").join(" / ".join(map(str, blank)) if isinstance(blank, list | tuple) else str(blank) for blank in key)
    if kind == ItemKind.SITUATIONAL and isinstance(key, Mapping):
        return mark("；").join(f"{letters([code], face)} {share:g}" for code, share in key.items())
    if kind == ItemKind.MATCH and isinstance(key, Mapping):
        right = [option.code for option in face.right]
        return mark("；").join(f"{letters([left], face)}–{right.index(code) + 1 if code in right else code}" for left, code in key.items())
    return ""


def detail_words(kind: str, detail: Mapping[str, Any], item_kind: str, face: ItemFace) -> str:
    """What a proposal asks for, in a sentence."""
    match Kind(kind):
        case Kind.VOID:
            return _("这道题对任何人都不计分，分值从得分和满分里去掉")
        case Kind.FULL_CREDIT:
            return _("每个人都得到这道题的全部分值")
        case Kind.EXTRA_KEY:
            return _("答 %(key)s 也得满分，原来的答案仍然算对", key=key_words(item_kind, detail["key"], face))
        case Kind.REWEIGHT:
            return _("分值改为 %(n)s 分", n=f"{detail['points']:g}")
