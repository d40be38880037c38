"""Pages in a browser: they open, print, say nothing on the console, ask nothing of a network, and axe-core finds nothing serious.

Needs Playwright and a Chromium; axe-core where npm has put it (``npm install axe-core``, or ``AXE_CORE`` names the file).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from jmrules.facts import load_facts
from jmrules.report import department_page, departments_page, listed_files, notice_page, scored
from jmrules.ruleset import load_ruleset

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ROOT = Path(__file__).parents[2]
CASES = ROOT / "rulesets/jiangmen/department-overall/cases/2024"
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
AXE = Path(os.environ.get("AXE_CORE", ROOT / "node_modules/axe-core/axe.min.js"))

pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no Chromium on this machine")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    ruleset = load_ruleset("jiangmen/department-overall@2024")
    real = CASES / "jiangmen-gov-services.json"
    pages = {
        "department": department_page(scored(ruleset, load_facts(real))),
        "departments": departments_page(listed_files([str(real), str(CASES / "yunxi-water.json")], lambda _: ruleset)),
        "notice": notice_page(load_ruleset("jiangmen/department-overall@2025"), ruleset),
    }
    for name, data in pages.items():
        (folder / f"{name}.html").write_bytes(data)
    return folder


@pytest.fixture
def opened(browser, files):
    """Opens a page, and holds at the end that it was silent and asked for nothing."""
    told, contexts = [], []

    def open_(name, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith("file:") else told.append(request.url))
        page.goto((files / f"{name}.html").as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not told


def test_the_tree_opens_by_mouse_and_by_keyboard(opened):
    page = opened("department")
    place = page.locator("#i-fund_expenditure .detail")
    assert not place.is_visible()
    page.locator("#i-fund_expenditure > summary").click()
    assert place.is_visible() and "一（四）" in place.inner_text()
    page.locator("#i-fund_expenditure > summary").press("Enter")
    assert not place.is_visible()


def test_a_language_is_chosen_without_a_script(opened):
    page = opened("department", java_script_enabled=True)
    assert page.get_by_text("先看这些").is_visible()
    page.check("#lang-en")
    assert page.get_by_text("Look at these first").is_visible() and not page.get_by_text("先看这些").is_visible()


@pytest.mark.parametrize("name", ["department", "departments", "notice"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_is_wider_than_the_screen(opened, name, width):
    page = opened(name, viewport={"width": width, "height": 800})
    page.check("#open-all")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_print_shows_what_is_folded(opened):
    page = opened("department")
    place = page.locator("#i-fund_expenditure .detail")
    page.emulate_media(media="print")
    assert place.is_visible() and not page.locator(".switches").is_visible()
    assert len(page.pdf()) > 10_000


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm install axe-core")
@pytest.mark.parametrize("name", ["department", "departments", "notice"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened, name, scheme):
    # only the tool of the test runs in the page
    page = opened(name, color_scheme=scheme, bypass_csp=True, viewport={"width": 390, "height": 800})
    page.check("#open-all")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert not [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]
