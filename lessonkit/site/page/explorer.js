// An explorer on the page: its controls, its picture, and who answers for it: its film or Python.

const POINTING = "Pointing here needs Python. ";
const STARTING = "This state is not recorded. Python is starting; the picture follows in some seconds.";

const traitOf = ({ state }) => ("index" in state ? "index" : "value");

class Explorer {
  // root: its widget. place: its name, under which its film is kept. el: where it stands, with its
  // still picture.
  constructor(root, place, el, cell) {
    Object.assign(this, { root, place, el, cell });
    const children = root.linked("children");
    this.view = children.at(-1);
    this.named = this.view.linked("controls").map((model, i) => [this.view.state.names[i], model]);
    this.still = el.querySelector(".still");
    el.classList.add("lessonkit-explorer");
    const row = children.length > 1 ? show(children[0], el) : null;
    if (row) el.prepend(row);
    this.note = element("p", { class: "note", role: "status" }, el);
    this.tools = element("p", { class: "tools" }, el);
    const copy = element("button", { type: "button" }, this.tools, "Copy a link to this picture");
    copy.addEventListener("click", () => this.copyLink());
  }

  get code() {
    return codeOf(this.named);
  }

  // The film has come: the picture becomes that of live/page.js, with the frame of what is set.
  async open(record) {
    this.film = new Film(record);
    if (this.opened) return;
    const [message, pictures] = await this.film.at(record.frames[0].code);
    this.start(message, pictures);
  }

  start(message, pictures) {
    if (this.opened) return;
    this.opened = true;
    this.view.state.opening = { ...message, pixels: pictures };
    const place = element("div");
    if (this.still) this.still.replaceWith(place);
    else this.note.before(place);
    widgets["lessonkit.live.page.Page"](this.view, place);
  }

  // What live/page.js asks for: {density, values} or {values}, from the film. Python is asked for
  // what is not in it.
  async answer(content) {
    await null; // live/page.js counts a request only once it has been sent
    if ("pointer" in content) this.point(content.pointer);
    if (!("values" in content) || "pointer" in content) return;
    const code = this.code;
    const isWanted = !("density" in content);
    if (!this.film?.has(code)) {
      this.miss(STARTING);
      if (isWanted) this.hear({ answer: true }, []);
      python.start();
      return;
    }
    const [message, pictures, updates] = await this.film.at(code);
    if (this.cell.live) return;
    for (const [id, state] of Object.entries(updates)) models.get(id)?.take(state);
    this.hear(isWanted ? { ...message, answer: true } : message, pictures);
  }

  // Sets what lies under the pointer. One that passes over a picture starts nothing: it offers to.
  point([x, y]) {
    const isAt = ([left, top, right, bottom]) => left <= x && x < right && top <= y && y < bottom;
    const what = this.film?.record.points.find(isAt)?.[4];
    if (what) {
      const after = this.named.map(([name, { kind, state }]) => [name, { kind, state: { ...state } }]);
      for (const [i, value] of what) after[i][1].state[traitOf(after[i][1])] = value;
      if (what.length === 0 || !this.film.has(codeOf(after))) this.offer();
      else for (const [i, value] of what) change(this.named[i][1], traitOf(this.named[i][1]), value);
    }
    this.hear({ answer: true }, []);
  }

  offer() {
    if (this.note.textContent) return;
    this.note.textContent = POINTING;
    const start = element("button", { type: "button" }, this.note, "Start Python");
    start.addEventListener("click", () => python.start());
  }

  // A picture has come, from the film or from Python.
  hear(message, pixels) {
    if ("caption" in message) this.miss("");
    this.view.fire("msg:custom", message, pixels);
  }

  // There is no film: the picture stays until Python has made another.
  lack() {
    this.isLacking = true;
    this.say("The recording of this picture is missing: move it, and Python starts.");
  }

  // Says that the picture below is not that of the controls; "" that it is again.
  miss(words) {
    this.note.textContent = words;
    this.el.classList.toggle("stale", Boolean(words));
  }

  // Python has made it: it learns what was moved meanwhile, and answers from now on.
  handOver() {
    if (!this.opened) this.start({ caption: "", error: "", size: [0, 0], squares: [], pixelated: false, whole: true, patches: [] }, []);
    for (const [, model] of this.named) {
      const state = Object.fromEntries([...model.moved].map((name) => [name, model.state[name]]));
      if (model.moved.size) python.tell(model, { method: "update", state });
    }
    this.view.fire("handover"); // live/page.js tells what it shows, and for what screen
    this.el.classList.add("live");
  }

  // -- its state in a link

  copyLink() {
    const hash = `#${this.place}:${encodeURIComponent(this.code).replaceAll("%20", "+").replaceAll("%3D", "=")}`;
    history.replaceState(null, "", hash);
    const done = () => this.say("The link has been copied.");
    const shown = () => this.say("The link stands in the address bar.");
    if (navigator.clipboard) navigator.clipboard.writeText(location.href).then(done, shown);
    else shown();
  }

  say(words) {
    this.said ??= element("span", { role: "status" }, this.tools);
    this.said.textContent = words;
  }

  // Goes to a state; what cannot be is said in words, and nothing changes.
  goTo(code) {
    try {
      const frame = this.film?.record.frames.find((one) => one.code === code);
      if (frame) {
        for (const [id, state] of Object.entries(frame.updates)) models.get(id)?.take(state);
        this.named.forEach(([, model], i) => change(model, traitOf(model), frame.values[i]));
      } else setCode(this.named, code);
    } catch (problem) {
      if (!(problem instanceof RangeError)) throw problem;
      this.say(`The link asks for what cannot be: ${problem.message}.`);
    }
  }
}
