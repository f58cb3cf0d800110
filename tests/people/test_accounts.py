"""The admin's desk: accounts, roles, one-time passwords, keys; the auditor reads along."""

import html
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from people import account
from people.account import Refusal
from people.permission import NEVER_TOGETHER, Role
from people.tables import Account, ApiKey, Person
from tests.cast import Cast, Visitor

SignIn = Callable[[str], Visitor]


def one_time(page: str) -> str:
    return html.unescape(page.partition('id="secret">')[2].partition("<")[0])


def deeds(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        return [(row.event, row.subject, row.result) for row in db.session.scalars(select(AuditRow).order_by(AuditRow.seq))]


def stored(app: Flask, account_id: int) -> Account:
    with app.app_context():
        return db.session.get_one(Account, account_id)


# The rule


@pytest.mark.parametrize(
    ("held", "wanted", "own", "others", "refusal"),
    [
        (["officer"], ["officer"], False, 1, Refusal.SAME), (["officer"], ["trainer"], False, 1, None),
        (["officer"], ["officer", "decider"], False, 1, Refusal.CLASH), (["admin"], ["officer"], True, 5, Refusal.OWN_ADMIN),
        (["admin"], ["officer"], False, 0, Refusal.LAST_ADMIN), (["admin"], ["officer"], False, 1, None),
        (["admin"], ["admin", "trainer"], True, 0, None),
    ],
)
def test_roles_change_when_nothing_speaks_against_it(
    held: list[str], wanted: list[str], own: bool, others: int, refusal: Refusal | None
) -> None:
    assert account.change_roles([Role(role) for role in held], [Role(role) for role in wanted], own, others) is refusal


@pytest.mark.parametrize(
    ("held", "own", "others", "refusal"),
    [
        ("admin", False, 0, Refusal.LAST_ADMIN), ("admin", False, 1, None),
        ("officer", False, 0, None), ("officer", True, 3, Refusal.OWN_ACCOUNT),
    ],
)
def test_an_account_closes_unless_it_is_ones_own_or_the_last_admin(held: str, own: bool, others: int, refusal: Refusal | None) -> None:
    assert account.close([Role(held)], own, others) is refusal


# The list


def test_the_list_is_searched_filtered_and_sorted(cast: Cast, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    assert f"共 {len(list(cast))} 条" in admin.get("/accounts").text
    found = admin.get("/accounts?q=王建国").text
    assert "共 1 条" in found
    assert "S0001" in found
    assert "共 3 条" in admin.get("/accounts", query_string={"q": " 华信 S000 "}).text
    officers = admin.get("/accounts?role=officer").text
    assert "共 2 条" in officers
    assert "郑秀英" in officers
    names = [admin.get(f"/accounts?sort={order}username").text for order in ("", "-")]
    assert names[0].index("admin</span>") < names[0].index("trainer</span>")
    assert names[1].index("admin</span>") > names[1].index("trainer</span>")


def test_a_search_that_finds_nothing_says_so_and_shows_a_way_out(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in("admin").get("/accounts?q=%25").text
    assert "没有符合条件的账号" in page
    assert 'href="/accounts"' in page


def test_an_unknown_filter_or_page_falls_back(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in("admin").get("/accounts?role=king&page=99999999999&sort=-nothing&state=x").status_code == 200


def test_the_auditor_reads_and_sees_no_button(cast: Cast, sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    pages = [auditor.get(path).text for path in ("/accounts", f"/accounts/{cast.owner.account_id}", "/keys")]
    assert not [word for page in pages for word in ("新增账号", "保存角色", "重置密码", "停用账号", "新增密钥") if word in page]
    assert "考生" in pages[1]
    assert auditor.form(f"/accounts/{cast.owner.account_id}/close").status_code == 403


# A new account

FORM = {"username": "newcomer", "staff_no": "S0500", "name": "新来的人", "partner": "P01", "roles": ["candidate", "coordinator"]}


def test_a_new_account_gets_a_one_time_password_that_is_shown_once(app: Flask, cast: Cast, sign_in: SignIn, client: Visitor) -> None:
    admin = sign_in("admin")
    made = admin.form("/accounts/new", FORM)
    given = one_time(made.text)
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    assert client.form("/login", {"username": "newcomer", "password": given}).headers["Location"] == "/account/password"
    with app.app_context():
        query = select(Account.id, Account.roles, Account.one_time, Person.staff_no).join(Person)
        row = db.session.execute(query.where(Account.username == "newcomer")).one()
    assert (row.roles, row.one_time, row.staff_no) == (["candidate", "coordinator"], True, "S0500")
    assert ("account.created", f"account:{row.id}", "done") in deeds(app)
    assert given not in admin.get(f"/accounts/{row.id}").text


def test_somebody_who_is_on_the_staff_keeps_name_and_company(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.add(Person(staff_no="S0600", name="在册的人", partner_id=cast.partners["P02"]))
    page = sign_in("admin").form("/accounts/new", FORM | {"staff_no": "S0600"})
    assert page.status_code == 201
    assert "在册的人" in page.text
    assert "新来的人" not in page.text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"username": "owner"}, "这个用户名已有人使用"),
        ({"username": "OWNER"}, "这个用户名已有人使用"), ({"username": ""}, "请输入用户名"),
        ({"username": "张三"}, "用户名只能用字母"), ({"username": "a"}, "2 到 64"), ({"staff_no": "S0001"}, "这个工号已有账号"),
        ({"name": ""}, "请输入姓名"), ({"roles": []}, "至少选一个角色"),
        ({"roles": ["decider", "officer"]}, "认证决定人和考务不能由同一个账号担任"),
        ({"roles": ["auditor", "admin"]}, "审计和系统管理员不能由同一个账号担任"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(
    app: Flask, cast: Cast, sign_in: SignIn, change: dict[str, object], says: str
) -> None:
    typed = FORM | change
    page = sign_in("admin").form("/accounts/new", typed)
    assert page.status_code == 422
    assert says in page.text
    assert f'value="{typed["username"]}"' in page.text
    assert f'value="{typed["staff_no"]}"' in page.text
    with app.app_context():
        assert db.session.scalar(select(Account.id).where(Account.username == "newcomer")) is None


def test_a_role_that_does_not_exist_is_refused(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in("admin").form("/accounts/new", FORM | {"roles": ["king"]}).status_code == 422


# Roles


def test_every_forbidden_pair_is_explained_before_and_refused_after(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    admin, target = sign_in("admin"), f"/accounts/{cast.rater.account_id}"
    assert "哪些角色不能由同一个账号担任" in admin.get(target).text
    for one, other in NEVER_TOGETHER:
        page = admin.form(f"{target}/roles", {"roles": [one.value, other.value]})
        assert page.status_code == 422
        assert "不能由同一个账号担任：" in page.text
    assert stored(app, cast.rater.account_id).roles == ["rater"]


def test_changed_roles_are_kept_and_recorded(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in("admin").form(f"/accounts/{cast.owner.account_id}/roles", {"roles": ["candidate", "coordinator"]})
    assert answer.status_code == 302
    assert stored(app, cast.owner.account_id).roles == ["candidate", "coordinator"]
    assert ("account.roles_changed", f"account:{cast.owner.account_id}", "done") in deeds(app)


def test_the_last_admin_stays_and_nobody_takes_it_from_themselves(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    page = admin.form(f"/accounts/{cast.admin.account_id}/roles", {"roles": ["hr"]})
    assert page.status_code == 422
    assert "不能取消自己的系统管理员角色" in page.text
    admin.form(f"/accounts/{cast.admin.account_id}/close")
    assert stored(app, cast.admin.account_id).closed is None
    admin.form(f"/accounts/{cast.hr.account_id}/roles", {"roles": ["hr", "admin"]})
    sign_in("hr").form(f"/accounts/{cast.admin.account_id}/roles", {"roles": ["trainer"]})
    assert stored(app, cast.admin.account_id).roles == ["trainer"]
    assert admin.get("/accounts").status_code == 403


def test_two_admins_who_close_each_other_do_not_both_succeed(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    sign_in("admin").form(f"/accounts/{cast.hr.account_id}/roles", {"roles": ["admin"]})
    pairs = [(sign_in("admin"), cast.hr.account_id), (sign_in("hr"), cast.admin.account_id)]
    gate = Barrier(2)

    def close(pair: tuple[Visitor, int]) -> None:
        gate.wait()
        pair[0].form(f"/accounts/{pair[1]}/close")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(close, pairs))
    assert [stored(app, account_id).closed is None for _, account_id in pairs].count(True) == 1


# Closing, reopening, resetting


def test_a_closed_account_is_signed_out_at_once_and_comes_back_with_its_password(
    app: Flask, cast: Cast, sign_in: SignIn, client: Visitor
) -> None:
    officer, admin = sign_in("officer"), sign_in("admin")
    assert officer.get("/sittings").status_code == 200
    admin.form(f"/accounts/{cast.officer.account_id}/close")
    assert officer.get("/sittings").headers["Location"].startswith("/login")
    assert "停用" in admin.get(f"/accounts/{cast.officer.account_id}").text
    admin.form(f"/accounts/{cast.officer.account_id}/reopen")
    assert officer.get("/sittings").status_code == 302, "the old session must stay ended"
    assert sign_in("officer").get("/sittings").status_code == 200


def test_a_reset_password_ends_every_session_and_the_lock(app: Flask, cast: Cast, sign_in: SignIn, client: Visitor) -> None:
    mine = sign_in("owner")
    for _ in range(5):
        client.form("/login", {"username": "owner", "password": "wrong"})
    page = sign_in("admin").form(f"/accounts/{cast.owner.account_id}/password")
    assert mine.get("/standards").status_code == 302
    answer = client.form("/login", {"username": "owner", "password": one_time(page.text)})
    assert answer.headers["Location"] == "/account/password"
    assert ("password.reset", f"account:{cast.owner.account_id}", "done") in deeds(app)


def test_the_page_shows_where_somebody_is_signed_in(cast: Cast, sign_in: SignIn) -> None:
    sign_in("owner")
    admin = sign_in("admin")
    assert "登录于 11月22日 09:00" in admin.get(f"/accounts/{cast.owner.account_id}").text
    assert "现在没有登录" in admin.get(f"/accounts/{cast.stranger.account_id}").text


def test_what_does_not_exist_is_404(cast: Cast, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    assert admin.get("/accounts/999999").status_code == 404
    assert [admin.form(f"/accounts/999999/{verb}").status_code for verb in ("close", "reopen", "password", "roles")] == [404] * 4


# Keys


def test_a_key_is_shown_once_kept_hashed_and_works_until_it_is_revoked(app: Flask, cast: Cast, sign_in: SignIn, client: Visitor) -> None:
    admin = sign_in("admin")
    made = admin.form("/keys/new", {"name": "派单系统", "scope": "metrics"})
    key = one_time(made.text)
    assert made.status_code == 201
    assert key.startswith("cz_")
    away = {"REMOTE_ADDR": "203.0.113.9"}
    bearer = {"Authorization": f"Bearer {key}"}
    assert client.get("/metrics", headers=bearer, environ_overrides=away).status_code == 200
    assert key not in admin.get("/keys").text
    with app.app_context():
        row = db.session.scalars(select(ApiKey)).one()
        assert key.encode() not in row.key_hash
    admin.form(f"/keys/{row.id}/revoke")
    assert client.get("/metrics", headers=bearer, environ_overrides=away).status_code == 401
    assert [event for event, _, _ in deeds(app)][-2:] == ["key.created", "key.revoked"]


def test_a_name_is_free_again_once_its_key_is_revoked(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    admin, typed = sign_in("admin"), {"name": "派单系统", "scope": "dispatch"}
    assert admin.form("/keys/new", typed).status_code == 201
    again = admin.form("/keys/new", typed)
    assert again.status_code == 422
    assert "已有一个同名的有效密钥" in again.text
    assert 'value="派单系统"' in again.text
    with app.app_context():
        key_id = db.session.scalar(select(ApiKey.id))
    admin.form(f"/keys/{key_id}/revoke")
    assert admin.form(f"/keys/{key_id}/revoke").status_code == 404
    assert admin.form("/keys/new", typed).status_code == 201
    page = admin.get("/keys?state=revoked").text
    assert "共 1 条" in page
    assert "已撤销" in page


@pytest.mark.parametrize("typed", [{"name": "", "scope": "dispatch"}, {"name": "x", "scope": "everything"}, {"name": "x"}])
def test_a_key_needs_a_name_and_a_known_use(cast: Cast, sign_in: SignIn, typed: dict[str, str]) -> None:
    assert sign_in("admin").form("/keys/new", typed).status_code == 422
