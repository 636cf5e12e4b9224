"""A cell that plots, trains and reads while two explorers move, in a real JupyterLab.

JupyterLab 4.4 and later lets ipykernel 7 answer widgets on another thread than cells. Whatever a
cell does meanwhile, each picture of ours is that of its state, pixel for pixel as this process
draws it undisturbed, and nothing that reads a state sees half of one.
"""

import base64
import inspect
import json
import os
import re

import jupyterlab
import pytest
from moving import PRESS, assert_come_to_rest, caption, dial, fingerprint, png

pytestmark = pytest.mark.browser

# Before 4.4 JupyterLab answers widgets between cells alone: few pictures come, and all are right.
ON_TWO_THREADS = tuple(map(int, jupyterlab.__version__.split(".")[:2])) >= (4, 4)
ROUNDS = int(os.environ.get("LESSONKIT_ROUNDS", "200"))


def trained():
    """Train a small network, always the same; return what its scores amount to."""
    import hashlib

    import numpy as np

    from lessonkit.activations import relu
    from lessonkit.network import SGD, Activate, Dense, Network, learn_once

    rng = np.random.default_rng(5)
    network = Network(Dense(2, 8, rng), Activate(relu), Dense(8, 2, rng))
    x = rng.normal(size=(60, 2))
    for _ in learn_once(network, SGD(network, 0.1), x, (x.sum(axis=1) > 0).astype(int), 10, rng):
        pass
    return hashlib.sha256(network.forward(x).tobytes()).hexdigest()


def learners_plot(number):
    """Plot with pyplot, as a learner does; return what the pixels amount to."""
    import hashlib
    import io

    import matplotlib.pyplot as plt
    import numpy as np

    plt.figure(figsize=(2, 1))
    plt.plot(np.sin(np.arange(20) * (1 + number % 3)))
    plt.title(f"plot {number % 3}")
    file = io.BytesIO()
    plt.savefig(file, format="rgba")
    plt.close()
    return hashlib.sha256(file.getvalue()).hexdigest()


CELLS = [
    f"{inspect.getsource(dial)}\none, two = dial(), dial()\ndisplay(one, two)",
    """import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import interact

waves = []

@interact(k=(0, 50))
def wave(k=3):
    waves.append(k)
    plt.plot(np.sin(np.arange(50) * k))
    plt.show()""",
    """from lessonkit.live.ask import Choice, ask

predicted = []

def settled(facts):
    predicted.append([*facts[:2], facts.product, one.caption, one.facts is facts])
    return False

question = Choice(
    name="larger", text="Is it larger?", finding=str, settled=settled,
    options={"yes": "", "no": ""}, right="yes")
ask(one, type(one.facts), "threads", question).questions.answer("larger", "yes")""",
    f"""import base64
{inspect.getsource(trained)}
{inspect.getsource(learners_plot)}
plots, trainings, stored, others = [], [], [], []
alone = [learners_plot(number) for number in range(3)]

def work(rounds):
    for number in range(rounds):
        try:
            plots.append(learners_plot(number) == alone[number % 3])
        except Exception as problem:
            plots.append(str(problem))
        trainings.append(trained())
        others.append(two.facts_at(f"x={{number % 6}} tilt=2").product)
        if number % 5 == 0:
            bundle, _ = one._repr_mimebundle_()
            stored.append([bundle["text/plain"], bundle["image/png"]])""",
]
# Each picture that an explorer comes to show: its caption, and what its pixels amount to.
RECORD = """([status, canvas]) => { status.shown = [];
    new MutationObserver(() => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const digest = crypto.subtle.digest("SHA-256", data);
        const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
        const { textContent } = status;
        status.shown.push(digest.then((sum) => [textContent, hex(new Uint8Array(sum))]));
    }).observe(status, { childList: true }); }"""
HANDS = """sliders => { const press = PRESS; let i = 0;
    window.hands = setInterval(() => { i += 1;
        sliders.forEach((slider, k) => { if (i % (k < 3 ? 1 : 10) === 0)
            press(slider, [Math.floor(i / (7 + 30 * k)) % 2 ? "ArrowLeft" : "ArrowRight"]); });
    }, 20); }""".replace("PRESS", PRESS)


@pytest.fixture(scope="module")
def page(run_cells):
    return run_cells("threads", *CELLS)


def state(caption):
    """Return the x and the tilt that a caption of the dial says."""
    tilt, x = re.match(r"(-?\d) times (-?[\d.]+) ", caption).groups()
    return float(x), int(tilt)


def test_whatever_a_cell_does_each_picture_is_right_and_no_state_is_half(page):
    one, two = page.explorers()
    wave = page.page.get_by_role("slider").last
    for slider in (one.slider("x"), one.slider("tilt"), two.slider("x"), two.slider("tilt"), wave):
        slider.press("ArrowRight")  # the first move of a widget may wait for the cell
    page.wait_until_idle()
    assert_come_to_rest(one)
    assert_come_to_rest(two)
    for explorer in (one, two):
        status = explorer.box.locator("[role=status]").element_handle()
        page.page.evaluate(RECORD, [status, explorer.canvas.element_handle()])
    sliders = [one.slider("x"), two.slider("x"), wave, one.slider("tilt"), two.slider("tilt")]
    page.page.evaluate(HANDS, [slider.element_handle() for slider in sliders])
    page.python(f"work({ROUNDS})")
    page.page.evaluate("() => clearInterval(window.hands)")
    for explorer in (one, two):
        assert_come_to_rest(explorer)
        shown = explorer.box.locator("[role=status]").evaluate("e => Promise.all(e.shown)")
        assert len({words for words, _ in shown}) > (10 if ON_TWO_THREADS else 1)
        for words, found in {tuple(pair) for pair in shown}:
            assert words == caption(*state(words))
            assert found == fingerprint(*state(words)), words
    facts = json.loads(page.python("import json; print(json.dumps(predicted))"))
    for x, tilt, product, words, same in facts:
        assert product == x * tilt
        assert words == caption(x, tilt)
        assert same
    stored = json.loads(page.python("print(json.dumps(stored))"))
    for words, picture in stored:
        assert base64.b64decode(picture) == png(*state(words)), words
    assert set(page.python("print(*set(trainings))").split()) == {trained()}
    assert json.loads(page.python("print(others[:6])")) == [0, 2, 4, 6, 8, 10]
