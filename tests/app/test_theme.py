"""The theme is read once, and sent as Streamlit would send it."""

from __future__ import annotations

import pytest
from streamlit.proto.NewSession_pb2 import CustomThemeConfig, NewSession
from streamlit.runtime import app_session

from ui import start


@pytest.fixture
def populate(monkeypatch: pytest.MonkeyPatch):
    """Streamlit's own function, and ours in its place."""
    whole = getattr(app_session._populate_theme_msg, "__wrapped__", None)
    whole = whole or app_session._populate_theme_msg
    monkeypatch.setattr(app_session, "_populate_theme_msg", whole)
    start.read_theme_once()
    return whole, app_session._populate_theme_msg


@pytest.mark.parametrize("section", ["theme", "theme.light", "theme.dark", "theme.sidebar"])
def test_a_section_is_the_same_each_time(populate, section: str) -> None:
    whole, once = populate
    expected = CustomThemeConfig()
    whole(expected, section)
    for _ in range(2):
        got = CustomThemeConfig()
        once(got, section)
        assert got == expected


def test_what_is_not_set_is_not_sent(populate) -> None:
    _, once = populate
    message = NewSession()
    once(message.custom_theme.light.sidebar, "theme.light.sidebar")
    assert not message.custom_theme.light.HasField("sidebar")


def test_a_second_start_in_the_same_process_changes_nothing(populate) -> None:
    before = app_session._populate_theme_msg
    start.read_theme_once()
    assert app_session._populate_theme_msg is before
