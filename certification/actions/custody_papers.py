"""The papers of custody as PDF, made before they are kept: never inside a unit of work.

They are in Chinese whatever language the asker reads in, because what was
signed is kept as it was signed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from certification import custody as rule
from certification.actions.custody import SignedPaper
from certification.actions.licences import zone
from certification.custody import Wanted
from certification.custody_wording import KINDS, RECEIPT
from certification.signature import How, Signature
from foundation import pdf

HOW = {How.DRAWN: "手写签名", How.TYPED: "以姓名作为签名", How.PAPER: "签在纸上"}
SOURCE = "依据：集团客户现场网络服务支撑工作规范实施细则 第十九条"


@dataclass(frozen=True)
class Parties:
    """Which company, under which contract."""

    company: str
    contract: str
    title: str


@dataclass(frozen=True)
class Holder:
    """Who signs for items, and for which assignment."""

    name: str
    staff_no: str
    assignment: str


def day(moment: datetime) -> str:
    """A civil day, as the papers write it."""
    here = moment.astimezone(zone())
    return f"{here.year}年{here.month}月{here.day}日"


def time(moment: datetime) -> str:
    """Day and time, as the papers write them."""
    return f"{day(moment)} {moment.astimezone(zone()):%H:%M:%S}"


def agreement(parties: Parties, text: str, signature: Signature, signed: datetime, recorded: datetime) -> SignedPaper:
    """The company's responsibility agreement. Raises MissingGlyph."""
    when = day(signed) if signature.how is How.PAPER else time(signed)
    content = {
        "paper": "agreement", "company": parties.company, "contract": parties.contract, "text": text, "signatory": signature.name,
        "signature": signature.document(), "signed": signed.isoformat(),
    }
    facts = [("公司", parties.company), ("合同", f"{parties.contract} {parties.title}".strip()), ("记录时间", time(recorded))]
    return SignedPaper(text, signature, pdf.paper("标识物品使用责任书", [
        pdf.Facts(facts), pdf.Heading("承诺"), pdf.Text(text), pdf.Text(SOURCE, small=True),
        _signed("公司代表签名", signature, when), _digest(content),
    ], f"标识物品使用责任书 · {parties.contract}"))


def receipt(number: str, parties: Parties, holder: Holder, items: Sequence[Wanted], signature: Signature, now: datetime) -> SignedPaper:
    """A person's receipt. Raises MissingGlyph."""
    content = {
        "paper": "receipt", "number": number, "company": parties.company, "contract": parties.contract, "name": holder.name,
        "staff_no": holder.staff_no, "assignment": holder.assignment, "items": [[item.kind.value, item.label] for item in items],
        "text": RECEIPT, "signatory": signature.name, "signature": signature.document(), "issued": now.isoformat(),
    }
    facts = [
        ("编号", number), ("领用人", f"{holder.name}（{holder.staff_no}）"), ("公司", parties.company),
        ("合同", f"{parties.contract} {parties.title}".strip()), ("用于", holder.assignment), ("领用时间", time(now)),
    ]
    rows = [[str(place), KINDS[item.kind], item.label or "–"] for place, item in enumerate(items, 1)]
    return SignedPaper(RECEIPT, signature, pdf.paper("标识物品领用凭据", [
        pdf.Facts(facts), pdf.Heading("物品"), pdf.Grid(["序号", "物品", "编号或说明"], rows, [1, 3, 6]),
        pdf.Heading("保管与交回"), pdf.Text(RECEIPT), pdf.Text(SOURCE, small=True),
        _signed("领用人签名", signature, time(now)), _digest(content),
    ], f"标识物品领用凭据 · {number}"))


def _signed(caption: str, signature: Signature, when: str) -> pdf.Signed:
    return pdf.Signed(caption, f"{signature.name}（{HOW[signature.how]}）", when, signature.strokes)


def _digest(content: Mapping[str, object]) -> pdf.Text:
    return pdf.Text(f"签署内容的 SHA-256：{rule.digest(content)}", small=True)
