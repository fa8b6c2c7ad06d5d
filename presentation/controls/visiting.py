"""What a link without an account opens: my own page, one answer of the pulse, or an idea. No menu, no figures about others."""

from __future__ import annotations

from datetime import date

import streamlit as st

from presentation.controls.cards import plain, refusal_text
from presentation.controls.own_skills import more_skills, skill_fields, skills_known
from presentation.texts import Words
from workflows import ideas, own, pulse
from workflows.identity import guest
from workflows.own import SOURCE_BASIS, Mine, RoleOutlook, Talk
from workflows.types import QUESTIONS, SCORES, WISHES, Refusal
from workflows.workspace import Workspace

SENT = "_sent"
FTE_CHOICES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2)


def visit(words: Words, workspace: Workspace, kind: str, token: str) -> None:
    """The page of one link; a link that opens nothing says so, the same for every reason."""
    st.session_state.setdefault("lang", words.lang.upper())
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.segmented_control(
            words("app.language"), ["NL", "EN"], required=True, key="lang", bind="query-params", label_visibility="collapsed"
        )
    drawn = {"own": _own, "pulse": _pulse, "idea": _idea}.get(kind)
    if st.session_state.get(SENT):
        st.title(words("nav.pulse" if kind == "pulse" else "nav.ideas" if kind == "idea" else "own.title"), anchor=False)
        st.success(st.session_state[SENT], icon=":material/check:")
        if kind == "idea" and st.button(words("ideas.new"), key="again"):
            del st.session_state[SENT]
            st.rerun()
        return
    try:
        if drawn is None:
            raise Refusal("link_invalid")
        drawn(words, workspace, token)
    except Refusal:
        st.title(words("own.invalid_title"), anchor=False)
        st.info(words("own.invalid"))


def _own(words: Words, workspace: Workspace, token: str) -> None:
    mine = own.mine(guest(), workspace, token)
    st.title(words("own.title"), anchor=False)
    st.markdown(f":material/lock: {words('own.lead')}")
    st.markdown(words("own.steps"))
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        _kept(words, mine)
    with right.container(border=True, height="stretch"):
        _role(words, mine.outlook)
    st.markdown(f"#### {words('own.more_title')}")
    more = more_skills(words, mine)
    with st.form("own_form"):
        st.markdown(f"##### {words('own.skills_title')}")
        levels = skill_fields(words, mine, more)
        st.markdown(f"##### {words('own.wishes_title')}")
        talk = talk_fields(words, mine.roles, mine.talk, mine.role, "own")
        st.caption(f":material/lock: {words('own.before_send', day=mine.expires)}")
        if st.form_submit_button(words("own.send"), type="primary", icon=":material/send:"):
            _sent(words, lambda: own.send(guest(), workspace, token, talk, levels=levels), words("own.sent"))


def _sent(words: Words, act, done: str) -> None:
    try:
        act()
    except Refusal as refusal:
        st.error(refusal_text(words, refusal))
        return
    st.session_state[SENT] = done
    st.rerun()


def _kept(words: Words, mine: Mine) -> None:
    st.markdown(f"##### {words('own.kept_title')}")
    lines = [words("own.role", role=mine.role), words("own.unit", unit=mine.unit), words("own.fte", fte=words.number(mine.fte, 2))]
    talk = mine.talk
    lines.append(words("own.talk", day=talk.held) if talk else words("own.no_talk"))
    if talk:
        lines += [words(f"wish.{wish}") for wish in talk.wishes]
        lines += [f"{words('talks.step')}: {talk.step}"] if talk.step else []
        lines += [f"{words(f'talks.{name}')}: {ground(words, text)}" for name, text in grounds(talk) if text]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    known = skills_known(words, mine)
    with st.expander(words("own.known_title"), icon=":material/school:"):
        st.markdown("\n".join(f"- {plain(line)}" for line in known) or words("own.known_none"))
    st.caption(words("own.wrong"))


def grounds(talk: Talk) -> tuple[tuple[str, str], ...]:
    return ("purpose", talk.purpose), ("basis", talk.basis)


def ground(words: Words, text: str) -> str:
    """A purpose or legal basis in words: of a form that somebody sent themselves it stands as a code."""
    return words("talks.own_ground") if text == SOURCE_BASIS else text


