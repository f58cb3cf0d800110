"""The house."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import foundation.database

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.Column("revoked", foundation.database.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
    )
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.create_index(
            "uq_api_keys_live_name",
            ["name"],
            unique=True,
            sqlite_where=sa.text("revoked IS NULL"),
            postgresql_where=sa.text("revoked IS NULL"),
        )

    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", foundation.database.Instant(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_actor", ["actor"], unique=False)
        batch_op.create_index("ix_audit_event", ["event"], unique=False)
        batch_op.create_index("ix_audit_subject", ["subject"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "clashes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("note", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clashes")),
        sa.UniqueConstraint("code", name=op.f("uq_clashes_code")),
    )
    op.create_table(
        "dispatch_decisions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", foundation.database.Instant(), nullable=False),
        sa.Column("asker", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("visit", sa.String(length=80), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("request", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("answer", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("policy_version", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch_decisions")),
    )
    with op.batch_alter_table("dispatch_decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispatch_decisions_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispatch_decisions_subject"), ["subject"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispatch_decisions_visit"), ["visit"], unique=False)

    op.create_table(
        "forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("sections", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forms")),
        sa.UniqueConstraint("code", name=op.f("uq_forms_code")),
    )
    op.create_table(
        "notice_runs",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", foundation.database.Instant(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_notice_runs")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.Column("due", foundation.database.Instant(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done", foundation.database.Instant(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_open", ["done", "due"], unique=False)

    op.create_table(
        "partners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.CheckConstraint("kind IN ('partner', 'operator')", name=op.f("ck_partners_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
        sa.UniqueConstraint("code", name=op.f("uq_partners_code")),
    )
    op.create_table(
        "programmes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("summary", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("code", name=op.f("uq_programmes_code")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last", foundation.database.Instant(), nullable=False),
        sa.Column("locked_until", foundation.database.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_failures")),
    )
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.String(length=60), nullable=False),
        sa.Column("public", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=False),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.Column("retired", foundation.database.Instant(), nullable=True),
        sa.Column("over", foundation.database.Instant(), nullable=True),
        sa.CheckConstraint("(retired IS NULL) = (over IS NULL)", name=op.f("ck_signing_keys_over")),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_keys")),
    )
    op.create_table(
        "standards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("issuer", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standards")),
        sa.UniqueConstraint("code", name=op.f("uq_standards_code")),
    )
    op.create_table(
        "webhook_marks",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("at", foundation.database.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_webhook_marks")),
    )
    op.create_table(
        "contracts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("starts", foundation.database.Instant(), nullable=False),
        sa.Column("ends", foundation.database.Instant(), nullable=False),
        sa.Column("programmes", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("renews_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'certified_roster', 'signed', 'running', 'ending', 'ended')", name=op.f("ck_contracts_state")
        ),
        sa.CheckConstraint("ends > starts", name=op.f("ck_contracts_order")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_contracts_partner_id")),
        sa.ForeignKeyConstraint(["renews_id"], ["contracts.id"], name=op.f("fk_contracts_renews_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint("code", name=op.f("uq_contracts_code")),
    )
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contracts_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contracts_renews_id"), ["renews_id"], unique=False)

    op.create_table(
        "editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("effective", foundation.database.Instant(), nullable=False),
        sa.Column("note", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("chapters", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["standard_id"], ["standards.id"], name=op.f("fk_editions_standard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("standard_id", "edition", name=op.f("uq_editions_standard_id_edition")),
    )
    op.create_table(
        "notice_channels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.Column("closed", foundation.database.Instant(), nullable=True),
        sa.CheckConstraint("kind IN ('wecom', 'dingtalk')", name=op.f("ck_notice_channels_kind")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_notice_channels_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_channels")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_no", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("city", sa.String(length=40), nullable=False),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("left", foundation.database.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_people_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("id_number_digest", name=op.f("uq_people_id_number_digest")),
        sa.UniqueConstraint("staff_no", name=op.f("uq_people_staff_no")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index("ix_people_city", ["city", "staff_no"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_name"), ["name"], unique=False)
        batch_op.create_index("ix_people_partner_id", ["partner_id", "staff_no"], unique=False)

    op.create_table(
        "programme_editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("spec", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.Column("frozen", foundation.database.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_programme_editions_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_editions")),
        sa.UniqueConstraint("programme_id", "number", name=op.f("uq_programme_editions_programme_id_number")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("one_time", sa.Boolean(), nullable=False),
        sa.Column("roles", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.Column("closed", foundation.database.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_accounts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("person_id", name=op.f("uq_accounts_person_id")),
        sa.UniqueConstraint("username", name=op.f("uq_accounts_username")),
    )
    op.create_table(
        "clauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("chapter", sa.String(length=40), nullable=False),
        sa.Column("title", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("text", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("phrase", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True),
        sa.Column("citation", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("duty", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=True),
        sa.Column("applies_to", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("key_clause", sa.Boolean(), nullable=False),
        sa.Column("examinable", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("duty IN ('must', 'must_not', 'should')", name=op.f("ck_clauses_duty")),
        sa.CheckConstraint("tier IS NULL OR tier IN ('basic', 'improved', 'excellent')", name=op.f("ck_clauses_tier")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_clauses_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clauses")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_clauses_edition_id_number")),
    )
    with op.batch_alter_table("clauses", schema=None) as batch_op:
        batch_op.create_index("ix_clauses_edition_position", ["edition_id", "position"], unique=False)

    op.create_table(
        "licences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("programme_edition_id", sa.Integer(), nullable=False),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_licences_person_id")),
        sa.ForeignKeyConstraint(["programme_edition_id"], ["programme_editions.id"], name=op.f("fk_licences_programme_edition_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_licences_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licences")),
        sa.UniqueConstraint("number", name=op.f("uq_licences_number")),
        sa.UniqueConstraint("status_index", name=op.f("uq_licences_status_index")),
    )
    with op.batch_alter_table("licences", schema=None) as batch_op:
        batch_op.create_index("ix_licences_person_programme", ["person_id", "programme_id"], unique=False)

    op.create_table(
        "roster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts", foundation.database.Instant(), nullable=False),
        sa.Column("ends", foundation.database.Instant(), nullable=True),
        sa.CheckConstraint("ends IS NULL OR ends >= starts", name=op.f("ck_roster_order")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_roster_contract_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_roster_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
        sa.UniqueConstraint("contract_id", "person_id", "starts", name=op.f("uq_roster_contract_id_person_id_starts")),
    )
    with op.batch_alter_table("roster", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_person_id"), ["person_id"], unique=False)

    op.create_table(
        "breaches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.Column("severity", sa.String(length=20), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("occurred", foundation.database.Instant(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("recorded", foundation.database.Instant(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("appealed", foundation.database.Instant(), nullable=True),
        sa.Column("appeal_text", sa.Text(), nullable=False),
        sa.Column("decided", foundation.database.Instant(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.CheckConstraint("severity IN ('minor', 'serious', 'grave')", name=op.f("ck_breaches_severity")),
        sa.CheckConstraint("source IN ('inspection', 'complaint', 'mystery_visit')", name=op.f("ck_breaches_source")),
        sa.CheckConstraint("state IN ('confirmed', 'appealed', 'lifted')", name=op.f("ck_breaches_state")),
        sa.CheckConstraint("points BETWEEN 1 AND 12", name=op.f("ck_breaches_points")),
        sa.ForeignKeyConstraint(["clause_id"], ["clauses.id"], name=op.f("fk_breaches_clause_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_breaches_decided_by")),
        sa.ForeignKeyConstraint(["decision_id"], ["dispatch_decisions.id"], name=op.f("fk_breaches_decision_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_breaches_person_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_breaches_programme_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_breaches_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breaches")),
        sa.UniqueConstraint("number", name=op.f("uq_breaches_number")),
    )
    with op.batch_alter_table("breaches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_breaches_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_breaches_person_occurred", ["person_id", "occurred"], unique=False)

    op.create_table(
        "clash_sides",
        sa.Column("clash_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.Column("says", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["clash_id"], ["clashes.id"], name=op.f("fk_clash_sides_clash_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["clause_id"], ["clauses.id"], name=op.f("fk_clash_sides_clause_id")),
        sa.PrimaryKeyConstraint("clash_id", "clause_id", name=op.f("pk_clash_sides")),
    )
    with op.batch_alter_table("clash_sides", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clash_sides_clause_id"), ["clause_id"], unique=False)

    op.create_table(
        "contract_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.Column("at", foundation.database.Instant(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_contract_events_by")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contract_events_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_events")),
    )
    with op.batch_alter_table("contract_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_events_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "custody_agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("signatory", sa.String(length=80), nullable=False),
        sa.Column("signature", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("signed", foundation.database.Instant(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_custody_agreements_contract_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_custody_agreements_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_agreements")),
        sa.UniqueConstraint("contract_id", name=op.f("uq_custody_agreements_contract_id")),
    )
    op.create_table(
        "dispatch_overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("starts", foundation.database.Instant(), nullable=False),
        sa.Column("ends", foundation.database.Instant(), nullable=False),
        sa.Column("proposed", foundation.database.Instant(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("confirmed", foundation.database.Instant(), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn", foundation.database.Instant(), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("(confirmed IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_dispatch_overrides_confirmed")),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name=op.f("ck_dispatch_overrides_two_people")),
        sa.CheckConstraint("ends > starts", name=op.f("ck_dispatch_overrides_order")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["accounts.id"], name=op.f("fk_dispatch_overrides_confirmed_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_dispatch_overrides_person_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_dispatch_overrides_programme_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_dispatch_overrides_proposed_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["accounts.id"], name=op.f("fk_dispatch_overrides_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch_overrides")),
    )
    with op.batch_alter_table("dispatch_overrides", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispatch_overrides_person_id"), ["person_id"], unique=False)

    op.create_table(
        "dispatch_policies",
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("parameters", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("effective", foundation.database.Instant(), nullable=False),
        sa.Column("recorded", foundation.database.Instant(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_dispatch_policies_by")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_dispatch_policies")),
    )
    op.create_table(
        "edition_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("former_id", sa.Integer(), nullable=False),
        sa.Column("later_id", sa.Integer(), nullable=False),
        sa.Column("opened", foundation.database.Instant(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("former_id <> later_id", name=op.f("ck_edition_changes_two")),
        sa.ForeignKeyConstraint(["former_id"], ["editions.id"], name=op.f("fk_edition_changes_former_id")),
        sa.ForeignKeyConstraint(["later_id"], ["editions.id"], name=op.f("fk_edition_changes_later_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["accounts.id"], name=op.f("fk_edition_changes_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_changes")),
        sa.UniqueConstraint("former_id", "later_id", name=op.f("uq_edition_changes_former_id_later_id")),
    )
    with op.batch_alter_table("edition_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_changes_later_id"), ["later_id"], unique=False)

    op.create_table(
        "form_openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("asked", foundation.database.Instant(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("broken_glass", sa.Boolean(), nullable=False),
        sa.Column("confirmed", foundation.database.Instant(), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("ends", foundation.database.Instant(), nullable=True),
        sa.CheckConstraint("(confirmed IS NULL) = (ends IS NULL)", name=op.f("ck_form_openings_ends")),
        sa.CheckConstraint("confirmed_by IS NULL OR broken_glass OR confirmed_by <> asked_by", name=op.f("ck_form_openings_two_persons")),
        sa.ForeignKeyConstraint(["asked_by"], ["accounts.id"], name=op.f("fk_form_openings_asked_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["accounts.id"], name=op.f("fk_form_openings_confirmed_by")),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_form_openings_form_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_openings")),
    )
    with op.batch_alter_table("form_openings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_openings_form_id"), ["form_id"], unique=False)

    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("edited_here", sa.Boolean(), nullable=False),
        sa.Column("canary", sa.Boolean(), nullable=False),
        sa.Column("changed", foundation.database.Instant(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'in_review', 'approved', 'live', 'retired')", name=op.f("ck_items_state")),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_items_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("code", name=op.f("uq_items_code")),
    )
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_items_state"), ["state"], unique=False)

    op.create_table(
        "licence_spans",
        sa.Column("licence_id", sa.Integer(), nullable=False),
        sa.Column("starts", foundation.database.Instant(), nullable=False),
        sa.Column("ends", foundation.database.Instant(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.Column("grade", sa.String(length=20), nullable=True),
        sa.Column("until", foundation.database.Instant(), nullable=False),
        sa.Column("certified", foundation.database.Instant(), nullable=False),
        sa.CheckConstraint(
            "standing IN ('active', 'suspended', 'revoked', 'superseded', 'expired')", name=op.f("ck_licence_spans_standing")
        ),
        sa.CheckConstraint("ends IS NULL OR ends > starts", name=op.f("ck_licence_spans_order")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_licence_spans_licence_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_licence_spans_person_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_licence_spans_programme_id")),
        sa.PrimaryKeyConstraint("licence_id", "starts", name=op.f("pk_licence_spans")),
    )
    with op.batch_alter_table("licence_spans", schema=None) as batch_op:
        batch_op.create_index("ix_licence_spans_person", ["person_id", "programme_id"], unique=False)
        batch_op.create_index("ix_licence_spans_standing", ["standing"], unique=False)

    op.create_table(
        "login_sessions",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.Column("expires", foundation.database.Instant(), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_login_sessions_account_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login_sessions")),
    )
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_sessions_account_id"), ["account_id"], unique=False)

    op.create_table(
        "media",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("called", sa.String(length=120), nullable=False),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "media_type IN ('image/webp', 'image/png', 'image/jpeg', 'audio/mpeg', 'audio/wav')", name=op.f("ck_media_type")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_media_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("name", name=op.f("uq_media_name")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.Column("sent", foundation.database.Instant(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('email', 'wecom', 'dingtalk')", name=op.f("ck_notices_kind")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_notices_account_id")),
        sa.ForeignKeyConstraint(["channel_id"], ["notice_channels.id"], name=op.f("fk_notices_channel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_created"), ["created"], unique=False)

    op.create_table(
        "question_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("edition", sa.String(length=90), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("submit", sa.Boolean(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("finished", foundation.database.Instant(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'reading', 'checked', 'refused', 'keeping', 'kept', 'discarded')", name=op.f("ck_question_imports_state")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_question_imports_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_imports")),
    )
    with op.batch_alter_table("question_imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_imports_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_imports_digest"), ["digest"], unique=False)

    op.create_table(
        "roster_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("everywhere", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("faults", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("finished", foundation.database.Instant(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'reading', 'checked', 'refused', 'keeping', 'kept', 'discarded')", name=op.f("ck_roster_imports_state")
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_roster_imports_contract_id")),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_roster_imports_created_by")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_roster_imports_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_imports")),
    )
    with op.batch_alter_table("roster_imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_imports_digest"), ["digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_imports_partner_id"), ["partner_id"], unique=False)

    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_saved_views_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("account_id", "page", "name", name=op.f("uq_saved_views_account_id_page_name")),
    )
    with op.batch_alter_table("saved_views", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_views_account_id"), ["account_id"], unique=False)

    op.create_table(
        "sittings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("programme_edition_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("opens", foundation.database.Instant(), nullable=False),
        sa.Column("closes", foundation.database.Instant(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("entry_code", sa.String(length=40), nullable=True),
        sa.Column("extra_seconds", sa.Integer(), nullable=False),
        sa.Column("check_in", sa.Boolean(), nullable=False),
        sa.Column("watermark", sa.Boolean(), nullable=False),
        sa.Column("safe_browser", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True),
        sa.Column("review", sa.String(length=20), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.Column("cancelled", foundation.database.Instant(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("released", foundation.database.Instant(), nullable=True),
        sa.Column("released_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("review IN ('none', 'clauses', 'full')", name=op.f("ck_sittings_review")),
        sa.CheckConstraint("closes > opens", name=op.f("ck_sittings_order")),
        sa.CheckConstraint("extra_seconds >= 0", name=op.f("ck_sittings_extra")),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_sittings_created_by")),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_sittings_form_id")),
        sa.ForeignKeyConstraint(["programme_edition_id"], ["programme_editions.id"], name=op.f("fk_sittings_programme_edition_id")),
        sa.ForeignKeyConstraint(["released_by"], ["accounts.id"], name=op.f("fk_sittings_released_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sittings")),
        sa.UniqueConstraint("code", name=op.f("uq_sittings_code")),
    )
    with op.batch_alter_table("sittings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sittings_opens"), ["opens"], unique=False)
        batch_op.create_index(batch_op.f("ix_sittings_programme_edition_id"), ["programme_edition_id"], unique=False)

    op.create_table(
        "trainings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("held", foundation.database.Instant(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("trainer_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded", foundation.database.Instant(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 10080", name=op.f("ck_trainings_minutes")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_trainings_programme_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_trainings_recorded_by")),
        sa.ForeignKeyConstraint(["trainer_id"], ["accounts.id"], name=op.f("fk_trainings_trainer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainings")),
    )
    with op.batch_alter_table("trainings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trainings_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_trainings_trainer_id"), ["trainer_id"], unique=False)

    op.create_table(
        "visit_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("fields", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("filled", foundation.database.Instant(), nullable=True),
        sa.Column("filled_by", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("token_until", foundation.database.Instant(), nullable=True),
        sa.Column("confirmed", foundation.database.Instant(), nullable=True),
        sa.Column("confirmation", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=True),
        sa.CheckConstraint("kind IN ('fault', 'inspection', 'note')", name=op.f("ck_visit_papers_kind")),
        sa.CheckConstraint("(pdf IS NULL) = (digest IS NULL)", name=op.f("ck_visit_papers_kept")),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_visit_papers_created_by")),
        sa.ForeignKeyConstraint(["decision_id"], ["dispatch_decisions.id"], name=op.f("fk_visit_papers_decision_id")),
        sa.ForeignKeyConstraint(["filled_by"], ["accounts.id"], name=op.f("fk_visit_papers_filled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_papers")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_visit_papers_token_hash")),
    )
    with op.batch_alter_table("visit_papers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_papers_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index("ix_visit_papers_decision_kind", ["decision_id", "kind"], unique=False)

    op.create_table(
        "webhooks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("closed", foundation.database.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_webhooks_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("layout", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("secret", sa.LargeBinary(length=16), nullable=False),
        sa.Column("started", foundation.database.Instant(), nullable=False),
        sa.Column("deadline", foundation.database.Instant(), nullable=False),
        sa.Column("pen", sa.LargeBinary(length=32), nullable=True),
        sa.Column("ended", foundation.database.Instant(), nullable=True),
        sa.Column("chain", sa.LargeBinary(length=32), nullable=False),
        sa.Column("step_count", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.CheckConstraint("(state IN ('in_progress', 'paused')) = (ended IS NULL)", name=op.f("ck_attempts_ended")),
        sa.CheckConstraint(
            "state IN ('in_progress', 'paused', 'submitted', 'closed_by_deadline', 'invalidated')", name=op.f("ck_attempts_state")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_attempts_person_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_attempts_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("sitting_id", "person_id", name=op.f("uq_attempts_sitting_id_person_id")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index("ix_attempts_open", ["state", "deadline"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempts_person_id"), ["person_id"], unique=False)

    op.create_table(
        "bookings",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("booked_by", sa.Integer(), nullable=True),
        sa.Column("booked", foundation.database.Instant(), nullable=False),
        sa.Column("extra_seconds", sa.Integer(), nullable=False),
        sa.Column("extra_reason", sa.Text(), nullable=False),
        sa.Column("checked_in", foundation.database.Instant(), nullable=True),
        sa.Column("checked_in_by", sa.Integer(), nullable=True),
        sa.Column("check_note", sa.Text(), nullable=False),
        sa.CheckConstraint("extra_seconds >= 0", name=op.f("ck_bookings_extra")),
        sa.ForeignKeyConstraint(["booked_by"], ["accounts.id"], name=op.f("fk_bookings_booked_by")),
        sa.ForeignKeyConstraint(["checked_in_by"], ["accounts.id"], name=op.f("fk_bookings_checked_in_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_bookings_person_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_bookings_sitting_id")),
        sa.PrimaryKeyConstraint("sitting_id", "person_id", name=op.f("pk_bookings")),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bookings_person_id"), ["person_id"], unique=False)

    op.create_table(
        "breach_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("breach_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("added", foundation.database.Instant(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["accounts.id"], name=op.f("fk_breach_files_added_by")),
        sa.ForeignKeyConstraint(["breach_id"], ["breaches.id"], name=op.f("fk_breach_files_breach_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_files")),
    )
    with op.batch_alter_table("breach_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_breach_files_breach_id"), ["breach_id"], unique=False)

    op.create_table(
        "breach_measures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("breach_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("opened", foundation.database.Instant(), nullable=False),
        sa.Column("due", foundation.database.Instant(), nullable=True),
        sa.Column("closed", foundation.database.Instant(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("why_closed", sa.String(length=20), nullable=False),
        sa.CheckConstraint("(closed IS NULL) = (why_closed = '')", name=op.f("ck_breach_measures_closed")),
        sa.CheckConstraint("kind IN ('retraining', 'suspension', 'reexamination', 'revocation')", name=op.f("ck_breach_measures_kind")),
        sa.ForeignKeyConstraint(["breach_id"], ["breaches.id"], name=op.f("fk_breach_measures_breach_id")),
        sa.ForeignKeyConstraint(["closed_by"], ["accounts.id"], name=op.f("fk_breach_measures_closed_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_breach_measures_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_measures")),
    )
    with op.batch_alter_table("breach_measures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_breach_measures_breach_id"), ["breach_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_breach_measures_person_id"), ["person_id"], unique=False)

    op.create_table(
        "custody_receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("signature", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("issued", foundation.database.Instant(), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["custody_agreements.id"], name=op.f("fk_custody_receipts_agreement_id")),
        sa.ForeignKeyConstraint(["issued_by"], ["accounts.id"], name=op.f("fk_custody_receipts_issued_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_custody_receipts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_receipts")),
        sa.UniqueConstraint("number", name=op.f("uq_custody_receipts_number")),
    )
    with op.batch_alter_table("custody_receipts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_custody_receipts_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_custody_receipts_person_id"), ["person_id"], unique=False)

    op.create_table(
        "form_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", foundation.database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_form_looks_account_id")),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_form_looks_form_id")),
        sa.ForeignKeyConstraint(["opening_id"], ["form_openings.id"], name=op.f("fk_form_looks_opening_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_looks")),
    )
    with op.batch_alter_table("form_looks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_looks_form_id"), ["form_id"], unique=False)

    op.create_table(
        "imported_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("staff_no", sa.String(length=40), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("starts", foundation.database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_imported_entries_contract_id")),
        sa.ForeignKeyConstraint(["import_id"], ["roster_imports.id"], name=op.f("fk_imported_entries_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_entries")),
    )
    with op.batch_alter_table("imported_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_entries_import_id"), ["import_id"], unique=False)

    op.create_table(
        "imported_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("staff_no", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("city", sa.String(length=40), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("seen_partner", sa.Integer(), nullable=True),
        sa.Column("seen_left", foundation.database.Instant(), nullable=True),
        sa.Column("back", sa.Boolean(), nullable=False),
        sa.Column("moves", foundation.database.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["roster_imports.id"], name=op.f("fk_imported_people_import_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_imported_people_partner_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_imported_people_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_people")),
    )
    with op.batch_alter_table("imported_people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_people_import_id"), ["import_id"], unique=False)

    op.create_table(
        "item_enemies",
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", foundation.database.Instant(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_item_enemies_order")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_item_enemies_account_id")),
        sa.ForeignKeyConstraint(["one_id"], ["items.id"], name=op.f("fk_item_enemies_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["items.id"], name=op.f("fk_item_enemies_other_id")),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_item_enemies")),
    )
    with op.batch_alter_table("item_enemies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_enemies_other_id"), ["other_id"], unique=False)

    op.create_table(
        "item_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("right", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("key", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("difficulty", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("level IN ('recall', 'apply')", name=op.f("ck_item_versions_level")),
        sa.CheckConstraint("difficulty BETWEEN 1 AND 5", name=op.f("ck_item_versions_difficulty")),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_item_versions_author_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_versions_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_versions")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_item_versions_item_id_number")),
    )
    op.create_table(
        "paper_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=True),
        sa.Column("form_id", sa.Integer(), nullable=True),
        sa.Column("former_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", foundation.database.Instant(), nullable=False),
        sa.CheckConstraint("(kind IN ('marked', 'unmarked')) = (item_id IS NOT NULL)", name=op.f("ck_paper_notes_item")),
        sa.CheckConstraint("(kind IN ('replaced', 'canaries')) = (former_id IS NOT NULL)", name=op.f("ck_paper_notes_former")),
        sa.CheckConstraint("kind IN ('replaced', 'canaries', 'marked', 'unmarked')", name=op.f("ck_paper_notes_kind")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_paper_notes_by")),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_paper_notes_form_id")),
        sa.ForeignKeyConstraint(["former_id"], ["forms.id"], name=op.f("fk_paper_notes_former_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_paper_notes_item_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_paper_notes_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_notes")),
    )
    with op.batch_alter_table("paper_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_notes_form_id"), ["form_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_notes_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_notes_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "prepared_attempts",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("layout", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("secret", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_prepared_attempts_form_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_prepared_attempts_person_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_prepared_attempts_sitting_id")),
        sa.PrimaryKeyConstraint("sitting_id", "person_id", name=op.f("pk_prepared_attempts")),
    )
    op.create_table(
        "question_import_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("said", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("notes", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("clauses", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("suggested", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.Column("twin_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "relation IN ('new', 'same', 'revision', 'key_differs', 'busy', 'repeated')", name=op.f("ck_question_import_rows_relation")
        ),
        sa.CheckConstraint("status IN ('kept', 'degraded', 'refused')", name=op.f("ck_question_import_rows_status")),
        sa.ForeignKeyConstraint(["import_id"], ["question_imports.id"], name=op.f("fk_question_import_rows_import_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_question_import_rows_item_id")),
        sa.ForeignKeyConstraint(["twin_id"], ["items.id"], name=op.f("fk_question_import_rows_twin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_import_rows")),
        sa.UniqueConstraint("import_id", "position", name=op.f("uq_question_import_rows_import_id_position")),
    )
    op.create_table(
        "training_attendances",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_training_attendances_person_id")),
        sa.ForeignKeyConstraint(["training_id"], ["trainings.id"], name=op.f("fk_training_attendances_training_id")),
        sa.PrimaryKeyConstraint("training_id", "person_id", name=op.f("pk_training_attendances")),
    )
    with op.batch_alter_table("training_attendances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_attendances_person_id"), ["person_id"], unique=False)

    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("event_key", sa.String(length=120), nullable=False),
        sa.Column("payload", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("created", foundation.database.Instant(), nullable=False),
        sa.Column("due", foundation.database.Instant(), nullable=True),
        sa.Column("delivered", foundation.database.Instant(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.CheckConstraint("delivered IS NULL OR due IS NULL", name=op.f("ck_webhook_deliveries_due")),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_deliveries_webhook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint("webhook_id", "event_key", name=op.f("uq_webhook_deliveries_webhook_id_event_key")),
    )
    with op.batch_alter_table("webhook_deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webhook_deliveries_due"), ["due"], unique=False)

    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=True),
        sa.Column("attempt_id", sa.String(length=32), nullable=True),
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("filed", foundation.database.Instant(), nullable=False),
        sa.Column("due", foundation.database.Instant(), nullable=False),
        sa.Column("taken", foundation.database.Instant(), nullable=True),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("decided", foundation.database.Instant(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("asks_regrade", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(state IN ('filed', 'under_review')) = (decided IS NULL)", name=op.f("ck_appeals_decided")),
        sa.CheckConstraint("kind = 'complaint' OR attempt_id IS NOT NULL", name=op.f("ck_appeals_attempt")),
        sa.CheckConstraint("kind IN ('appeal', 'complaint')", name=op.f("ck_appeals_kind")),
        sa.CheckConstraint("state IN ('filed', 'under_review', 'upheld', 'rejected', 'withdrawn')", name=op.f("ck_appeals_state")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_appeals_attempt_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_appeals_decided_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_appeals_person_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_appeals_sitting_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["accounts.id"], name=op.f("fk_appeals_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
    )
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeals_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeals_state"), ["state"], unique=False)

    op.create_table(
        "attempt_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", foundation.database.Instant(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_attempt_events_attempt_id")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_attempt_events_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_events")),
    )
    with op.batch_alter_table("attempt_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_events_attempt_id"), ["attempt_id"], unique=False)

    op.create_table(
        "custody_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receipt_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("closed", foundation.database.Instant(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("settled", foundation.database.Instant(), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settlement", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'issued') = (closed IS NULL)", name=op.f("ck_custody_items_closed")),
        sa.CheckConstraint("kind IN ('uniform', 'badge', 'tool_bag', 'helmet', 'other')", name=op.f("ck_custody_items_kind")),
        sa.CheckConstraint("settled IS NULL OR state = 'lost'", name=op.f("ck_custody_items_settled")),
        sa.CheckConstraint("state IN ('issued', 'returned', 'lost')", name=op.f("ck_custody_items_state")),
        sa.ForeignKeyConstraint(["closed_by"], ["accounts.id"], name=op.f("fk_custody_items_closed_by")),
        sa.ForeignKeyConstraint(["receipt_id"], ["custody_receipts.id"], name=op.f("fk_custody_items_receipt_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["accounts.id"], name=op.f("fk_custody_items_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_items")),
    )
    with op.batch_alter_table("custody_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_custody_items_receipt_id"), ["receipt_id"], unique=False)

    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("programme_edition_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.String(length=32), nullable=True),
        sa.Column("licence_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("grade", sa.String(length=20), nullable=True),
        sa.Column("effective", foundation.database.Instant(), nullable=True),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("opened", foundation.database.Instant(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("decided", foundation.database.Instant(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("(kind = 'certification') = (licence_id IS NULL)", name=op.f("ck_decisions_licence")),
        sa.CheckConstraint("(state = 'pending') = (decided IS NULL)", name=op.f("ck_decisions_decided")),
        sa.CheckConstraint(
            "kind IN ('certification', 'upgraded', 'scope_reduced', 'suspended', 'reinstated', 'revoked', 'superseded')",
            name=op.f("ck_decisions_kind"),
        ),
        sa.CheckConstraint("state IN ('pending', 'granted', 'refused')", name=op.f("ck_decisions_state")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_decisions_attempt_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_decisions_decided_by")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_decisions_licence_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["accounts.id"], name=op.f("fk_decisions_opened_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_decisions_person_id")),
        sa.ForeignKeyConstraint(["programme_edition_id"], ["programme_editions.id"], name=op.f("fk_decisions_programme_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_decisions_attempt_id")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_licence_id"), ["licence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_state"), ["state"], unique=False)

    op.create_table(
        "edition_change_items",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("assigned_id", sa.Integer(), nullable=True),
        sa.Column("decided", foundation.database.Instant(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("carried_id", sa.Integer(), nullable=True),
        sa.Column("carried_version_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(verdict = '') = (decided IS NULL) AND (decided IS NULL) = (decided_by IS NULL)", name=op.f("ck_edition_change_items_decided")
        ),
        sa.CheckConstraint("change IN ('same', 'moved', 'changed', 'withdrawn')", name=op.f("ck_edition_change_items_change")),
        sa.CheckConstraint("verdict IN ('', 'right', 'revise', 'retire')", name=op.f("ck_edition_change_items_verdict")),
        sa.CheckConstraint("(carried_id IS NULL) = (carried_version_id IS NULL)", name=op.f("ck_edition_change_items_carried")),
        sa.ForeignKeyConstraint(["assigned_id"], ["accounts.id"], name=op.f("fk_edition_change_items_assigned_id")),
        sa.ForeignKeyConstraint(["carried_id"], ["items.id"], name=op.f("fk_edition_change_items_carried_id")),
        sa.ForeignKeyConstraint(["carried_version_id"], ["item_versions.id"], name=op.f("fk_edition_change_items_carried_version_id")),
        sa.ForeignKeyConstraint(["change_id"], ["edition_changes.id"], name=op.f("fk_edition_change_items_change_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_edition_change_items_decided_by")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_edition_change_items_item_id")),
        sa.ForeignKeyConstraint(["version_id"], ["item_versions.id"], name=op.f("fk_edition_change_items_version_id")),
        sa.PrimaryKeyConstraint("change_id", "item_id", name=op.f("pk_edition_change_items")),
    )
    with op.batch_alter_table("edition_change_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_change_items_assigned_id"), ["assigned_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_edition_change_items_item_id"), ["item_id"], unique=False)

    op.create_table(
        "fill_rulings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("blank", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", foundation.database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_fill_rulings_by")),
        sa.ForeignKeyConstraint(["version_id"], ["item_versions.id"], name=op.f("fk_fill_rulings_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fill_rulings")),
    )
    with op.batch_alter_table("fill_rulings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fill_rulings_version_id"), ["version_id"], unique=False)

    op.create_table(
        "form_items",
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_form_items_form_id")),
        sa.ForeignKeyConstraint(["version_id"], ["item_versions.id"], name=op.f("fk_form_items_version_id")),
        sa.PrimaryKeyConstraint("form_id", "version_id", name=op.f("pk_form_items")),
    )
    with op.batch_alter_table("form_items", schema=None) as batch_op:
        batch_op.create_index("ix_form_items_version", ["version_id"], unique=False)

    op.create_table(
        "item_cards",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("changed", foundation.database.Instant(), nullable=False),
        sa.Column("traits", sa.Integer(), nullable=False),
        sa.Column("figures", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("facility", sa.Double(), nullable=True),
        sa.Column("rest_correlation", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_item_cards_author_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_item_cards_edition_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_cards_item_id")),
        sa.ForeignKeyConstraint(["version_id"], ["item_versions.id"], name=op.f("fk_item_cards_version_id")),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_item_cards")),
        sa.UniqueConstraint("item_id", name=op.f("uq_item_cards_item_id")),
    )
    with op.batch_alter_table("item_cards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_cards_author_id"), ["author_id"], unique=False)
        batch_op.create_index("ix_item_cards_changed", ["changed", "item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_cards_code"), ["code"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_cards_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_cards_traits"), ["traits"], unique=False)

    op.create_table(
        "item_clauses",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clause_id"], ["clauses.id"], name=op.f("fk_item_clauses_clause_id")),
        sa.ForeignKeyConstraint(["version_id"], ["item_versions.id"], name=op.f("fk_item_clauses_version_id")),
        sa.PrimaryKeyConstraint("version_id", "clause_id", name=op.f("pk_item_clauses")),
    )
    with op.batch_alter_table("item_clauses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_clauses_clause_id"), ["clause_id"], unique=False)

    op.create_table(
        "item_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", foundation.database.Instant(), nullable=False),
        sa.Column("settled", foundation.database.Instant(), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_item_comments_account_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["accounts.id"], name=op.f("fk_item_comments_settled_by")),
        sa.ForeignKeyConstraint(["version_id"], ["item_versions.id"], name=op.f("fk_item_comments_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_comments")),
    )
    with op.batch_alter_table("item_comments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_comments_version_id"), ["version_id"], unique=False)

    op.create_table(
        "item_figures",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("facility", sa.Double(), nullable=False),
        sa.Column("rest_correlation", sa.Double(), nullable=True),
        sa.Column("seen", foundation.database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["item_versions.id"], name=op.f("fk_item_figures_version_id")),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_item_figures")),
    )
    op.create_table(
        "item_remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("met", sa.String(length=20), nullable=False),
        sa.Column("met_id", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("at", foundation.database.Instant(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("settled", foundation.database.Instant(), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("met IN ('exam', 'review', 'practice', 'bank')", name=op.f("ck_item_remarks_met")),
        sa.CheckConstraint(
            "reason IN ('wrong_key', 'two_answers', 'unclear', 'typo', 'outdated', 'picture', 'other')", name=op.f("ck_item_remarks_reason")
        ),
        sa.CheckConstraint("state IN ('open', 'fixed', 'no_fault', 'known')", name=op.f("ck_item_remarks_state")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_item_remarks_account_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["accounts.id"], name=op.f("fk_item_remarks_settled_by")),
        sa.ForeignKeyConstraint(["version_id"], ["item_versions.id"], name=op.f("fk_item_remarks_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_remarks")),
    )
    with op.batch_alter_table("item_remarks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_remarks_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_item_remarks_state", ["state", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_remarks_version_id"), ["version_id"], unique=False)
        batch_op.create_index(
            "uq_item_remarks_open",
            ["version_id", "account_id", "met"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "item_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", foundation.database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_item_reviews_account_id")),
        sa.ForeignKeyConstraint(["version_id"], ["item_versions.id"], name=op.f("fk_item_reviews_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_reviews")),
    )
    with op.batch_alter_table("item_reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_reviews_version_id"), ["version_id"], unique=False)

    op.create_table(
        "item_tallies",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("earned", sa.Double(), nullable=False),
        sa.Column("spread", sa.Double(), nullable=False),
        sa.Column("rest_spread", sa.Double(), nullable=False),
        sa.Column("together", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_item_tallies_sitting_id")),
        sa.ForeignKeyConstraint(["version_id"], ["item_versions.id"], name=op.f("fk_item_tallies_version_id")),
        sa.PrimaryKeyConstraint("sitting_id", "version_id", name=op.f("pk_item_tallies")),
    )
    with op.batch_alter_table("item_tallies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_tallies_version_id"), ["version_id"], unique=False)

    op.create_table(
        "late_steps",
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("received", foundation.database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_late_steps_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", "slot", "seq", "sha256", name=op.f("pk_late_steps")),
    )
    op.create_table(
        "markings",
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("marker_id", sa.Integer(), nullable=False),
        sa.Column("fraction", sa.Double(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("taken", foundation.database.Instant(), nullable=False),
        sa.Column("marked", foundation.database.Instant(), nullable=True),
        sa.CheckConstraint("(fraction IS NULL) = (marked IS NULL)", name=op.f("ck_markings_marked")),
        sa.CheckConstraint("fraction IS NULL OR (fraction >= 0 AND fraction <= 1)", name=op.f("ck_markings_fraction")),
        sa.CheckConstraint("round BETWEEN 1 AND 3", name=op.f("ck_markings_round")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_markings_attempt_id")),
        sa.ForeignKeyConstraint(["marker_id"], ["accounts.id"], name=op.f("fk_markings_marker_id")),
        sa.PrimaryKeyConstraint("attempt_id", "slot", "round", name=op.f("pk_markings")),
        sa.UniqueConstraint("attempt_id", "slot", "marker_id", name=op.f("uq_markings_attempt_id_slot_marker_id")),
    )
    with op.batch_alter_table("markings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_markings_marker_id"), ["marker_id"], unique=False)

    op.create_table(
        "past_results",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("mark", sa.Double(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("fraction", sa.Double(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("grade", sa.String(length=20), nullable=True),
        sa.Column("marks", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("sections", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("graded", foundation.database.Instant(), nullable=False),
        sa.Column("released", foundation.database.Instant(), nullable=True),
        sa.Column("replaced", foundation.database.Instant(), nullable=False),
        sa.Column("why", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_past_results_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_results")),
    )
    with op.batch_alter_table("past_results", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_past_results_attempt_id"), ["attempt_id"], unique=False)

    op.create_table(
        "presences",
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("seen", foundation.database.Instant(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_presences_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_presences")),
    )
    op.create_table(
        "results",
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("mark", sa.Double(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("fraction", sa.Double(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("grade", sa.String(length=20), nullable=True),
        sa.Column("marks", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("sections", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("graded", foundation.database.Instant(), nullable=False),
        sa.Column("released", foundation.database.Instant(), nullable=True),
        sa.CheckConstraint("grade IS NULL OR grade IN ('qualified', 'excellent')", name=op.f("ck_results_grade")),
        sa.CheckConstraint("state IN ('marking', 'marked', 'released', 'voided')", name=op.f("ck_results_state")),
        sa.CheckConstraint("passed = (grade IS NOT NULL)", name=op.f("ck_results_passed")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_results_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_results")),
    )
    op.create_table(
        "room_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.String(length=32), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", foundation.database.Instant(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('note', 'incident', 'paused', 'resumed', 'window', 'entry_code', 'unchecked', 'extra_time')",
            name=op.f("ck_room_notes_kind"),
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_room_notes_attempt_id")),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_room_notes_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_room_notes_person_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_room_notes_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_notes")),
    )
    with op.batch_alter_table("room_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_notes_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "steps",
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("received", foundation.database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_steps_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", "slot", "seq", name=op.f("pk_steps")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "version_media",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("media_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_version_media_media_id")),
        sa.ForeignKeyConstraint(["version_id"], ["item_versions.id"], name=op.f("fk_version_media_version_id")),
        sa.PrimaryKeyConstraint("version_id", "media_id", name=op.f("pk_version_media")),
    )
    with op.batch_alter_table("version_media", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_version_media_media_id"), ["media_id"], unique=False)

    op.create_table(
        "licence_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("licence_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("grade", sa.String(length=20), nullable=True),
        sa.Column("effective", foundation.database.Instant(), nullable=False),
        sa.Column("until", foundation.database.Instant(), nullable=True),
        sa.Column("certified", foundation.database.Instant(), nullable=True),
        sa.Column("recorded", foundation.database.Instant(), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('granted', 'renewed', 'upgraded', 'scope_reduced', 'suspended', 'reinstated', 'revoked', 'superseded')",
            name=op.f("ck_licence_events_kind"),
        ),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name=op.f("fk_licence_events_by")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_licence_events_decision_id")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_licence_events_licence_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["licences.id"], name=op.f("fk_licence_events_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_events")),
    )
    with op.batch_alter_table("licence_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_licence_events_licence_id"), ["licence_id"], unique=False)

    op.create_table(
        "regrades",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("proposed", foundation.database.Instant(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("decided", foundation.database.Instant(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("report", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("signature", sa.Text(), nullable=True),
        sa.Column("appeal_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'committed') = (signature IS NOT NULL)", name=op.f("ck_regrades_signature")),
        sa.CheckConstraint("(state = 'proposed') = (decided IS NULL)", name=op.f("ck_regrades_decided")),
        sa.CheckConstraint("kind IN ('void', 'full_credit', 'extra_key', 'reweight')", name=op.f("ck_regrades_kind")),
        sa.CheckConstraint("state IN ('proposed', 'committed', 'refused', 'withdrawn')", name=op.f("ck_regrades_state")),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f("fk_regrades_appeal_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_regrades_decided_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_regrades_proposed_by")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_regrades_sitting_id")),
        sa.ForeignKeyConstraint(["version_id"], ["item_versions.id"], name=op.f("fk_regrades_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrades")),
    )
    with op.batch_alter_table("regrades", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regrades_sitting_id"), ["sitting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_regrades_state"), ["state"], unique=False)

    _index_of_words()
    _guard()


INSERT_ONLY = {"audit": "audit", "contract_events": "contract history", "dispatch_policies": "dispatch policy", "licence_events": "ledger"}


def _guard() -> None:
    """The database itself refuses UPDATE and DELETE where rows are only ever added."""
    if op.get_bind().dialect.name == "sqlite":
        for table, called in INSERT_ONLY.items():
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, 'the {called} is insert-only'); END"
                )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION 'the % is insert-only', TG_ARGV[0]; END $$ LANGUAGE plpgsql"
    )
    for table, called in INSERT_ONLY.items():
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('{called}')"
        )


def _index_of_words() -> None:
    """Full text of the questions, kept by triggers."""
    for statement in WORDS_ON_SQLITE if op.get_bind().dialect.name == "sqlite" else WORDS_ON_POSTGRESQL:
        op.execute(statement)


WORDS_ON_SQLITE = [
    "CREATE VIRTUAL TABLE version_words USING fts5(words, content='', tokenize='ascii tokenchars ''|''')",
    "CREATE TRIGGER item_versions_words AFTER INSERT ON item_versions BEGIN INSERT INTO version_words (rowid, words) VALUES (new.id, replace(new.words, '  ', ' | ')); END",
    "CREATE TRIGGER item_versions_words_changed AFTER UPDATE OF words ON item_versions BEGIN INSERT INTO version_words (version_words, rowid, words) VALUES ('delete', old.id, replace(old.words, '  ', ' | ')); INSERT INTO version_words (rowid, words) VALUES (new.id, replace(new.words, '  ', ' | ')); END",
    "CREATE TRIGGER item_versions_words_gone AFTER DELETE ON item_versions BEGIN INSERT INTO version_words (version_words, rowid, words) VALUES ('delete', old.id, replace(old.words, '  ', ' | ')); END",
]
WORDS_ON_POSTGRESQL = [
    "CREATE TABLE version_words (version_id integer CONSTRAINT pk_version_words PRIMARY KEY CONSTRAINT fk_version_words_version_id REFERENCES item_versions (id) ON DELETE CASCADE, words text NOT NULL, tokens tsvector NOT NULL)",
    "CREATE INDEX ix_version_words_tokens ON version_words USING gin (tokens)",
    "CREATE FUNCTION keep_version_words() RETURNS trigger AS $$ BEGIN INSERT INTO version_words VALUES (NEW.id, NEW.words, array_to_tsvector(string_to_array(btrim(replace(NEW.words, '  ', ' ')), ' '))) ON CONFLICT (version_id) DO UPDATE SET words = EXCLUDED.words, tokens = EXCLUDED.tokens; RETURN NULL; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER item_versions_words AFTER INSERT OR UPDATE OF words ON item_versions FOR EACH ROW EXECUTE FUNCTION keep_version_words()",
]


def downgrade() -> None:
    """Take the schema back."""
    op.execute("DROP TABLE version_words")
    with op.batch_alter_table("regrades", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regrades_state"))
        batch_op.drop_index(batch_op.f("ix_regrades_sitting_id"))

    op.drop_table("regrades")
    with op.batch_alter_table("licence_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_licence_events_licence_id"))

    op.drop_table("licence_events")
    with op.batch_alter_table("version_media", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_version_media_media_id"))

    op.drop_table("version_media")
    op.drop_table("steps")
    with op.batch_alter_table("room_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_notes_sitting_id"))

    op.drop_table("room_notes")
    op.drop_table("results")
    op.drop_table("presences")
    with op.batch_alter_table("past_results", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_past_results_attempt_id"))

    op.drop_table("past_results")
    with op.batch_alter_table("markings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_markings_marker_id"))

    op.drop_table("markings")
    op.drop_table("late_steps")
    with op.batch_alter_table("item_tallies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_tallies_version_id"))

    op.drop_table("item_tallies")
    with op.batch_alter_table("item_reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_reviews_version_id"))

    op.drop_table("item_reviews")
    with op.batch_alter_table("item_remarks", schema=None) as batch_op:
        batch_op.drop_index("uq_item_remarks_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f("ix_item_remarks_version_id"))
        batch_op.drop_index("ix_item_remarks_state")
        batch_op.drop_index(batch_op.f("ix_item_remarks_account_id"))

    op.drop_table("item_remarks")
    op.drop_table("item_figures")
    with op.batch_alter_table("item_comments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_comments_version_id"))

    op.drop_table("item_comments")
    with op.batch_alter_table("item_clauses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_clauses_clause_id"))

    op.drop_table("item_clauses")
    with op.batch_alter_table("item_cards", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_cards_traits"))
        batch_op.drop_index(batch_op.f("ix_item_cards_edition_id"))
        batch_op.drop_index(batch_op.f("ix_item_cards_code"))
        batch_op.drop_index("ix_item_cards_changed")
        batch_op.drop_index(batch_op.f("ix_item_cards_author_id"))

    op.drop_table("item_cards")
    with op.batch_alter_table("form_items", schema=None) as batch_op:
        batch_op.drop_index("ix_form_items_version")

    op.drop_table("form_items")
    with op.batch_alter_table("fill_rulings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fill_rulings_version_id"))

    op.drop_table("fill_rulings")
    with op.batch_alter_table("edition_change_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_change_items_item_id"))
        batch_op.drop_index(batch_op.f("ix_edition_change_items_assigned_id"))

    op.drop_table("edition_change_items")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decisions_state"))
        batch_op.drop_index(batch_op.f("ix_decisions_person_id"))
        batch_op.drop_index(batch_op.f("ix_decisions_licence_id"))

    op.drop_table("decisions")
    with op.batch_alter_table("custody_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_custody_items_receipt_id"))

    op.drop_table("custody_items")
    with op.batch_alter_table("attempt_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_events_attempt_id"))

    op.drop_table("attempt_events")
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appeals_state"))
        batch_op.drop_index(batch_op.f("ix_appeals_person_id"))

    op.drop_table("appeals")
    with op.batch_alter_table("webhook_deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_deliveries_due"))

    op.drop_table("webhook_deliveries")
    with op.batch_alter_table("training_attendances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_attendances_person_id"))

    op.drop_table("training_attendances")
    op.drop_table("question_import_rows")
    op.drop_table("prepared_attempts")
    with op.batch_alter_table("paper_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_notes_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_paper_notes_item_id"))
        batch_op.drop_index(batch_op.f("ix_paper_notes_form_id"))

    op.drop_table("paper_notes")
    op.drop_table("item_versions")
    with op.batch_alter_table("item_enemies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_enemies_other_id"))

    op.drop_table("item_enemies")
    with op.batch_alter_table("imported_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imported_people_import_id"))

    op.drop_table("imported_people")
    with op.batch_alter_table("imported_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imported_entries_import_id"))

    op.drop_table("imported_entries")
    with op.batch_alter_table("form_looks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_looks_form_id"))

    op.drop_table("form_looks")
    with op.batch_alter_table("custody_receipts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_custody_receipts_person_id"))
        batch_op.drop_index(batch_op.f("ix_custody_receipts_agreement_id"))

    op.drop_table("custody_receipts")
    with op.batch_alter_table("breach_measures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_breach_measures_person_id"))
        batch_op.drop_index(batch_op.f("ix_breach_measures_breach_id"))

    op.drop_table("breach_measures")
    with op.batch_alter_table("breach_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_breach_files_breach_id"))

    op.drop_table("breach_files")
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bookings_person_id"))

    op.drop_table("bookings")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempts_person_id"))
        batch_op.drop_index("ix_attempts_open")

    op.drop_table("attempts")
    op.drop_table("webhooks")
    with op.batch_alter_table("visit_papers", schema=None) as batch_op:
        batch_op.drop_index("ix_visit_papers_decision_kind")
        batch_op.drop_index(batch_op.f("ix_visit_papers_decision_id"))

    op.drop_table("visit_papers")
    with op.batch_alter_table("trainings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trainings_trainer_id"))
        batch_op.drop_index(batch_op.f("ix_trainings_programme_id"))

    op.drop_table("trainings")
    with op.batch_alter_table("sittings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sittings_programme_edition_id"))
        batch_op.drop_index(batch_op.f("ix_sittings_opens"))

    op.drop_table("sittings")
    with op.batch_alter_table("saved_views", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_views_account_id"))

    op.drop_table("saved_views")
    with op.batch_alter_table("roster_imports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_imports_partner_id"))
        batch_op.drop_index(batch_op.f("ix_roster_imports_digest"))

    op.drop_table("roster_imports")
    with op.batch_alter_table("question_imports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_imports_digest"))
        batch_op.drop_index(batch_op.f("ix_question_imports_created_by"))

    op.drop_table("question_imports")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notices_created"))
        batch_op.drop_index(batch_op.f("ix_notices_account_id"))

    op.drop_table("notices")
    op.drop_table("media")
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_sessions_account_id"))

    op.drop_table("login_sessions")
    with op.batch_alter_table("licence_spans", schema=None) as batch_op:
        batch_op.drop_index("ix_licence_spans_standing")
        batch_op.drop_index("ix_licence_spans_person")

    op.drop_table("licence_spans")
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_items_state"))

    op.drop_table("items")
    with op.batch_alter_table("form_openings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_openings_form_id"))

    op.drop_table("form_openings")
    with op.batch_alter_table("edition_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_changes_later_id"))

    op.drop_table("edition_changes")
    op.drop_table("dispatch_policies")
    with op.batch_alter_table("dispatch_overrides", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispatch_overrides_person_id"))

    op.drop_table("dispatch_overrides")
    op.drop_table("custody_agreements")
    with op.batch_alter_table("contract_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_events_contract_id"))

    op.drop_table("contract_events")
    with op.batch_alter_table("clash_sides", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clash_sides_clause_id"))

    op.drop_table("clash_sides")
    with op.batch_alter_table("breaches", schema=None) as batch_op:
        batch_op.drop_index("ix_breaches_person_occurred")
        batch_op.drop_index(batch_op.f("ix_breaches_person_id"))

    op.drop_table("breaches")
    with op.batch_alter_table("roster", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_person_id"))

    op.drop_table("roster")
    with op.batch_alter_table("licences", schema=None) as batch_op:
        batch_op.drop_index("ix_licences_person_programme")

    op.drop_table("licences")
    with op.batch_alter_table("clauses", schema=None) as batch_op:
        batch_op.drop_index("ix_clauses_edition_position")

    op.drop_table("clauses")
    op.drop_table("accounts")
    op.drop_table("programme_editions")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index("ix_people_partner_id")
        batch_op.drop_index(batch_op.f("ix_people_name"))
        batch_op.drop_index("ix_people_city")

    op.drop_table("people")
    op.drop_table("notice_channels")
    op.drop_table("editions")
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contracts_renews_id"))
        batch_op.drop_index(batch_op.f("ix_contracts_partner_id"))

    op.drop_table("contracts")
    op.drop_table("webhook_marks")
    op.drop_table("standards")
    op.drop_table("signing_keys")
    op.drop_table("sign_in_failures")
    op.drop_table("programmes")
    op.drop_table("partners")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_open")

    op.drop_table("outbox")
    op.drop_table("notice_runs")
    op.drop_table("forms")
    with op.batch_alter_table("dispatch_decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispatch_decisions_visit"))
        batch_op.drop_index(batch_op.f("ix_dispatch_decisions_subject"))
        batch_op.drop_index(batch_op.f("ix_dispatch_decisions_at"))

    op.drop_table("dispatch_decisions")
    op.drop_table("clashes")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_subject")
        batch_op.drop_index("ix_audit_event")
        batch_op.drop_index("ix_audit_actor")

    op.drop_table("audit")
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.drop_index("uq_api_keys_live_name", sqlite_where=sa.text("revoked IS NULL"), postgresql_where=sa.text("revoked IS NULL"))

    op.drop_table("api_keys")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
        op.execute("DROP FUNCTION keep_version_words()")
