"""Which belief is named beside which guess: each scale is gone along from end to end."""

from questions.test_every_question import ASKED, SHORT, asked

from lessonkit.explorers.whole_network import own_training
from lessonkit.live import ask

ABOVE = "from just above the truth, which every machine finds for itself"
# question → the scale: low, high, step, and how far off is still right; then, for each belief, the
# first guess that has it, the last one, and how the sentence begins
BELIEFS = {
    "dead_units rate": ((0, 100, 1, 8), (0, 34, "Twice the rate does far more")),
    "functions_and_slopes tanh": (
        (0.2, 12, 0.2, 0.5),
        (0.2, 3.6, "Half of sigmoid's would be right"),
        (3.8, 12, "It is steeper in the middle"),
    ),
    "gradient_ladder fifty": ((-35, -2, 1, 3), (-19, -2, "Every layer takes the same share")),
    "silent_neurons bias": ((0, 100, 1, 5), (31, 100, "A bias of −1 is about as large as")),
    "training_race gap": ((0, 0.8, 0.02, 0.06), (0, 0.3, "Our source says that ReLU eases")),
    "capacity more_points": (
        (0.1, 8, 0.1, 0.1),
        (0.1, 0.2, "New points are noisy too"),
        (0.3, 3.4, "It could bend as much as before"),
        (3.5, 8, "Our source says that more complete"),
    ),
    "sampling corner": ((0, 1, 0.01, 0.06), (0.41, 0.59, "Many pixels alone make no good sample")),
    "approximation step": ((1, 100, 1, 3), (1, 46, "The theorem promises any accuracy")),
    "smile below_one_percent": ((1, 40, 1, 2), (8, 40, "Many believe that a curve needs")),
    "pooled_digits maxima": ((10, 100, 1, 3), (90, 100, "For thin strokes on raw pixels")),
    "steadiness turn": ((0, 22, 0.5, 2), (0, 5.5, "“The output does not change”")),
    "dropout lowest": ((1, 60, 1, 6), (1, 29, "Without dropout it rises after 9")),
    "parameter_ledger dense": ((2, 9, 0.1, 0.2), (2, 6.9, "Twice the side is four times")),
    "scores_to_probabilities temperature": (
        (0, 1, 0.01, 0.05),
        (0.91, 1, "Softmax does not say how sure"),
    ),
    "two_losses wrong": ((0, 9, 0.25, 0.5), (3, 3, "The margin of 1 is added")),
    "train_it_yourself soon": (
        (0, 64_000, 1000, 4000),
        (ABOVE, 64_000, "All the rest is for"),
    ),
}


def test_a_belief_is_named_where_a_guess_has_it(monkeypatch):
    monkeypatch.setattr(own_training, "BUDGET", SHORT)
    seen = set()
    for chapter, name in ASKED:
        panel, explorer = asked(chapter, name)
        for question in panel.questions.values():
            if isinstance(question, ask.Number):
                explorer.set(question.state)
                seen.add(f"{name} {question.name}")
                scale, *beliefs = BELIEFS[f"{name} {question.name}"]
                ends = question.low, question.high
                assert (*ends, question.step, question.close) == scale
                above = question.truth(explorer.facts) + question.step
                ranges = [(above if f is ABOVE else f, last, words) for f, last, words in beliefs]
                for guess, said in named(question, explorer.facts):
                    expected = [words for first, last, words in ranges if first <= guess <= last]
                    assert said.startswith(expected[0]) if expected else said == "", guess
    assert seen == BELIEFS.keys()


def named(question, facts):
    """Yield each guess that the scale has, and what is said of it."""
    low, high, step = question.low, question.high, question.step
    for place in range(round((high - low) / step) + 1):
        guess = round(low + place * step, 9)
        yield guess, question.believed(facts, guess)
