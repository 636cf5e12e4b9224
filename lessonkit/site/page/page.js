// A chapter as a page without a server. Its controls answer at once, from recordings; when Python has
// started, in a worker, the same widgets go on with it, from where the reader has come to.

const EXPLORER = "lessonkit-explorer";

// A code cell, and what it shows.
class Cell {
  constructor({ id, source, roots, models: states }, el) {
    Object.assign(this, { id, el, live: false, waiting: [], explorers: [] });
    this.code = el.querySelector("code");
    this.first = source;
    this.outputs = el.querySelector(".outputs");
    this.take(roots, states);
    el.querySelector(".run").addEventListener("click", () => this.run());
    this.code.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.shiftKey) {
        event.preventDefault();
        this.run();
      }
    });
  }

  get source() {
    return this.code.textContent;
  }

  // Makes the models, and shows the widgets in the places that wait for them, or in new ones.
  take(roots, states) {
    this.roots = roots;
    for (const [id, state] of Object.entries(states)) new Model(id, state, this);
    const places = [...this.outputs.querySelectorAll(".output")];
    this.explorers = [];
    roots.map((id) => models.get(id)).forEach((root, i) => {
      const place = places[i] ?? element("div", { class: "output" }, this.outputs);
      if ((root.get("_dom_classes") ?? []).includes(EXPLORER)) {
        const name = `${this.id}-${this.explorers.length}`;
        this.explorers.push(new Explorer(root, name, place, this));
      } else {
        place.replaceChildren();
        show(root, place);
      }
    });
  }

  run() {
    this.say("running …");
    this.el.classList.add("running");
    python.run(this);
  }

  say(words) {
    this.status ??= element("span", { role: "status", class: "status" }, this.el.querySelector(".source"));
    this.status.textContent = words;
  }

  // Python has run the cell.
  made({ text, html, roots, error }, states) {
    this.say(this.el.classList.contains("running") ? "done" : "");
    this.el.classList.remove("running");
    if (error || !isSame(roots, this.roots)) {
      this.outputs.replaceChildren();
      this.take(roots, states);
    }
    this.live = true;
    this.print(text, html, error);
    // First the answers, then where the reader has moved to, which may settle them.
    for (const [model, data] of this.waiting.splice(0)) python.tell(model, data);
    for (const explorer of this.explorers) explorer.handOver();
  }

  print(text, html, error) {
    this.outputs.querySelectorAll(":scope > .text, :scope > .html, :scope > .error").forEach((old) => old.remove());
    if (text) element("pre", { class: "text" }, this.outputs, text);
    if (html) element("div", { class: "html" }, this.outputs).innerHTML = html;
    if (error) element("pre", { class: "error", role: "alert" }, this.outputs, error);
  }

  // What a widget on the page says.
  tell(model, data) {
    const explorer = this.explorers.find(({ view }) => view === model);
    if (this.live) python.tell(model, data);
    else if (explorer) explorer.answer(data.content);
    else if (this.explorers.some(({ isLacking }) => isLacking)) {
      for (const one of this.explorers) one.miss(STARTING);
      python.start();
    } else if (data.method === "custom") {
      if (Object.keys(data.content).length === 0) return;
      this.waiting.push([model, data]);
      python.start();
    } else if (!this.explorers.some(({ named }) => named.some(([, control]) => control === model))) {
      this.waiting.push([model, data]); // a photograph, a drawing: only Python can take it
      python.start();
    }
  }

  // What Python says of a widget.
  hear(model, { kind, data, buffers }) {
    if (kind !== "comm_msg") return;
    if (data.method === "update") {
      const state = { ...data.state };
      (data.buffer_paths ?? []).forEach(([name], i) => {
        state[name] = new DataView(buffers[i]);
      });
      model.take(state);
      return;
    }
    const pixels = buffers.map((buffer) => new Uint8Array(buffer));
    const explorer = this.explorers.find(({ view }) => view === model);
    if (explorer) explorer.hear(data.content, pixels);
    else model.fire("msg:custom", data.content, pixels);
  }
}

