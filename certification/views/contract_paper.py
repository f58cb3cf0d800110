"""The checklist before signing as a paper with room for the signatures."""

from collections.abc import Iterator

from flask_babel import gettext as _

from certification.checklist import Checklist, Line, Outcome
from certification.views.contract_words import STATES, cure_words, moment_of_end, standing_words, topic_words
from foundation import pdf
from foundation.pdf import Blanks, Block, Checks, Facts, Grid, Heading, Text
from foundation.wording import day, hour, mark, said
from people.contract import State

MOST = 2000
"""People on one paper, about a hundred pages; who blocks comes first, and the page shows all."""


def paper(found: Checklist, signed: bool) -> bytes:
    """The PDF; ``signed`` when these are the facts of a signing. Raises MissingGlyph."""
    title = _("签约核对表") if signed else _("签约前核对表")
    return pdf.paper(title, blocks(found, signed), _("%(code)s · 核对于 %(at)s", code=found.head.contract, at=moment(found)))


def blocks(found: Checklist, signed: bool) -> Iterator[Block]:
    """What is printed, in order."""
    head = found.head
    yield Facts([
        (_("合作方"), f"{head.partner} ({head.partner_code})"),
        (_("合同"), f"{head.title} ({head.contract})" if head.title else head.contract),
        (_("期限"), term(found)), (_("状态"), str(STATES[State(head.state)])),
        (_("须持上岗证"), mark("、").join(said(dict(title)) for title in head.programmes.values()) or "–"),
        (_("核对时间"), moment(found)),
        (_("结论"), _("签订时全部符合") if signed else _("可以签订") if found.ready else _("还不能签订")),
    ])
    yield Heading(_("核对项目"))
    yield Checks([(_box(check.outcome), *topic_words(check, head)) for check in found.checks])
    yield Heading(_("人员"))
    lines = sorted(found.lines, key=lambda line: (not line.blocks, line.staff_no))
    if lines:
        columns = [_("姓名"), _("工号"), _("认证项目"), _("证号"), _("持证情况")]
        yield Grid(columns, list(_rows(found, lines[:MOST])), (1.4, 1.3, 2.4, 2.6, 3.2))
    else:
        yield Text(_("花名册还是空的。"))
    if len(lines) > MOST:
        yield Text(_("另有 %(n)s 人未印出，请在网页上查看。", n=len(lines) - MOST))
    yield Text(_("依据：集团客户现场网络服务支撑工作规范实施细则第十二条。合作单位人员先考核合格、持证，再签订合同。"), small=True)
    yield Heading(_("签字"))
    yield Blanks([_("合作方代表"), _("运营商代表"), _("日期")])


def moment(found: Checklist) -> str:
    """When it was looked at, with the year: a paper that is printed again in another year says the same."""
    return f"{day(found.at)} {hour(found.at)}"


def term(found: Checklist) -> str:
    """The contract's days."""
    from_day, to_day = day(found.head.starts), moment_of_end(found.head.ends)
    return _("%(starts)s 至 %(ends)s", starts=from_day, ends=to_day)


def _box(outcome: Outcome) -> bool | None:
    return {Outcome.PASS: True, Outcome.FAIL: False, Outcome.NOTE: None}[outcome]


def _rows(found: Checklist, lines: list[Line]) -> Iterator[list[str]]:
    for line in lines:
        for holding in line.holdings:
            title = said(dict(found.head.programmes.get(holding.programme, {}))) or holding.programme
            told = mark("；").join(filter(None, (standing_words(holding), cure_words(holding))))
            yield [line.name, line.staff_no, title, holding.number or "–", told]
        if not line.holdings:
            yield [line.name, line.staff_no, "–", "–", "–"]
