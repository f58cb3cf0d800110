"""What HR and coordinators type about companies, contracts and rosters."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from foundation.shape import Between

SENSIBLE = Between(1990, 2100)
CODE = Regexp(r"^[A-Za-z0-9][A-Za-z0-9._-]*$", message=_l("编号只能用字母、数字、点、横线和下划线"))


class PartnerForm(FlaskForm):
    """A partner company."""

    name = StringField(_l("公司名称"), [DataRequired(_l("请输入公司名称")), Length(max=120, message=_l("公司名称最多 120 个字"))])
    code = StringField(_l("公司编号"), [DataRequired(_l("请输入公司编号")), Length(max=40, message=_l("公司编号最多 40 个字符")), CODE])


class ContractForm(FlaskForm):
    """A contract; both days belong to it."""

    code = StringField(_l("合同编号"), [DataRequired(_l("请输入合同编号")), Length(max=40, message=_l("合同编号最多 40 个字符")), CODE])
    title = StringField(_l("合同名称"), [DataRequired(_l("请输入合同名称")), Length(max=200, message=_l("合同名称最多 200 个字"))])
    starts = DateField(_l("开始日期"), [InputRequired(_l("请填写开始日期")), SENSIBLE], description=_l("第一天，包含在合同内"))
    ends = DateField(_l("结束日期"), [InputRequired(_l("请填写结束日期")), SENSIBLE], description=_l("最后一天，包含在合同内"))
    programmes = SelectMultipleField(
        _l("人员要持有的上岗证"), [DataRequired(_l("至少选一个认证项目"))],
        option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False),
    )
    renews = SelectField(
        _l("续签自"), [Optional()], coerce=int, default=0, description=_l("续签的合同到期后，标识物品不用收回")
    )


class EndForm(FlaskForm):
    """Another last day for a signed contract, and why."""

    last_day = DateField(_l("新的最后一天"), [InputRequired(_l("请填写新的最后一天")), SENSIBLE], description=_l("包含在合同内"))
    reason = TextAreaField(_l("理由"), [DataRequired(_l("请写明理由")), Length(max=500, message=_l("理由最多 500 个字"))])


class ReasonForm(FlaskForm):
    """Why a contract is withdrawn or broken off."""

    reason = TextAreaField(_l("理由"), [DataRequired(_l("请写明理由")), Length(max=500, message=_l("理由最多 500 个字"))])


class PersonForm(FlaskForm):
    """Somebody for a roster: by staff number when known, with the rest when new."""

    staff_no = StringField(_l("工号"), [DataRequired(_l("请输入工号")), Length(max=40, message=_l("工号最多 40 个字符")), CODE])
    starts = DateField(_l("从哪天起"), [InputRequired(_l("请填写从哪天起")), SENSIBLE])
    name = StringField(_l("姓名"), [Length(max=80, message=_l("姓名最多 80 个字"))])
    city = StringField(_l("所在城市"), [Length(max=40, message=_l("所在城市最多 40 个字"))])
    id_number = StringField(_l("身份证号"), [Optional(), Length(max=40, message=_l("身份证号是 18 位"))])
    phone = StringField(_l("联系电话"), [Optional(), Length(max=40, message=_l("联系电话太长"))])


class LeaveForm(FlaskForm):
    """The last day on a roster."""

    last_day = DateField(_l("最后一天"), [InputRequired(_l("请填写最后一天")), SENSIBLE], description=_l("这一天仍算在岗"))
    left = BooleanField(_l("本人已离开公司"), description=_l("同时退出其他花名册，最后一天过后停用账号"))
