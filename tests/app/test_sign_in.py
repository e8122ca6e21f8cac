"""Signing in on a page: with a token, with an account, and what neither lets through."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from clinics.publishing.access import Keeper
from clinics.settings import SettingsError
from ui import access, keys, resources, secrets

TOKEN = "a made-up token"
SHA256 = hashlib.sha256(TOKEN.encode()).hexdigest()
ANA = "ana@made-up.example"
AUTH = {
    "redirect_uri": "https://made-up.example/oauth2callback",
    "cookie_secret": "x" * 32,
    "client_id": "clinics",
    "client_secret": "made up",
    "server_metadata_url": "https://id.made-up.example/.well-known/openid-configuration",
}


def page() -> None:
    """A page of its own, with an action that asks for access by itself."""
    import streamlit as st

    from ui import access

    keeper = access.keeper()
    if keeper:
        access.draw_signed_in(keeper)
    else:
        access.draw_sign_in()
    if st.button("Publish"):
        try:
            st.success(f"Published by {access.require().name}")
        except access.NotAllowed as problem:
            st.error(str(problem))
    if st.button("Check"):
        try:
            access.require_checking()
            st.success("Checked")
        except access.NotAllowed as problem:
            st.error(str(problem))


@pytest.fixture
def with_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINICS_PUBLISH_TOKEN_SHA256", SHA256)


class Claims(dict[str, object]):
    """Stands for st.user: what an identity provider says of whoever is here."""

    def to_dict(self) -> dict[str, object]:
        return dict(self)


@pytest.fixture
def user(monkeypatch: pytest.MonkeyPatch) -> Claims:
    """An account that is on the list, on a site that has accounts and no token."""
    monkeypatch.setenv("CLINICS_KEEPERS", ANA)
    sections = {"auth": AUTH}
    monkeypatch.setattr(secrets, "section", lambda name: sections.get(name, {}))
    claims = Claims(is_logged_in=True, email=ANA, email_verified=True, iat=int(time.time()))
    monkeypatch.setattr(st, "user", claims)
    return claims


def opened() -> AppTest:
    return AppTest.from_function(page, default_timeout=20).run()


def sign_in(app: AppTest, token: str = TOKEN, name: str = "Ana") -> AppTest:
    app.text_input(key=keys.SIGN_IN_NAME).set_value(name)
    app.text_input(key=keys.SIGN_IN_TOKEN).set_value(token)
    return click(app, "Sign in")


def click(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception
    return app


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def warnings(app: AppTest) -> list[str]:
    return [warning.value for warning in app.warning]


# With a token


@pytest.mark.usefixtures("with_token")
def test_signing_in_and_out() -> None:
    app = opened()
    assert labels(app) == ["Sign in", "Publish", "Check"]
    sign_in(app, name="Ana *Lima*")
    assert labels(app) == ["Sign out", "Publish", "Check"]
    assert app.markdown[0].value == r"Signed in as **Ana \*Lima\***."
    assert click(app, "Publish").success[0].value == "Published by Ana *Lima*"
    assert click(app, "Sign out").text_input(key=keys.SIGN_IN_TOKEN).value == ""
    assert click(app, "Publish").error[0].value.startswith("You are not signed in")


@pytest.mark.usefixtures("with_token")
@pytest.mark.parametrize("token", [TOKEN, "wrong"])
def test_what_was_typed_as_a_token_is_nowhere_afterwards(token: str) -> None:
    app = sign_in(opened(), token)
    kept = app.session_state._state
    assert token not in str(kept)
    assert token not in str(app.query_params)
    assert token not in str([element.proto for element in app.main])


@pytest.mark.usefixtures("with_token")
def test_a_wrong_token_is_said_in_one_sentence_and_the_name_stays() -> None:
    app = sign_in(opened(), "wrong")
    assert warnings(app)[0].startswith("This is not the publishing token of this site.")
    assert app.text_input(key=keys.SIGN_IN_NAME).value == "Ana"
    assert warnings(app.run()) == []
    assert labels(sign_in(app)) == ["Sign out", "Publish", "Check"]


@pytest.mark.usefixtures("with_token")
def test_a_reload_does_not_forgive_failures() -> None:
    for _ in range(5):
        sign_in(opened(), "wrong")
    assert "Wait " in warnings(sign_in(opened()))[0]


@pytest.mark.usefixtures("with_token")
def test_a_keeper_that_was_made_up_in_the_session_is_nobody() -> None:
    app = AppTest.from_function(page, default_timeout=20)
    app.session_state[keys.KEEPER] = Keeper("Ana", "token", "made up")
    assert "Sign in" in labels(app.run())
    assert click(app, "Publish").error[0].value.startswith("You are not signed in")


@pytest.mark.usefixtures("with_token")
def test_a_pass_that_ended_meanwhile_stops_the_next_action() -> None:
    app = sign_in(opened())
    resources.door().leave(app.session_state[keys.KEEPER])
    assert click(app, "Publish").error[0].value.startswith("You are not signed in")


@pytest.mark.usefixtures("with_token")
def test_where_a_token_is_set_only_a_keeper_checks() -> None:
    app = click(opened(), "Check")
    assert app.error[0].value.startswith("On this site only a keeper may check a file.")
    assert click(sign_in(app), "Check").success[0].value == "Checked"


# Nothing set


def test_a_server_without_a_token_makes_one_writes_it_to_its_log_once_and_shows_it_nowhere(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("CLINICS_DATABASE_URL", raising=False)
    with caplog.at_level(logging.WARNING, logger="clinics"):
        app = opened()
        opened()
    said = [r.getMessage() for r in caplog.records if "To publish data" in r.getMessage()]
    assert len(said) == 1
    token = said[0].removeprefix("To publish data, open /manage and sign in with this token: ")
    assert token not in str([element.proto for element in app.main])
    assert click(app, "Check").success[0].value == "Checked"
    assert labels(sign_in(app, token))[0] == "Sign out"


def test_where_nothing_can_be_published_no_token_is_written(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING, logger="clinics"):
        opened()
    assert "To publish data" not in caplog.text


# With an account


def test_an_account_on_the_list_is_signed_in(user: Claims) -> None:
    app = opened()
    assert labels(app) == ["Sign out", "Publish", "Check"]
    assert click(app, "Publish").success[0].value == f"Published by {ANA}"


def test_an_account_that_is_not_on_the_list_is_told_so_and_can_leave(user: Claims) -> None:
    user["email"] = "bo@made-up.example"
    app = opened()
    assert "is not on this site's list of keepers." in warnings(app)[0]
    assert "Sign out of this account" in labels(app)
    assert app.text_input.len == 0  # this site has no token
    assert click(app, "Publish").error[0].value.startswith("You are not signed in")


def test_without_an_account_there_is_one_button(user: Claims) -> None:
    user.clear()
    assert labels(opened())[0] == "Sign in with your organization's account"


def test_signing_out_of_an_account_also_tells_its_provider(
    user: Claims, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []
    monkeypatch.setattr(st, "logout", lambda: told.append(True))
    app = click(opened(), "Sign out")
    assert told == [True]
    assert warnings(app) == ["Your sign-in has ended. Sign in again."]


def test_coming_back_from_the_provider_is_noticed_once(user: Claims) -> None:
    assert [access.has_just_signed_in(), access.has_just_signed_in()] == [True, False]


# Secrets


def secrets_are(monkeypatch: pytest.MonkeyPatch, **sections: object) -> None:
    monkeypatch.setattr(st, "secrets", sections)


def test_the_database_may_stand_among_streamlits_connections(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CLINICS_DATABASE_URL", raising=False)
    connections = {"directory": {"url": "postgres://u:p@h/d"}}
    secrets_are(monkeypatch, connections=connections, clinics={"tiles": "none"})
    assert resources.settings().database_url == "postgresql+psycopg://u:p@h/d"
    resources.settings.clear()
    secrets_are(monkeypatch, connections=connections, clinics={"database_url": "none"})
    assert resources.settings().database_url == "none"


def test_secrets_that_cannot_be_read_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    from tomllib import TOMLDecodeError

    class Broken:
        def get(self, *_: object) -> Callable[[], None]:
            raise FileNotFoundError from TOMLDecodeError("Expected '=' (at line 2, column 7)")

    monkeypatch.setattr(st, "secrets", Broken())
    with pytest.raises(SettingsError) as caught:
        resources.settings()
    assert str(caught.value) == (
        "The secrets need to be TOML; there is a fault in them: Expected '=' (at line 2, column 7)."
    )
