"""Signing and issuing through the doors, for the tests of custody and of visit papers."""

import io
import json
import re
from typing import Any

from pypdf import PdfReader

from certification.actions.visit_papers import token_hash
from certification.tables import CustodyAgreement, CustodyItem, CustodyReceipt, VisitPaper
from certification.visit_paper import LINK
from foundation.work import Work
from tests.cast import Cast, Visitor

DRAWN = json.dumps([[[100, 100], [250, 180], [400, 120]], [[500, 60], [520, 300]]])


def text_of(content: bytes) -> str:
    """What a PDF says, without the breaks of its lines."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def base(cast: Cast, contract: str = "C01", partner: str = "P01") -> str:
    """The path of a contract's custody."""
    return f"/partners/{cast.partners[partner]}/contracts/{cast.contracts[contract]}/custody"


def signed(name: str, **more: str) -> dict[str, str]:
    """The fields of a drawn signature."""
    return {"sign-name": name, "sign-strokes": DRAWN, **more}


def declared(name: str) -> dict[str, str]:
    """The fields of a typed one."""
    return {"sign-name": name, "sign-declared": "y"}


TEXT = "本公司只在进行支撑服务时使用标识物品，合同到期且不再续约时全部交回。"


def agree(browser: Visitor, where: str, **more: str) -> Any:
    """Have the company sign."""
    return browser.form(f"{where}/agreement", {"text": TEXT, "how": "page", **signed("钱总"), **more})


def hand(browser: Visitor, where: str, staff: str = "S0001", name: str = "王建国", **more: str) -> Any:
    """Issue a uniform and two badges."""
    fields = {"assignment": "杭州驻点支撑", "uniform-taken": "y", "badge-labels": "GP-1、GP-2", **signed(name), **more}
    return browser.form(f"{where}/issue?staff={staff}", fields)


TOKEN = "a-token-of-a-test-0123456789-0123456789-0123456"


def kept_for(w: Work, cast: Cast, decision_id: str) -> dict[str, Any]:
    """What stands behind the doors: a receipt of ``owner``, and a paper of a visit that waits for the customer."""
    told = {"signature": {"how": "typed", "strokes": []}, "text": TEXT, "pdf": b"%PDF-1.4", "digest": bytes(32)}
    agreement = CustodyAgreement(
        contract_id=cast.contracts["C01"], signatory="钱总", signed=w.now, recorded_by=cast.hr.account_id, **told
    )
    w.session.add(agreement)
    w.session.flush()
    receipt = CustodyReceipt(
        number="BG-2026-AAAAAAAA", agreement_id=agreement.id, person_id=cast.owner.person_id, assignment="杭州驻点支撑", issued=w.now,
        issued_by=cast.hr.account_id, **told,
    )
    team = [["王建国", "华信通服", ""]]
    printed = {"visit": "W-1", "programme": "GC", "starts": w.now.isoformat(), "ends": w.now.isoformat(), "team": team}
    paper = VisitPaper(
        decision_id=decision_id, kind="fault", created=w.now, created_by=cast.owner.account_id, filled=w.now,
        filled_by=cast.owner.account_id, token_hash=token_hash(TOKEN), token_until=w.now + LINK,
        fields={**printed, "customer": "湖滨宾馆", "arrived": w.now.isoformat(), "left": "", "work": "已恢复。"},
    )
    w.session.add_all([receipt, paper])
    w.session.flush()
    item = CustodyItem(receipt_id=receipt.id, kind="badge", label="GP-1", state="issued")
    w.session.add(item)
    w.session.flush()
    return {
        "custody": receipt.number, "custody_item": item.id, "visit_paper": paper.id, "visit_token": TOKEN, "visit_kind": "fault",
    }
