"""A visit's papers as PDF: pre-filled, with lines to write on for what is not filled in. Made outside any unit of work, in Chinese."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from certification import custody
from certification.actions.custody_papers import HOW, time
from certification.actions.visit_papers import Confirmation
from certification.signature import Signature, kept
from certification.store import visit_papers as store
from certification.store.decisions import programmes
from certification.tables import DispatchDecision, VisitPaper
from certification.visit_paper import Kind
from foundation import pdf
from foundation.database import db

TITLES = {Kind.FAULT: "集团客户现场故障处理确认书", Kind.INSPECTION: "集团客户现场巡检确认书", Kind.NOTE: "到访留言"}
WORK = {Kind.FAULT: "故障处理情况", Kind.INSPECTION: "巡检情况"}
MORE = 3
"""Further lines for what was done, where it is written by hand."""
SOURCES = {
    Kind.FAULT: "依据：集团客户现场网络服务支撑工作规范实施细则 附录一。表内各项由本系统设定。",
    Kind.INSPECTION: "依据：集团客户现场网络服务支撑工作规范实施细则 附录二。表内各项由本系统设定。",
    Kind.NOTE: "依据：集团客户现场网络服务支撑工作规范实施细则 第二十八条；安装维护标准化工作手册 到访留言。",
}


def printed(decision: DispatchDecision) -> dict[str, Any]:
    """What a paper of the decision says beforehand: the visit, its time, programme, and the team with its licences."""
    visit = decision.request["visit"]
    numbers = store.team_of(decision)
    known = store.team(db.session, numbers)
    licences = {one["subject"]: one["id"] for one in decision.answer["evidence"] if one["type"] == "licence"}
    return {
        "visit": visit.get("id", ""), "programme": visit["programme"], "starts": visit["starts"], "ends": visit["ends"],
        "title": programmes(db.session).get(visit["programme"], {}),
        "team": [[known.get(number, (number, ""))[0], known.get(number, ("", ""))[1], licences.get(number, "")] for number in numbers],
    }


def paper(decision_id: str, kind: Kind, fields: Mapping[str, Any], said: Confirmation | None = None, at: datetime | None = None) -> bytes:
    """A paper as far as it is filled in; ``said`` and ``at`` when the customer confirmed. Raises MissingGlyph."""
    blocks: list[pdf.Block] = [_visit(decision_id, fields), pdf.Heading("上门人员"), _team(fields["team"])]
    blocks += _note(fields) if kind is Kind.NOTE else _work(kind, fields)
    if kind is not Kind.NOTE:
        blocks += _confirmed(decision_id, kind, fields, said, at) if said and at else _to_sign()
    blocks.append(pdf.Text(SOURCES[kind], small=True))
    return pdf.paper(TITLES[kind], blocks, f"{TITLES[kind]} · {fields['visit'] or decision_id}")


def of_row(row: VisitPaper) -> bytes:
    """The paper of a row: as it was kept, or as far as it is filled in. Raises MissingGlyph."""
    return row.pdf if row.pdf is not None else paper(row.decision_id, Kind(row.kind), row.fields)


def said_of(row: VisitPaper) -> Signature:
    """The customer's signature on a confirmed paper."""
    return kept(row.confirmation["name"], row.confirmation["signature"])


def moment(text: str) -> datetime:
    """An instant as the fields keep it."""
    return datetime.fromisoformat(text)


def _visit(decision_id: str, fields: Mapping[str, Any]) -> pdf.Facts:
    span = f"{time(moment(fields['starts']))[:-3]} 至 {time(moment(fields['ends']))[:-3]}"
    return pdf.Facts([
        ("工单", fields["visit"] or "–"), ("认证项目", _title(fields)), ("约定时间", span), ("派单判定编号", decision_id),
    ])


def _title(fields: Mapping[str, Any]) -> str:
    """The programme as a customer reads it; its code says nothing to them."""
    return str((fields.get("title") or {}).get("zh") or fields["programme"])


def _team(team: Sequence[Sequence[str]]) -> pdf.Grid:
    return pdf.Grid(["姓名", "公司", "上岗证号"], [[name, company or "–", licence or "–"] for name, company, licence in team], [2, 3, 4])


def _lines(rows: Sequence[tuple[str, str]]) -> list[pdf.Block]:
    """What is filled in, then lines for the rest."""
    blank = [line for label, value in rows if not value for line in (label, *[""] * (MORE if label in WORK.values() else 0))]
    found: list[pdf.Block] = [pdf.Facts([row for row in rows if row[1]])]
    return [*found, pdf.Blanks(blank)] if blank else found


def _when(fields: Mapping[str, Any], name: str) -> str:
    return time(moment(fields[name]))[:-3] if fields.get(name) else ""


def _work(kind: Kind, fields: Mapping[str, Any]) -> list[pdf.Block]:
    rows = [("客户", fields.get("customer", "")), ("到达时间", _when(fields, "arrived"))]
    if not fields.get("arrived") or fields.get("left"):  # on paper it is written by hand, on the phone it may still lie ahead
        rows.append(("离开时间", _when(fields, "left")))
    return [pdf.Heading(WORK[kind]), *_lines([*rows, (WORK[kind], fields.get("work", ""))])]


def _note(fields: Mapping[str, Any]) -> list[pdf.Block]:
    rows = [
        ("客户", fields.get("customer", "")), ("到访时间", _when(fields, "arrived")), ("离开时间", _when(fields, "left")),
        ("联系人", fields.get("contact", "")), ("联系电话", fields.get("phone", "")),
    ]
    text = "我们上门时无人应答，也没有联系上您。请您见到这张留言后与下面的联系人联系，我们再约时间上门。"
    return [pdf.Heading("致客户"), pdf.Text(text), *_lines(rows)]


def _to_sign() -> list[pdf.Block]:
    return [
        pdf.Heading("客户确认"), pdf.Checks([(None, "满意", ""), (None, "不满意", "")]),
        pdf.Blanks(["客户意见", "客户姓名", "客户签名", "日期"]),
    ]


def _confirmed(decision_id: str, kind: Kind, fields: Mapping[str, Any], said: Confirmation, at: datetime) -> list[pdf.Block]:
    content = {"paper": kind.value, "decision": decision_id, **fields, "confirmation": said.document(), "confirmed": at.isoformat()}
    return [
        pdf.Heading("客户确认"), pdf.Checks([(said.satisfied or None, "满意", ""), (None if said.satisfied else True, "不满意", "")]),
        pdf.Facts([("客户意见", said.remarks)] if said.remarks else []),
        pdf.Signed("客户签名", f"{said.signature.name}（{HOW[said.signature.how]}）", time(at), said.signature.strokes),
        pdf.Text(f"确认内容的 SHA-256：{custody.digest(content)}", small=True),
    ]
