"""Signing in through a real identity provider on this machine, in a browser, and out again."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.service import Service, running

ON_LIST, UNVERIFIED = (f"{name}@made-up.example" for name in ("ana", "eve"))
SIGNED_IN = re.compile(f"Signed in as {ON_LIST}.".replace("@", "@\u2060?"))
"""A word joiner, which nobody sees, keeps an address from becoming a link."""

UNTIL_SIGNED_IN = "_streamlit_session"
BUTTON = "Sign in with your organization's account"
COOKIE_SECRET = "made up for a test of thirty-two"

pytestmark = [
    pytest.mark.timeout(90),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # the provider's own code
]


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """An identity provider with two accounts; one of them has an address nobody verified."""
    with warnings.catch_warnings(record=True):  # the provider warns of its own imports
        from oidc_provider_mock import User, run_server_in_thread

    claims = {"name": "Somebody", "email_verified": True}
    users = [
        User(sub="on the list", claims=claims | {"email": ON_LIST.upper()}),
        User(sub="unverified", claims=claims | {"email": UNVERIFIED, "email_verified": False}),
    ]
    with run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}/.well-known/openid-configuration"


@pytest.fixture(scope="module")
def service(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service as it is shipped, with a list of two keepers and that provider."""
    folder = tmp_path_factory.mktemp("accounts")
    secrets = folder / "secrets.toml"
    secrets.write_text(
        f"""
[clinics]
keepers = ["{ON_LIST}", "{UNVERIFIED}"]

[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{COOKIE_SECRET}"
client_id = "clinics"
client_secret = "made up"
server_metadata_url = "{provider}"
""",
        encoding="utf-8",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STREAMLIT_SECRETS_FILES", str(secrets))
        with running(folder / "printed.txt") as started:
            yield started


@pytest.fixture
def arrive(service: Service, new_page: Callable[..., Page]) -> Callable[[str], Page]:
    """Open the keeper's page and sign in with one of the provider's accounts."""

    def sign_in(account: str) -> Page:
        page = new_page()
        page.goto(f"{service.url}/manage")
        page.get_by_role("button", name=BUTTON).click(timeout=20_000)
        page.get_by_role("button", name=account).click()
        return page

    return sign_in


def test_a_keeper_signs_in_is_named_and_signs_out(
    arrive: Callable[[str], Page], service: Service
) -> None:
    page = arrive("on the list")
    expect(page.get_by_text(SIGNED_IN)).to_be_visible(timeout=20_000)
    expect(page).to_have_url(re.compile(rf"^{re.escape(service.url)}/manage(\?part=upload)?$"))
    other = page.context.new_page()
    other.goto(f"{service.url}/about")
    expect(other.get_by_text("For keepers of this directory")).to_be_attached(timeout=20_000)
    listed = set(other.locator("li > code").all_inner_texts())
    assert {cookie["name"] for cookie in page.context.cookies()} == listed - {UNTIL_SIGNED_IN}
    other.goto(f"{service.url}/manage")
    expect(other.get_by_text(SIGNED_IN)).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()
    expect(page.get_by_text("Where:", exact=True).first).to_be_visible(timeout=20_000)
    other.reload()
    expect(other.get_by_role("button", name=BUTTON)).to_be_visible(timeout=20_000)
    expect(other.get_by_text("Signed in as")).to_have_count(0)


def test_neither_page_nor_log_says_a_secret_or_a_token(service: Service) -> None:
    assert "To publish data" not in service.printed
    assert COOKIE_SECRET not in service.printed
    assert "Traceback" not in service.printed