// -- start ------------------------------------------------------------------------------------------

const described = JSON.parse(document.querySelector("#lessonkit-cells").textContent);
const cells = [];
const cellOf = (id) => cells.find((cell) => cell.id === id);
for (const cell of described) {
  cells.push(new Cell(cell, document.querySelector(`[data-cell="${cell.id}"]`)));
}
const explorers = cells.flatMap((cell) => cell.explorers);

// The films come as scripts, which a page from a file can load, too.
self.lessonkit = {
  recorded(place, record) {
    const explorer = explorers.find((one) => one.place === place);
    explorer?.open(record).then(() => arriveAt(explorer));
  },
  python,
  explorers,
  cells,
};

// A film is asked for when its explorer comes near the screen.
const near = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      const explorer = explorers.find(({ el }) => el === target);
      const folder = document.body.dataset.recordings;
      loadScript(`${folder}/${explorer.place}.js`, "Its recording").catch(() => {
        explorer.lack();
        arriveAt(explorer);
      });
    }
  },
  { rootMargin: "1200px" },
);
if (!document.body.hasAttribute("data-inline")) for (const { el } of explorers) near.observe(el);

// A link to a state: #cell:code
const wanted = linked();
function linked() {
  const hash = location.hash.slice(1).replaceAll("+", " ");
  let text = hash;
  try {
    text = decodeURIComponent(hash);
  } catch {
    // a % that stands for nothing: what cannot be read is told where the state would be shown
  }
  const [place, code] = text.split(/:(.*)/s);
  return code === undefined || document.getElementById(text) ? null : { place, code };
}

function arriveAt(explorer) {
  if (wanted?.place !== explorer.place) return;
  explorer.el.scrollIntoView({ block: "center" });
  explorer.goTo(wanted.code);
}
if (wanted) {
  const explorer = explorers.find(({ place }) => place === wanted.place);
  if (explorer) explorer.el.scrollIntoView({ block: "center" });
  else element("p", { class: "note", role: "alert" }, document.querySelector("main"), `The link asks for “${wanted.place}”, which is not on this page.`);
}

// Python's state, and its button.
const bar = document.querySelector("#python");
bar.hidden = false;
const [barWords, barButton] = [bar.querySelector("span"), bar.querySelector("button")];
const BUTTON = { off: "Start Python", failed: "Try again", starting: "Stop", busy: "Stop", ready: "Stop Python" };
python.onChange((state, words) => {
  barWords.textContent = words;
  barButton.textContent = BUTTON[state];
  bar.dataset.state = state;
});
barButton.addEventListener("click", () => (["off", "failed"].includes(python.state) ? python.start() : python.stop()));
python.become("off", "The recorded pictures answer at once. Python makes everything move.");

// Nobody pays for 18 MB unasked: it starts by itself only where the connection is known to be free.
const connection = navigator.connection;
const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
const isFree = isLocal || (connection && !connection.saveData && ["wifi", "ethernet"].includes(connection.type));
if (isFree && !self.lessonkitQuiet) {
  addEventListener("load", () => setTimeout(() => python.start(), 1000));
}

// A picture that shows what the pages do: its first control moves by itself, until somebody else does.
const played = document.body.dataset.play;
if (played && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
  const [explorer] = explorers;
  const model = new Map(explorer.named).get(played);
  let step = 1;
  const play = setInterval(() => {
    const next = model.get("value") + step;
    if (!explorer.opened || document.hidden) return;
    if (next >= model.get("max") || next <= model.get("min")) step = -step;
    change(model, "value", next);
  }, 500);
  for (const event of ["pointerdown", "keydown", "focusin"]) {
    explorer.el.addEventListener(event, () => clearInterval(play), { once: true });
  }
}
