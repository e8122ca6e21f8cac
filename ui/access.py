"""Who is here: the sign-in form, the sign-out button, and the question every action asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from clinics.publishing.access import (
    MAX_NAME,
    MAX_TOKEN,
    OPENID,
    Keeper,
    Refused,
    SlowDown,
    is_unconfigured,
    may_check,
)
from clinics.web.guard.uploads import COOKIE, browser_of
from ui import frame, keys, resources
from ui.text import plain


class NotAllowed(Exception):
    """Somebody asked for what only a keeper may do; the message is for them."""


def keeper() -> Keeper | None:
    """Return the keeper of this session, as long as the Door says so."""
    known: Keeper | None = st.session_state.get(keys.KEEPER)
    door = resources.door()
    if known and door.is_valid(known):
        if door.is_from(known, _browser()):
            return known
        # Whoever knows a session's id can go on with it, and such an id is part of the addresses
        # to which files are uploaded: a log may hold it. Another browser finds nothing there.
        st.session_state.clear()
    st.session_state.pop(keys.KEEPER, None)
    entered, _ = _enter_with_account()
    return entered


def require() -> Keeper:
    """Return the keeper of this session; raises NotAllowed."""
    found = keeper()
    if found is None:
        raise NotAllowed(
            "You are not signed in, or your sign-in has ended. Nothing was changed. Sign in, then "
            "try again."
        )
    return found


def require_checking() -> None:
    """Go on only where a file may be checked and previewed; raises NotAllowed."""
    if not may_check(resources.settings(), keeper()):
        raise NotAllowed("On this site only a keeper may check a file. Sign in, then try again.")


def while_signed_in(known: Keeper, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return what makes a file when it is asked for, as long as this keeper's sign-in lasts.

    It is asked for outside of a run, by an id and not by a session; it raises NotAllowed.
    """

    def made() -> bytes:
        if not resources.door().is_valid(known):
            raise NotAllowed("Your sign-in has ended. Sign in, then try again.")
        return make()

    return made


def has_just_signed_in() -> bool:
    """Tell once that somebody came back from their organization's account.

    Streamlit sends them to the first page, wherever they came from.
    """
    return bool(resources.openid_providers()) and resources.door().is_first_seen(_claims())


def _claims() -> dict[str, object]:
    return dict(st.user.to_dict())


def _enter_with_account() -> tuple[Keeper | None, str]:
    """Return the keeper that st.login vouches for, or the sentence of a refusal."""
    claims = _claims()
    if not resources.openid_providers() or claims.get("is_logged_in") is not True:
        return None, ""
    try:
        entered = resources.door().enter_with_openid(claims, _browser())
    except Refused as problem:
        return None, str(problem)
    st.session_state[keys.KEEPER] = entered
    return entered, ""


def draw_sign_in() -> None:
    """Draw what signing in is for, and each way of doing so that this site has."""
    st.markdown(
        "This page is for the keepers of the directory, who keep its listings right. Nobody has "
        "to sign in to find a clinic."
    )
    if resources.openid_providers():
        _draw_accounts()
    settings = resources.settings()
    if settings.publish_token_sha256 or is_unconfigured(settings):
        _draw_token_form(one_time=is_unconfigured(settings))


def _draw_accounts() -> None:
    _, problem = _enter_with_account()
    if problem:
        st.warning(plain(problem))
    names = resources.openid_providers()
    for name in names:
        label = "Sign in with your organization's account"
        label = label if len(names) == 1 else f"{label} ({plain(name) or 'default'})"
        st.button(label, key=f"sign_in_{name}", on_click=partial(st.login, name or None))
    if problem:
        st.button("Sign out of this account", on_click=st.logout)


def _draw_token_form(*, one_time: bool) -> None:
    with st.form("sign_in", width=480):
        st.text_input(
            "Your name",
            key=keys.SIGN_IN_NAME,
            max_chars=MAX_NAME,
            autocomplete="name",
            help="The history of versions says who published what.",
        )
        st.text_input(
            "Publishing token",
            key=keys.SIGN_IN_TOKEN,
            max_chars=MAX_TOKEN,
            type="password",
            autocomplete="current-password",
        )
        st.form_submit_button("Sign in", type="primary", on_click=_enter_with_token)
    problem = st.session_state.pop(keys.SIGN_IN_PROBLEM, "")
    if problem:
        st.warning(plain(problem))
    if one_time:
        frame.fine_print(
            "No token was chosen for this site, so its server made one when it started and wrote "
            "it to its log. Another start makes another token."
        )


def _enter_with_token() -> None:
    """Try the token that was typed, and forget it: no box and no session holds it afterwards."""
    name = str(st.session_state.get(keys.SIGN_IN_NAME, ""))
    token = str(st.session_state.get(keys.SIGN_IN_TOKEN, ""))
    st.session_state[keys.SIGN_IN_TOKEN] = ""
    st.session_state.pop(keys.SIGN_IN_PROBLEM, None)
    try:
        st.session_state[keys.KEEPER] = resources.door().enter_with_token(
            token, name, _source(), _browser(), resources.session_id()
        )
    except (Refused, SlowDown) as problem:
        st.session_state[keys.SIGN_IN_PROBLEM] = str(problem)


def _source() -> str:
    """Return the address that this session comes from; "" on the same machine, or without one."""
    address: object = st.context.ip_address
    return address if isinstance(address, str) else ""


def ask_for_file() -> None:
    """Let this session, in this browser, send a file where it may check one; else no more."""
    uploads, session = resources.uploads(), resources.session_id()
    if may_check(resources.settings(), keeper()):
        uploads.ask(session, _browser())
    else:
        uploads.ask_no_more(session)


def _browser() -> str:
    cookie: object = st.context.cookies.get(COOKIE)
    return browser_of(cookie) if isinstance(cookie, str) else ""


def draw_signed_in(known: Keeper) -> None:
    """Draw who is signed in, and the way out."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Signed in as **{plain(known.name)}**.")
        st.button("Sign out", on_click=partial(_sign_out, known))


def _sign_out(known: Keeper) -> None:
    resources.door().leave(known)
    st.session_state.pop(keys.KEEPER, None)
    if known.how == OPENID:
        st.logout()
