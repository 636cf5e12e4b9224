"""What CLASSROOM.md says is true: its hub runs, and it reckons with what was measured."""

import asyncio
import math
import re

import pytest
import yaml
from classroom import PAGE, ROOT, configuration, missing, running_hub
from references import LINK, leads_somewhere

TEXT = PAGE.read_text("utf-8")
CHAPTERS = sorted(path.name for path in (ROOT / "notebooks").glob("0*.ipynb"))
FIVE = CHAPTERS[:5]
REASON = missing()


def rows(*columns):
    """Return the rows of the table whose first columns are these, each as a list of cells."""
    heading = re.escape(f"| {' | '.join(columns)}")
    (table,) = re.findall(rf"^{heading}.*\n\|[-:|]+\|\n((?:\|.*\n)+)", TEXT, re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]


def number(text):
    return float(re.match(r"[\d,.]+", text)[0].replace(",", ""))


def rounded_up(value):
    """Return the value with two digits that count, rounded up, as the page shows it."""
    unit = 10 ** max(0, math.floor(math.log10(value)) - 1)
    return f"{math.ceil(value / unit) * unit:,}"


@pytest.mark.skipif(bool(REASON), reason=REASON)
def test_five_learners_at_once_run_a_chapter_each(tmp_path):
    async def lesson(hub):
        learners = [f"learner{number}" for number in range(1, 6)]
        await asyncio.gather(*map(hub.start_server, learners))
        return await asyncio.gather(*map(hub.run_notebook, learners, FIVE))

    with running_hub(tmp_path) as hub:
        done = asyncio.run(lesson(hub))
    log = (tmp_path / "log").read_text()
    print(log)  # pytest shows it if the test fails
    assert [failed for _, failed in done] == [[]] * 5
    assert log.count("Culling kernels with idle durations > 600 seconds at 60 second") == 5


def test_its_configuration_is_for_this_machine_alone():
    code = configuration()
    assert 'bind_url = "http://127.0.0.1:8000"' in code
    assert "0.0.0.0" not in TEXT


def test_kubernetes_starts_what_was_tried():
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    learner = yaml.safe_load(block)["singleuser"]
    code = configuration()
    assert f"c.Spawner.cmd = {learner['cmd']!r}".replace("'", '"') in code.replace("'", '"')
    assert f'c.Spawner.default_url = "{learner["defaultUrl"]}"' in code
    largest = max(number(row[2]) for row in rows("chapter", "learners"))
    assert number(learner["memory"]["guarantee"]) >= largest
    assert f"limits.memory {learner['memory']['limit']}\n" in TEXT


def test_it_measured_every_chapter():
    measured = [row[0] for row in rows("chapter", "kernel")]
    assert [f"{name}.ipynb" for name in measured] == CHAPTERS


def test_what_it_measured_adds_up():
    for _, _, learner, server, kernel, rss, *_ in rows("chapter", "learners"):
        assert number(server) + number(kernel) == pytest.approx(number(learner), abs=1)
        assert number(rss) > number(learner)


def test_its_reckoning_follows_from_what_ten_learners_needed():
    ten = {row[0]: row for row in rows("chapter", "learners") if row[1] == "10"}
    reckoned = rows("learners", "memory")
    assert [row[0] for row in reckoned] == ["50", "500", "5,000"]
    for learners, *cells in reckoned:
        memory, cores = [], []
        for chapter in ("04_pooling", "06_whole_network"):
            learner, seconds, hub = (number(ten[chapter][column]) for column in (2, 6, 7))
            megabytes = hub + number(learners) * learner
            memory.append(f"{rounded_up(megabytes / 1000)} GB")
            cores.append(rounded_up(number(learners) * seconds / 60))
        assert cells == memory + cores


def test_its_first_table_is_that_of_the_largest_chapter():
    needed = {row[0]: f"{row[2]}, {row[4]} cores" for row in rows("learners", "memory")}
    shown = {row[0]: row[2] for row in rows("learners", "way")}
    assert shown == {"any number": "a web server for files"} | needed


def test_a_limit_of_1_gb_has_room_for_two_chapters():
    server = max(number(row[3]) for row in rows("chapter", "learners"))
    highest = sorted(number(row[2]) for row in rows("chapter", "kernel"))
    assert "A limit of 1 GB" in TEXT
    assert server + sum(highest[-2:]) < 1000


def test_a_page_adds_nothing_to_a_kernel():
    alone = {row[0]: number(row[2]) for row in rows("chapter", "kernel")}
    for chapter, _, highest in rows("chapter, open in Chromium"):
        assert number(highest) == pytest.approx(alone[chapter], rel=0.05)


def test_its_links_and_paths_lead_somewhere():
    targets = [target for _, target in LINK.findall(TEXT) if not target.startswith("#")]
    paths = re.findall(r"`(?:python )?((?:tests|\.binder)/[\w./]*)`", TEXT)
    assert targets
    assert paths
    assert [target for target in targets if not leads_somewhere(target, PAGE)] == []
    assert [path for path in paths if not (ROOT / path).exists()] == []
    for anchor in re.findall(r"\]\(#([^)]+)\)", TEXT):
        assert re.search(rf"^## {anchor.replace('-', ' ')}$", TEXT, re.MULTILINE | re.IGNORECASE)


def test_readme_leads_to_it():
    assert "](CLASSROOM.md)" in (ROOT / "README.md").read_text("utf-8")
