"""Shapes of what people type at the door."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField, Form, HiddenField, PasswordField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from foundation.shape import Between
from people.account import USERNAME
from people.permission import Role
from people.saved_view import LONGEST_NAME


class SignInForm(FlaskForm):
    """Name and password."""

    username = StringField(_l("用户名"), [DataRequired(_l("请输入用户名")), Length(max=64)])
    password = PasswordField(_l("密码"), [DataRequired(_l("请输入密码")), Length(max=200)])


class PasswordForm(FlaskForm):
    """A new password of one's own."""

    current = PasswordField(_l("现在的密码"), [DataRequired(_l("请输入现在的密码")), Length(max=200)])
    new = PasswordField(
        _l("新密码"), [DataRequired(_l("请输入新密码")), Length(max=200)], description=_l("至少 15 个字符，可以是一句自己记得住的话")
    )
    again = PasswordField(_l("再输入一次"), [DataRequired(_l("请再输入一次新密码")), EqualTo("new", _l("两次输入的新密码不一样"))])


class EmailForm(FlaskForm):
    """Where one's own reminders go."""

    email = StringField(_l("邮箱"), [
        Optional(), Length(max=254, message=_l("邮箱最多 254 个字符")),
        Regexp(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+$", message=_l("邮箱要像 name@example.com 这样")),
    ])


class SavedViewForm(FlaskForm):
    """A list as it was narrowed, and the name to keep it under."""

    name = StringField(_l("视图名称"), [
        DataRequired(_l("请给视图起个名字")), Length(max=LONGEST_NAME, message=_l("名称最多 %(max)d 个字")),
    ])
    page = HiddenField()
    query = HiddenField()


ROLE_WORDS = {
    Role.CANDIDATE: _l("考生"),
    Role.COORDINATOR: _l("合作方管理员"),
    Role.TRAINER: _l("培训师"),
    Role.OFFICER: _l("考务"),
    Role.RATER: _l("评分员"),
    Role.DECIDER: _l("认证决定人"),
    Role.HR: _l("人力"),
    Role.AUDITOR: _l("审计"),
    Role.ADMIN: _l("系统管理员"),
}
ROLE_DUTIES = {
    Role.CANDIDATE: _l("学习、考试，看自己的成绩和上岗证"),
    Role.COORDINATOR: _l("管理本公司的花名册，为本公司的人报名"),
    Role.TRAINER: _l("编写和审核试题，不能审核自己写的题"),
    Role.OFFICER: _l("安排考试场次，公布成绩；看得到所有公司"),
    Role.RATER: _l("为现场演练评分"),
    Role.DECIDER: _l("决定授予、暂停或撤销上岗证；看得到所有公司"),
    Role.HR: _l("管理合作方、合同和花名册；看得到所有公司"),
    Role.AUDITOR: _l("查看全部内容，不能修改"),
    Role.ADMIN: _l("管理账号、角色和接口密钥"),
}


class RolesForm(FlaskForm):
    """What an account may do."""

    roles = SelectMultipleField(
        _l("角色"),
        [DataRequired(_l("至少选一个角色"))],
        choices=[(role.value, words) for role, words in ROLE_WORDS.items()],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class AccountForm(RolesForm):
    """A new account for somebody who is, or will be, one of the staff."""

    username = StringField(
        _l("用户名"),
        [DataRequired(_l("请输入用户名")), Length(2, 64, _l("用户名要有 2 到 64 个字符")),
         Regexp(USERNAME, message=_l("用户名只能用字母、数字、点、横线和下划线，并以字母或数字开头"))],
        description=_l("登录时使用，例如 zhangwei"),
    )
    staff_no = StringField(_l("工号"), [DataRequired(_l("请输入工号")), Length(max=40, message=_l("工号最多 40 个字符"))])
    name = StringField(_l("姓名"), [DataRequired(_l("请输入姓名")), Length(max=80, message=_l("姓名最多 80 个字"))])
    partner = SelectField(_l("单位"), [DataRequired(_l("请选择单位"))])


class KeyForm(FlaskForm):
    """A new API key."""

    name = StringField(
        _l("名称"), [DataRequired(_l("请输入名称")), Length(max=80, message=_l("名称最多 80 个字"))],
        description=_l("写明谁在用，例如“派单系统”"),
    )
    scope = RadioField(
        _l("用途"), [InputRequired(_l("请选择用途"))], choices=[("dispatch", _l("派单判定")), ("metrics", _l("运行指标"))]
    )


class PeriodForm(Form):
    """Which events of which days; in the address, so that a view can be shared."""

    event = SelectField(_l("事件"), [Optional()])
    since = DateField(_l("从"), [Optional(), Between(1990, 2100)])
    until = DateField(_l("到"), [Optional(), Between(1990, 2100)])


class RosterFileForm(FlaskForm):
    """A roster as a file; ``contract`` is where rows go that name none (0: nowhere)."""

    file = FileField(_l("花名册文件"), description=_l("Excel（.xlsx）或 CSV，最多 10 万行、15 MB"))
    contract = SelectField(_l("没写合同的人列入"), [Optional()], coerce=int, default=0)
