"""What is typed about a breach: by HR who records it, by the person who appeals, by the decider who answers."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import DateTimeLocalField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from certification.breach import LONGEST, SHORTEST, Severity, Source, Verdict
from foundation.shape import Between

SIZE = Length(min=SHORTEST, max=LONGEST, message=_l("请写 10 到 4000 字"))
MINUTE = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
SOURCES = {Source.INSPECTION: _l("现场检查"), Source.COMPLAINT: _l("客户投诉"), Source.MYSTERY_VISIT: _l("神秘访客")}
SEVERITIES = {Severity.MINOR: _l("一般"), Severity.SERIOUS: _l("较重"), Severity.GRAVE: _l("严重")}
VERDICTS = {Verdict.LIFT: _l("撤销这条违规记录"), Verdict.UPHOLD: _l("维持这条违规记录")}


def _stripped(text: Any) -> Any:
    return text.strip() if isinstance(text, str) else text


def _files() -> MultipleFileField:
    return MultipleFileField(_l("证据文件"))


class EvidenceForm(FlaskForm):
    """Photographs and documents."""

    files = _files()


class BreachForm(FlaskForm):
    """A breach, its fields as the page orders them; ``picked_…`` is what was chosen among what a search found."""

    staff = StringField(_l("人员"), [Length(max=80, message=_l("最多 80 个字"))], filters=[_stripped])
    picked_staff = StringField(_l("查到的人员"), [Length(max=40)], filters=[_stripped])
    clause = StringField(_l("违反的条款"), [Length(max=120, message=_l("最多 120 个字"))], filters=[_stripped])
    picked_clause = StringField(_l("查到的条款"), [Length(max=120)], filters=[_stripped])
    severity = RadioField(_l("严重程度"), [InputRequired(_l("请选择严重程度"))], choices=list(SEVERITIES.items()))
    source = RadioField(_l("来源"), [InputRequired(_l("请选择来源"))], choices=list(SOURCES.items()))
    occurred = DateTimeLocalField(_l("发生时间"), [InputRequired(_l("请填写发生时间")), Between(1990, 2100)], format=MINUTE)
    programme = SelectField(_l("认证项目"), [Optional()])
    visit = StringField(_l("工单或派单判定编号"), [Length(max=80, message=_l("最多 80 个字符"))], filters=[_stripped])
    description = TextAreaField(_l("情况说明"), [InputRequired(_l("请写明情况")), SIZE])
    files = _files()


class BreachAppealForm(FlaskForm):
    """Why a breach should not stand."""

    text = TextAreaField(_l("申诉理由"), [InputRequired(_l("请写明申诉理由")), SIZE])


class BreachOutcomeForm(FlaskForm):
    """The answer, with reasons that the person reads."""

    verdict = RadioField(_l("结论"), [InputRequired(_l("请选择结论"))], choices=list(VERDICTS.items()))
    outcome = TextAreaField(_l("答复"), [InputRequired(_l("请写明答复")), SIZE])
