"""What a learner can do with a question that a page shows."""

from playwright.sync_api import expect

from lessonkit.live import ask


class QuestionInPage:
    """A fieldset of the page, and the question that it shows.

    found: question's text → the question, its right answer and a wrong one.
    """

    def __init__(self, box, found):
        self.box = box
        self.text = box.locator("legend").inner_text().replace("\u00a0", " ")
        self.question, self.right, self.wrong = found[self.text]
        self.verdict = box.locator(".verdict")

    def answer(self, answer):
        if isinstance(self.question, ask.Choice):
            self.box.get_by_label(answer, exact=True).check()
        else:
            scale = self.box.get_by_role("slider")
            scale.evaluate(
                "(e, v) => { e.value = v; e.dispatchEvent(new Event('input')); }", answer
            )
            expect(self.box.locator("output")).not_to_have_text("no guess yet")

    def settle(self):
        self.box.get_by_role("button").click()


def right_and_wrong(question, facts):
    """Return a right and a wrong answer to a question, where the facts settle it."""
    if isinstance(question, ask.Choice):
        return question.right, next(o for o in question.options if o != question.right)
    on_scale = round((question.truth(facts) - question.low) / question.step) * question.step
    right = question.low + on_scale
    ends = question.low, question.high
    return right, next(end for end in ends if not question.is_right(facts, end))
