// The page's half of questions; ask.py is the kernel's.
//
// Native inputs in a fieldset: the browser names the group, moves the choice with the arrow keys and
// reads all of it aloud. A verdict comes into a live region that stood there empty, so that it is
// announced once.
//
// page → kernel   {do: "answer", name, answer}   {do: "show", name, answers}   {do: "clear"}
//                 each with {page, turn}, who sends it and how many before: two threads of the kernel may
//                 take them in another order. `answers` are all that the kernel may not have yet.
// kernel → page   `handled`: page → the turn of the last message that something became of.

const SILENCE = 3000; // ms
const BUSY = "Python has not answered for three seconds. It will as soon as it is free.";
const GONE = "The kernel that asked this has gone. Run the cell again.";
let views = 0;

function element(tag, attributes, parent, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  parent?.append(made);
  return made;
}

function say(place, sentence) {
  const text = sentence.replaceAll(" %", "\u00a0%").replaceAll(" × ", "\u00a0×\u00a0");
  if (place.textContent !== text) place.textContent = text;
  place.hidden = !text && place.getAttribute("role") !== "status"; // a live region must be there first
}

// Runs `change`, which makes `panel` higher, and keeps what stands below it where it is on the screen:
// a slider must not slip away from the pointer that drags it.
function keepPlace(panel, change) {
  const before = panel.getBoundingClientRect().height;
  change();
  const grown = panel.getBoundingClientRect().height - before;
  if (grown === 0 || before === 0 || panel.contains(document.activeElement)) return;
  const scrolls = (box) =>
    box.scrollHeight > box.clientHeight && /auto|scroll/.test(getComputedStyle(box).overflowY);
  let box = panel.parentElement;
  while (box && !scrolls(box)) box = box.parentElement;
  (box ?? document.scrollingElement).scrollBy({ top: grown, behavior: "instant" });
}

// JupyterLab's shortcuts would take what is pressed here: x cuts the cell, Enter opens it.
function keepKeys(event) {
  const shortcut = event.ctrlKey || event.metaKey || event.altKey;
  if (!shortcut && event.key !== "Tab" && event.key !== "Escape") event.stopPropagation();
}

// What a page asks for. One answer after the other: while the kernel draws a guess, only the newest of a
// question waits.
class Messages {
  constructor(send) {
    const page = `${Math.random()}`;
    Object.assign(this, { send, page, turn: 0, handled: 0 });
    this.given = new Map(); // question → {answer, turn}, as long as the kernel may not have it
  }

  // Whether the kernel has something to do.
  get isBusy() {
    return this.handled < this.turn;
  }

  // Whether the kernel may know an older answer than the page.
  isAhead(name) {
    return this.given.has(name);
  }

  answer(name, answer) {
    this.given.set(name, { answer });
    this.next();
  }

  next() {
    const found = [...this.given].find(([, { turn }]) => turn === undefined);
    if (this.isBusy || !found) return;
    const [name, one] = found;
    this.tell({ do: "answer", name, answer: one.answer }, [one]);
  }

  // All answers go with it: the picture that it leads to may settle other questions too.
  show(name) {
    const answers = Object.fromEntries([...this.given].map(([n, { answer }]) => [n, answer]));
    this.tell({ do: "show", name, answers }, this.given.values());
  }

  clear() {
    this.given.clear();
    this.tell({ do: "clear" });
  }

  tell(message, answers = []) {
    this.turn += 1;
    for (const one of answers) one.turn = this.turn;
    this.send({ ...message, page: this.page, turn: this.turn });
  }

  hear(handled) {
    this.handled = Math.max(this.handled, handled[this.page] ?? 0); // the kernel forgets old pages
    for (const [name, { turn }] of this.given) if (turn <= this.handled) this.given.delete(name);
    this.next();
  }
}

// What a learner answers one question with; `set` shows an answer, or that there is none.
function choice({ options }, name, parent, onAnswer) {
  const inputs = options.map((option) => {
    const label = element("label", {}, parent);
    const input = element("input", { type: "radio", name, value: option }, label);
    label.append(` ${option}`);
    input.addEventListener("change", () => onAnswer(option));
    return input;
  });
  return {
    set(answer) {
      for (const input of inputs) input.checked = input.value === answer;
    },
  };
}

