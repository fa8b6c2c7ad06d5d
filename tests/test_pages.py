"""Every page, launched as a visitor does: both languages, empty and full, through a real database."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from presentation.explained import TERMS
from presentation.texts import Words
from tests.explained import drawn, menus, silent, unexplained
from tests.sampling import with_sample
from tests.waiting import LIMIT
from workflows.types import LEVERS

HOME = Path(__file__).resolve().parent.parent
APP = str(HOME / "app.py")
PAGES = sorted(path.stem for path in (HOME / "pages").glob("*.py"))
LATER = [page for page in PAGES if page not in ("overview", "plan", "upload")]
SMALL = HOME / "sample_data" / "merwerode_2026.xlsx"


@pytest.fixture(scope="module")
def full_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the sample firm, made once."""
    path = tmp_path_factory.mktemp("full") / "full.duckdb"
    return with_sample(path)


@pytest.fixture
def full(full_database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(full_database))
    return full_database


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "empty.duckdb"
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(path))
    return path


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nothing in it, made once: for who only looks."""
    return tmp_path_factory.mktemp("bare") / "empty.duckdb"


@pytest.fixture
def bare(empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(empty_database))


def launch(page: str = "overview", lang: str = "NL", **query: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=LIMIT)
    app.query_params["lang"] = lang
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    if page != "overview":
        app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, [item.value for item in app.exception]
    return app


def headline(app: AppTest) -> str:
    return app.title[0].value


@pytest.mark.parametrize("lang", ["NL", pytest.param("EN", marks=pytest.mark.slow)])
@pytest.mark.parametrize("page", PAGES)
def test_page_opens_without_data(page: str, lang: str, bare: None) -> None:
    assert headline(launch(page, lang))


@pytest.mark.parametrize("lang", ["NL", "EN"])
@pytest.mark.parametrize("page", PAGES)
def test_page_opens_with_the_sample_firm(page: str, lang: str, full: Path) -> None:
    app = launch(page, lang)
    assert headline(app)
    assert headline(app) != Words(lang.lower())(f"nav.{page}")  # a conclusion, not the name of the page
    if page != "meeting":  # which says it on its slides
        line = next(caption.value for caption in app.caption if "2026" in caption.value and "1.194" in caption.value.replace(",", "."))
        assert re.search(r"2031\\?: \d+ (tot|to) \d+ (fte|FTE)$", line)
    if page in ("overview", "ageing", "shortages"):
        assert len(app.metric) == 4
        assert app.get("bidi_component")
    assert not unexplained(app)
    assert not silent(app)


def test_languages_differ(full: Path) -> None:
    assert "komt u" in headline(launch(lang="NL"))
    assert "you are expected" in headline(launch(lang="EN"))


def test_the_empty_app_offers_three_ways_to_begin(empty: Path) -> None:
    app = launch()
    assert app.button(key="load_sample")
    assert app.download_button(key="template")
    assert app.button(key="choose_file")


def test_one_click_loads_the_sample(empty: Path) -> None:
    app = launch()
    app.button(key="load_sample").click().run()
    assert not app.exception
    assert "fte" in headline(app)


def test_at_most_six_levers_are_visible_and_all_of_them_exist(full: Path) -> None:
    app = launch()
    assert 0 < len(levers_of(app)) <= 6
    app.session_state["_more"] = True
    app.run()
    assert sorted(levers_of(app)) == sorted(LEVERS)


def levers_of(app: AppTest) -> list[str]:
    return [widget.key for widget in [*app.sidebar.slider, *app.sidebar.toggle] if widget.key in LEVERS]


def test_a_folded_lever_that_was_changed_stays_in_force(full: Path) -> None:
    """What stands under "more" is only drawn when it is open or counts: closing it must not take a change back."""
    app = launch()
    hidden = next(name for name in ("settling_in_months", "generation_pact_uptake", "freed_hours_per_week") if name not in levers_of(app))
    before = headline(app)
    app.session_state["_more"] = True
    app.run()
    slider = app.slider(key=hidden)
    slider.set_value(slider.max).run()
    changed = headline(app)
    assert changed != before
    app.session_state["_more"] = False
    app.run()
    assert headline(app) == changed
    assert hidden in levers_of(app)
    assert len(levers_of(app)) <= 7  # the others under "more" cost a page nothing
    app.button(key="_reset").click().run()
    assert headline(app) == before
    assert len(levers_of(app)) <= 6


def test_moving_a_lever_changes_the_headline_and_can_be_taken_back(full: Path) -> None:
    app = launch()
    before = headline(app)
    app.slider(key="resignation_multiplier").set_value(1.6).run()
    after = headline(app)
    assert after != before
    app.button(key="_undo").click().run()
    assert headline(app) == before
    assert app.slider(key="resignation_multiplier").value == 1.0
    app.button(key="_redo").click().run()
    assert headline(app) == after
    app.button(key="_reset").click().run()
    assert headline(app) == before


def test_hires_start_at_the_own_figure_and_count(full: Path) -> None:
    app = launch()
    before, slider = headline(app), app.slider(key="hires_per_year")
    assert 0 < slider.value < slider.max
    slider.set_value(slider.max).run()
    assert headline(app) != before


def test_a_link_reopens_the_scenario(full: Path) -> None:
    app = launch(fill_rate="50", year="2034")
    assert app.slider(key="fill_rate").value == 50
    assert "2034" in headline(app)


def test_what_a_link_asks_in_vain_is_said(full: Path) -> None:
    app = launch(rvu_uptake="900", no_such_lever="1", fixed_term_renewal="veel")
    said = app.warning[0].value
    assert "no_such_lever" in said.replace("\\", "")
    assert Words("nl")("lever.fixed_term_renewal.label") in said
    assert "900" in said
    assert "veel" in said
    assert app.slider(key="rvu_uptake").value == 35
    app.button(key="_rejected_ok").click().run()
    assert not app.warning


@pytest.mark.parametrize("page", ["overview", "plan", "upload", *(pytest.param(page, marks=pytest.mark.slow) for page in LATER)])
def test_a_page_started_on_its_own_draws_its_frame(page: str, full: Path) -> None:
    """The second run of a page in this test goes straight to the page's file, as the first visit of a process by a shared link does."""
    app = launch(page)
    app.run()
    assert not app.exception
    assert levers_of(app)
    assert len(app.title) == 1


