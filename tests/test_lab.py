"""The analyst's way: `xmt lab`, the workbench in a real browser, every cell run, the results seen and opened from there."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

BROWSER = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(BROWSER is None, reason="needs Chromium (Debian package chromium)"),
    pytest.mark.skipif(os.name == "nt", reason="the server is ended by a POSIX signal"),
]
SHOTS = os.environ.get("XMT_SCREENSHOTS")  # a folder, to look at the pages afterwards


@pytest.fixture(scope="module")
def lab(demo, tmp_path_factory):
    """JupyterLab started by the real command in a copy of the demo; (workspace, address)."""
    ws = Path(shutil.copytree(demo, tmp_path_factory.mktemp("工作台") / "云岭县 副本（一）"))
    log = ws.parent / "server.log"
    code = "from xmt_scoring.cli import main; main()"
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}
    with log.open("w", encoding="utf-8") as stream:
        server = subprocess.Popen(
            [sys.executable, "-c", code, "--workspace", str(ws), "lab", "--no-browser", "--port", "18961"],
            stdout=stream, stderr=subprocess.STDOUT, env=env, start_new_session=True,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 120
        while not (found := re.search(r"http://127\.0\.0\.1:\d+/lab\S*", log.read_text(encoding="utf-8"))):
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
            assert server.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.5)
        yield ws, found.group()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


@pytest.fixture(scope="module")
def page(lab):
    """The workbench as it opens, in a browser that reaches nothing but this server."""
    sync = pytest.importorskip("playwright.sync_api", reason="needs playwright (extra test)")
    with sync.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        context = browser.new_context(viewport={"width": 1400, "height": 950})
        context.route(lambda url: "127.0.0.1" not in url, lambda route: route.abort())
        page = context.new_page()
        page.goto(lab[1], timeout=180_000)
        page.wait_for_selector(".jp-NotebookPanel .jp-MarkdownOutput h1", timeout=180_000)
        yield page
        browser.close()


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def scroll(page, selector: str) -> None:
    """Bring the last of these into view; the notebook draws only what is near."""
    page.evaluate("s => { const all = document.querySelectorAll(s); all[all.length - 1].scrollIntoView(); }", selector)
    page.wait_for_timeout(1000)


def test_the_workbench_opens_by_itself_and_in_chinese(page):
    menus = page.locator(".lm-MenuBar-itemLabel").all_inner_texts()
    assert menus[:5] == ["文件", "编辑", "查看", "运行", "内核"]
    assert page.locator(".jp-MarkdownOutput h1").first.inner_text().startswith("季度工作台")
    page.wait_for_timeout(5000)
    shot(page, "1_open")
    assert page.locator(".jp-toast-message, .Toastify__toast").count() == 0  # nobody asks for news or updates


def test_all_cells_run_by_the_menu_that_the_notebook_names(page):
    page.locator(".lm-MenuBar-item", has_text="运行").click()
    page.locator(".lm-Menu-itemLabel", has_text="运行所有单元格").first.click()
    page.locator(".jp-OutputArea-output", has_text="做完了").wait_for(timeout=300_000, state="attached")  # the words stand in the code too
    scroll(page, ".jp-CodeCell")
    shot(page, "2_end")
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr'], .jp-RenderedText[data-mime-type*='error']").count() == 0


def test_the_scores_are_seen_in_a_table_that_can_be_sorted(page, lab):
    table = page.locator("table.dataTable", has_text="计分账号数").first
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(1000)
    shot(page, "3_scores")
    first = table.locator("tbody tr").first
    assert first.locator("td").first.inner_text().strip() == "1"
    assert table.locator("tbody td").nth(1).evaluate("cell => getComputedStyle(cell).textAlign") == "left"
    best = first.inner_text()
    table.locator("caption").click()  # the cell becomes the active one
    page.wait_for_timeout(1000)
    table.locator("thead th", has_text="得分").last.locator(".dt-column-order").click()  # from the lowest
    page.wait_for_timeout(1000)
    shot(page, "4_sorted")
    assert first.inner_text() != best


@pytest.mark.parametrize("name", ["考核评分表_2025Q3.xlsx", "季度报告_2025Q3.html"])
def test_a_result_is_had_by_its_link_and_the_folder_is_named(page, lab, name):
    """A plain link would make JupyterLab open a workbook as text and a report with its figures switched off."""
    scroll(page, ".jp-CodeCell")
    with page.expect_download(timeout=60_000) as started:
        page.locator(".jp-OutputArea-output a", has_text=name).click()
    written = lab[0] / "reports" / "2025Q3" / name
    assert Path(started.value.path()).read_bytes() == written.read_bytes()
    assert started.value.suggested_filename == name
    assert page.locator(".jp-OutputArea-output", has_text=str(written.parent)).count() == 1
    assert page.locator(".jp-Dialog").count() == 0