function scale({ text, low, high, step, unit }, name, parent, onAnswer) {
  const label = element("label", { class: "scale" }, parent);
  const range = { type: "range", min: low, max: high, step, value: low, "aria-label": text };
  const decimals = `${step}`.split(".")[1]?.length ?? 0;
  const inWords = (value) => (Number(value).toFixed(decimals) + unit).replace("-", "−");
  const track = element("span", { class: "track" }, label);
  const input = element("input", range, track);
  const ends = element("span", { class: "ends", "aria-hidden": "true" }, track); // as min and max
  for (const end of [low, high]) element("span", {}, ends, inWords(end));
  const output = element("output", {}, label);
  const show = (value) => {
    output.textContent = value === undefined ? "no guess yet" : inWords(value);
    input.setAttribute("aria-valuetext", output.textContent);
    label.classList.toggle("unset", value === undefined);
  };
  const guess = () => {
    show(input.value);
    onAnswer(Number(input.value));
  };
  input.addEventListener("input", guess);
  // The lowest number is a guess too, but choosing it moves nothing.
  const chooseLowest = () => label.classList.contains("unset") && guess();
  input.addEventListener("pointerup", chooseLowest);
  input.addEventListener("keydown", ({ key }) => {
    if (["Enter", " ", "Home"].includes(key)) chooseLowest();
  });
  return {
    set(answer) {
      input.value = answer ?? low;
      show(answer);
    },
  };
}

function render({ model, el }) {
  views += 1;
  let kernel; // the state of a widget that lives there
  const isGone = () => kernel?.comm_live === false;
  const tellGone = () => isGone() && messages.isBusy && hint(GONE);
  model.widget_manager.get_model(model.get("witness").slice("IPY_MODEL_".length)).then((found) => {
    kernel = found;
    kernel.on("comm_live_update", tellGone);
  });
  let silence;
  const hint = (words) => keepPlace(panel, () => shown.forEach(({ error }) => say(error, words)));
  const expect = () => {
    clearTimeout(silence);
    if (messages.isBusy) silence = setTimeout(() => hint(isGone() ? GONE : BUSY), SILENCE);
  };
  const messages = new Messages((message) => {
    if (isGone()) hint(GONE);
    else model.send(message);
    expect();
  });

  const title = model.get("title");
  const group = { class: "lessonkit-questions", role: "group", "aria-label": title };
  const panel = element("section", group, el);
  panel.addEventListener("keydown", keepKeys);
  element("p", { class: "title", "aria-hidden": "true" }, panel, title);

  const shown = model.get("described").map((question, i) => {
    const { name, text } = question;
    const box = element("fieldset", {}, panel);
    say(element("legend", {}, box), text);
    const row = element("div", { class: "row" }, box);
    const inputs = element("div", { class: "answers" }, row);
    const make = "options" in question ? choice : scale;
    const control = make(question, `lessonkit-question-${views}-${i}`, inputs, (answer) =>
      messages.answer(name, answer),
    );
    const button = element("button", { type: "button" }, row, model.get("button"));
    button.setAttribute("aria-label", `${model.get("button")}: ${text}`);
    button.addEventListener("click", () => messages.show(name));
    const verdict = element("p", { class: "verdict", role: "status" }, box);
    const error = element("p", { class: "error", role: "alert", hidden: "" }, box);
    return { name, box, control, button, verdict, error };
  });

  const foot = element("div", { class: "foot" }, panel);
  const score = element("p", { role: "status" }, foot);
  const again = element("button", { type: "button" }, foot, "Start again");
  again.addEventListener("click", () => messages.clear());

  const show = () => {
    const [answers, verdicts, errors] = ["answers", "verdicts", "errors"].map((n) => model.get(n));
    for (const { name, box, control, button, verdict, error } of shown) {
      if (!messages.isAhead(name)) control.set(answers[name]);
      const settled = name in verdicts;
      for (const input of box.querySelectorAll("input")) input.disabled = settled;
      button.hidden = settled;
      box.classList.toggle("settled", settled);
      say(verdict, verdicts[name] ?? "");
      say(error, errors[name] ?? "");
    }
    say(score, model.get("score"));
    again.hidden = Object.keys({ ...answers, ...verdicts }).length === 0;
  };
  const follow = () => keepPlace(panel, show);
  const done = () => {
    messages.hear(model.get("handled"));
    expect();
    follow(); // which takes a hint away
  };
  const changes = "change:answers change:verdicts change:errors change:score";
  model.on(changes, follow);
  model.on("change:handled", done);
  follow();
  return () => {
    clearTimeout(silence);
    kernel?.off("comm_live_update", tellGone);
    model.off(changes, follow);
    model.off("change:handled", done);
  };
}

export default { render };