def test_the_target_year_moves_the_headline(full: Path) -> None:
    app = launch()
    app.slider(key="year").set_value(2029).run()
    assert "2029" in headline(app)


def test_a_choice_of_department_narrows_every_figure(full: Path) -> None:
    app = launch()
    whole = app.metric[0].value
    app.multiselect(key="unit").select("Engineering").run()
    assert "Engineering" in headline(app)
    assert app.metric[0].value != whole


def test_a_link_to_a_part_says_at_once_that_a_part_is_shown(full: Path) -> None:
    app = launch(unit="Engineering")
    assert "Engineering" in headline(app)
    told = [one.proto.popover.label for one in app.get("popover")] or [one.label for one in app.get("popover")]
    assert Words("nl")("app.scope_some", n=1) in told
    assert Words("nl")("app.scope_all") not in told


def test_upload_checks_first_and_stores_only_on_save(empty: Path) -> None:
    app = launch("upload")
    app.file_uploader[0].upload(SMALL.name, SMALL.read_bytes())
    app.run()
    assert not app.exception
    read = {metric.label: metric.value for metric in app.metric}
    assert read["Gelezen"] != "0"
    assert "Nog geen meting opgeslagen." in " ".join(block.value for block in app.markdown)
    app.button(key="save").click().run()
    assert not app.exception
    assert app.success
    app.switch_page("pages/overview.py").run()
    assert "fte" in headline(app)


def test_a_file_that_is_no_workbook_gets_one_sentence(empty: Path) -> None:
    app = launch("upload")
    app.file_uploader[0].upload("staff.xlsx", b"this is no workbook")
    app.run()
    assert not app.exception
    assert len(app.error) == 1
    assert not [button for button in app.button if button.key == "save"]


def test_a_database_that_is_none_is_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "wrong.duckdb"
    wrong.write_text("no database", encoding="utf-8")
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(wrong))
    app = AppTest.from_file(APP, default_timeout=LIMIT).run()
    assert not app.exception
    assert app.error
    assert headline(app)


@pytest.mark.slow
@pytest.mark.parametrize("page", ["shortages", "overview", "changing", "plan"])
def test_each_menu_holds_the_table_and_both_files(page: str, full: Path) -> None:
    app = launch(page)
    tables, names = len(app.dataframe), menus(app)
    assert names
    for name in names:
        app.session_state[f"table_{name}"] = True
    app.run()
    assert not app.exception
    files = {button.key for button in app.get("download_button")}
    assert {f"{kind}_{name}" for name in names for kind in ("csv", "xlsx")} <= files
    assert len(app.dataframe) == tables + len(drawn(app))  # a figure's own; a table is there already


def test_a_page_without_an_explanation_would_be_noticed(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(TERMS, "chain")
    assert unexplained(launch("shortages")) == ["nothing explained at chain"]
