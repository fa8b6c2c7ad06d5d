"""Logging in through the real app, a real provider and a real browser: who is known gets a role, nobody else a figure."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from oidc_provider_mock import User
from playwright.sync_api import Browser, Page, expect

from analytics.release import Role, Viewer
from tests.oidc import serving_with_login
from tests.sampling import with_sample
from tests.serving import browser, settled, visiting
from workflows import rules
from workflows.identity import Grant
from workflows.workspace import Workspace

pytestmark = pytest.mark.browser

USERS = (
    User(sub="chef", claims={"email": "chef@firm.example", "email_verified": True}),
    User(sub="hr-1", claims={}),
    User(sub="beheer", claims={}),
    User(sub="or-1", claims={"groups": ["or"]}),
    User(sub="vreemd", claims={"email": "chef@firm.example", "email_verified": False, "name": "beheer"}),
)
GRANTS = (
    Grant("beheer", Role.ADMIN),
    Grant("hr-1", Role.HR),
    Grant("chef@firm.example", Role.DIRECTOR, ("*",)),
    Grant("group:or", Role.COUNCIL),
)
ENTER, LEAVE, UNKNOWN = "Inloggen", "Uitloggen", "U hebt hier nog geen rol"
PAGES = {"overview": "", "upload": "upload", "access": "access"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    database = tmp_path_factory.mktemp("login") / "firm.duckdb"
    with Workspace.open(with_sample(database)) as workspace:
        rules.set_grants(Viewer("setup", Role.ADMIN), workspace, GRANTS)
    with serving_with_login(database, USERS) as running:
        yield running


def enter(page: Page, address: str, who: str) -> None:
    """From the login page through the provider and back."""
    page.goto(address)
    page.get_by_role("button", name=ENTER).click()
    page.locator("input[name=sub]").first.wait_for()
    page.locator("input[name=sub]:not([type=hidden])").first.fill(who)
    page.locator("form", has=page.locator("input[name=sub]:not([type=hidden])")).get_by_role("button", name="Authorize").first.click()
    page.get_by_role("button", name=LEAVE).wait_for()
    page.locator("h1").first.wait_for()  # the first director's groups are made once, with a sign that says so
    settled(page)


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    with browser() as running:
        yield running


@pytest.fixture
def page(opened: Browser) -> Iterator[Page]:
    with visiting(opened) as found:
        yield found


def test_before_login_no_address_shows_a_figure(page: Page, address: str) -> None:
    for path in PAGES.values():
        page.goto(f"{address}/{path}")
        page.get_by_role("button", name=ENTER).wait_for()
        assert page.locator(".js-plotly-plot").count() == 0
        assert "fte" not in page.locator("[data-testid=stApp]").inner_text()


@pytest.mark.parametrize(
    ("who", "role", "sees", "hidden"),
    [
        ("chef", "Directie", ("Overzicht", "Tekorten"), ("Upload",)),
        pytest.param("hr-1", "HR", ("Overzicht", "Upload"), (), marks=pytest.mark.slow),
        pytest.param("or-1", "Ondernemingsraad", ("Overzicht",), ("Upload",), marks=pytest.mark.slow),
        ("beheer", "Beheer", (), ("Overzicht", "Upload")),  # one page only: no menu
    ],
)
def test_each_role_gets_its_own_pages_and_no_others(
    page: Page, address: str, who: str, role: str, sees: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    enter(page, address, who)
    expect(page.locator(".st-key-who")).to_contain_text(role)
    menu = page.get_by_test_id("stSidebarNav")
    for text in sees:
        expect(menu.get_by_role("link", name=text)).to_be_visible()
    for text in hidden:
        expect(menu.get_by_role("link", name=text)).to_have_count(0)
    if "Upload" in hidden:  # nor is it reached by its address
        page.goto(f"{address}/upload")
        page.get_by_role("button", name=LEAVE).wait_for()
        settled(page)
        assert page.locator("[data-testid=stFileUploader]").count() == 0


def test_somebody_without_a_role_sees_that_and_nothing_else(page: Page, address: str) -> None:
    """The same address, but not verified, and an administrator's subject as a name."""
    enter(page, address, "vreemd")
    expect(page.get_by_role("heading", name=UNKNOWN)).to_be_visible()
    assert page.locator(".js-plotly-plot").count() == 0
    page.get_by_role("button", name=LEAVE).click()
    page.wait_for_url("**/oauth2/end_session**")  # the provider asks whether to end its own session too
    page.goto(address)
    page.get_by_role("button", name=ENTER).wait_for()
