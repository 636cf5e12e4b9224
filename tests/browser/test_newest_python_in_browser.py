"""A page with the newest Pyodide: its worker starts it, over http and from a file, up to NumPy.

NumPy for it is to be had from Pyodide's server alone, which no test reaches.
"""

import shutil
import threading

import pytest
from playwright.sync_api import expect

from lessonkit.site.build import make_assets
from lessonkit.site.files import write_scripts
from lessonkit.site.python import files_of_python
from lessonkit.site.serve import server

pytestmark = pytest.mark.browser
NAME = "01_nonlinearity"


@pytest.fixture(scope="module")
def newest_site(site, newest_python, katex, tmp_path_factory):
    """Return a site of one chapter whose Python is the newest."""
    folder = tmp_path_factory.mktemp("newest-site")
    shutil.copy(site / f"{NAME}.html", folder)
    shutil.copytree(site / NAME, folder / NAME)
    shutil.copytree(newest_python, folder / "python")
    make_assets(folder / "assets", katex, files_of_python(folder / "python"))
    write_scripts(folder)
    return folder


@pytest.mark.parametrize("from_file", [False, True])
def test_the_newest_pyodide_starts_in_a_page_up_to_numpy(chromium, newest_site, from_file):
    with server(newest_site) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        page = chromium.new_context().new_page()
        page.add_init_script("self.lessonkitQuiet = true;")
        file = newest_site / f"{NAME}.html"
        address = f"http://127.0.0.1:{serving.server_port}/{file.name}"
        page.goto(file.as_uri() if from_file else address)
        page.get_by_role("button", name="Start Python").click()
        status = page.locator("#python [role=status]")
        words = "Python could not start: ModuleNotFoundError: No module named 'numpy'"
        expect(status).to_contain_text(words, timeout=90_000)
        serving.shutdown()
        page.context.close()
