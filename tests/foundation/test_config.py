"""The environment is read once, and each setting that cannot be used is named in a sentence."""

from pathlib import Path

import pytest

from foundation.config import ConfigError, Settings

PRODUCTION = {"CHIZHENG_PUBLIC_URL": "https://certified.example", "SECRET_KEY": "s" * 32, "CHIZHENG_DATA_KEY": "d" * 32}


def read(folder: Path, **env: str) -> Settings:
    return Settings.from_environ({"CHIZHENG_DATA": str(folder), **env})


def test_everything_has_a_safe_default_for_one_machine(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.public_url == "http://127.0.0.1:5000"
    assert settings.database_url == f"sqlite:///{tmp_path / 'chizheng.sqlite3'}"
    assert (settings.production, settings.database_given, settings.redis_url, settings.demo_password) == (False, False, None, None)
    assert settings.timezone.key == "Asia/Shanghai"
    assert (settings.grace_seconds, settings.expiring_days) == (0, 60)


def test_missing_secrets_are_made_once_and_kept_to_the_owner(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)
    assert (first.secret_key, first.data_key) == (second.secret_key, second.data_key)
    assert first.secret_key != first.data_key
    assert len(first.secret_key) == 64
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*.txt")} == {0o600}


def test_the_port_is_part_of_the_default_address(tmp_path: Path) -> None:
    assert read(tmp_path, PORT="8080").public_url == "http://127.0.0.1:8080"


def test_an_https_address_means_production(tmp_path: Path) -> None:
    settings = read(tmp_path, **PRODUCTION)
    assert settings.production
    assert settings.public_url == "https://certified.example"
    assert not list(tmp_path.glob("*.txt"))


@pytest.mark.parametrize("name", ["SECRET_KEY", "CHIZHENG_DATA_KEY"])
def test_production_refuses_to_make_secrets_up(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=rf"^{name} is required when CHIZHENG_PUBLIC_URL is https\.$"):
        read(tmp_path, **(PRODUCTION | {name: ""}))


@pytest.mark.parametrize("prefix", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_postgresql_is_always_reached_through_psycopg(tmp_path: Path, prefix: str) -> None:
    settings = read(tmp_path, DATABASE_URL=prefix + "user@host/name")
    assert settings.database_url == "postgresql+psycopg://user@host/name"
    assert settings.database_given


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("CHIZHENG_PUBLIC_URL", "ftp://x", "CHIZHENG_PUBLIC_URL must be a http or https address, not 'ftp://x'."),
        ("CHIZHENG_PUBLIC_URL", "certified.example", "CHIZHENG_PUBLIC_URL must be a http or https address, not 'certified.example'."),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL must start with postgresql:// or sqlite:///."),
        ("CHIZHENG_TIMEZONE", "Asia/Nowhere", "CHIZHENG_TIMEZONE names no time zone: 'Asia/Nowhere'."),
        ("CHIZHENG_TIMEZONE", "../etc/passwd", "CHIZHENG_TIMEZONE names no time zone: '../etc/passwd'."),
        ("PORT", "http", "PORT must be a whole number from 1 to 65535, not 'http'."),
        ("PORT", "0", "PORT must be a whole number from 1 to 65535, not '0'."),
        ("PORT", "65536", "PORT must be a whole number from 1 to 65535, not '65536'."),
        ("PORT", "-1", "PORT must be a whole number from 1 to 65535, not '-1'."),
        ("CHIZHENG_GRACE_SECONDS", "601", "CHIZHENG_GRACE_SECONDS must be a whole number from 0 to 600, not '601'."),
        ("CHIZHENG_GRACE_SECONDS", "1.5", "CHIZHENG_GRACE_SECONDS must be a whole number from 0 to 600, not '1.5'."),
        ("CHIZHENG_EXPIRING_DAYS", "0", "CHIZHENG_EXPIRING_DAYS must be a whole number from 1 to 366, not '0'."),
        ("SECRET_KEY", "short", "SECRET_KEY must have at least 16 characters."),
        ("CHIZHENG_DATA_KEY", "short", "CHIZHENG_DATA_KEY must have at least 16 characters."),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, **{name: value})
    assert str(refused.value) == sentence


def test_a_data_folder_that_cannot_be_made_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"^CHIZHENG_DATA names a folder that cannot be used: "):
        read(tmp_path / "file")