def _role(words: Words, found: RoleOutlook | None) -> None:
    if found is None:
        st.markdown(f"##### {words('own.outlook_none')}")
        st.markdown(words("own.no_outlook"))
        return
    st.markdown(f"##### {words('own.outlook_title', year=found.year)}")
    kind = "short" if found.gap_fte >= 0.5 else "over" if found.gap_fte <= -0.5 else "even"
    st.markdown(words(f"own.{kind}", year=found.year, gap=abs(found.gap_fte)))
    if found.people:
        st.markdown(words("own.people", n=found.people))
    if found.leaving >= 1:
        st.markdown(words("own.leaving", n=round(found.leaving)))


def talk_fields(words: Words, roles: tuple[str, ...], now: Talk | None, role: str, voice: str = "talks") -> Talk:
    """The fields of a conversation that the employee (voice own) and HR share, filled with what stands."""
    now = now or Talk(date.today())
    kinds = [wish for wish in WISHES if wish != "other_role"]
    wishes = st.pills(
        words(f"{voice}.wants"),
        kinds,
        selection_mode="multi",
        default=[wish for wish in now.wishes if wish in kinds],
        format_func=lambda wish: words(f"wish.{wish}"),
        key="talk_wishes",
    )
    left, right = st.columns(2)
    options = ["", *(name for name in roles if name != role)]
    chosen = left.selectbox(
        words(f"{voice}.wished_role"),
        options,
        options.index(now.wished_role) if now.wished_role in options else 0,
        format_func=lambda name: name or words("own.unknown"),
        key="talk_role",
    )
    shares = [None, *sorted({*FTE_CHOICES, *([now.wished_fte] if now.wished_fte else [])})]
    fte = right.selectbox(
        words(f"{voice}.wished_fte"), shares, shares.index(now.wished_fte or None), key="talk_fte",
        format_func=lambda share: words("talks.fte_share", share=words.percent(share)) if share else words("talks.fte_same"),
    )  # fmt: skip
    can = left.text_area(words(f"{voice}.can"), now.can, key="talk_can", max_chars=1000, height=90)
    needs = right.text_area(words(f"{voice}.needs"), now.needs, key="talk_needs", max_chars=1000, height=90)
    return Talk(date.today(), tuple(wishes or ()), chosen or "", fte or None, can, needs, now.step, now.step_date, now.basis, now.purpose)


def _pulse(words: Words, workspace: Workspace, token: str) -> None:
    team = pulse.team_of(guest(), workspace, token)
    st.title(words("nav.pulse"), anchor=False)
    st.markdown(words("pulse.intro", team=plain(team)))
    st.caption(words("pulse.scale"))
    with st.form("pulse_form"):
        given = {
            question: st.segmented_control(words(f"pulse.question.{question}"), list(SCORES), key=f"score_{question}")
            for question in QUESTIONS
        }
        if st.form_submit_button(words("pulse.send"), type="primary", icon=":material/send:"):
            scores = {question: int(score) for question, score in given.items() if score is not None}
            if len(scores) < len(QUESTIONS):
                st.error(words("pulse.missing"))
            else:
                _sent(words, lambda: pulse.answer(guest(), workspace, token, scores), words("pulse.thanks"))


def _idea(words: Words, workspace: Workspace, token: str) -> None:
    if not ideas.link_opens(guest(), workspace, token):
        raise Refusal("link_invalid")
    st.title(words("own.idea_title"), anchor=False)
    st.markdown(words("own.idea_lead"))
    with st.form("idea_form"):
        title = st.text_input(words("ideas.idea"), max_chars=120, key="guest_title")
        body = st.text_area(words("ideas.body"), max_chars=1500, key="guest_body")
        theme = st.selectbox(words("ideas.theme"), ideas.THEMES, format_func=lambda name: words(f"ideas.themes.{name}"), key="guest_theme")
        listed = ideas.challenges_by_link(guest(), workspace, token)
        about = ""
        if listed:
            about = st.selectbox(
                words("own.idea_about"), ("", *listed), key="guest_about", format_func=lambda name: name or words("own.idea_about_none")
            )
        if st.form_submit_button(words("pulse.send"), type="primary", icon=":material/send:"):
            _sent(words, lambda: ideas.add_by_link(guest(), workspace, token, title, body, theme, about), words("ideas.sent"))
