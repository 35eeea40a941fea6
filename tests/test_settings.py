"""Settings come from the environment, and a bad one is named."""

from pathlib import Path

import pytest

from luciole.errors import SettingsError
from luciole.settings import Settings, parse_host_map, read_settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LUCIOLE_{name.upper()}", raising=False)


def test_defaults():
    settings = read_settings()
    assert settings.data == Path("data")
    assert (settings.engine, settings.base_url, settings.contact, settings.host_map) == ("embedded:", None, None, {})
    assert settings.workers >= 1


def test_the_environment_speaks_and_the_command_line_wins(monkeypatch):
    monkeypatch.setenv("LUCIOLE_DATA", "/somewhere")
    monkeypatch.setenv("LUCIOLE_BASE_URL", "https://luciole.example/")
    monkeypatch.setenv("LUCIOLE_HOST_MAP", "a.localhost:8001=127.0.0.1:9000, b.localhost=127.0.0.2:80")
    settings = read_settings(data=Path("/elsewhere"), sources=None)
    assert settings.data == Path("/elsewhere")
    assert settings.base_url == "https://luciole.example"
    assert settings.host_map == {"a.localhost:8001": "127.0.0.1:9000", "b.localhost": "127.0.0.2:80"}


def test_every_fault_is_named(monkeypatch):
    monkeypatch.setenv("LUCIOLE_WORKERS", "none")
    monkeypatch.setenv("LUCIOLE_HOST_MAP", "a=10.0.0.1:80")
    monkeypatch.setenv("LUCIOLE_BASE_URL", "luciole.example")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert all(name in caught.value.message for name in ("LUCIOLE_WORKERS", "LUCIOLE_HOST_MAP", "LUCIOLE_BASE_URL"))


def test_a_misspelt_name_is_not_silently_ignored(monkeypatch):
    monkeypatch.setenv("LUCIOLE_BASEURL", "https://luciole.example")
    with pytest.raises(SettingsError, match="LUCIOLE_BASEURL is no setting; did you mean LUCIOLE_BASE_URL"):
        read_settings()


def test_a_contact_can_be_written_to(monkeypatch):
    monkeypatch.setenv("LUCIOLE_CONTACT", "me")
    with pytest.raises(SettingsError, match=r"LUCIOLE_CONTACT: must be an e-mail"):
        read_settings()


@pytest.mark.parametrize("text", ["a", "a=", "a=127.0.0.1", "a=127.0.0.1:0", "a=192.168.1.1:80", "=127.0.0.1:80", "a=127.0.0.1:x"])
def test_only_loopback_may_be_mapped(text):
    with pytest.raises(ValueError, match=r"127"):
        parse_host_map(text)
