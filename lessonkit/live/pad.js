// A pad of 28 × 28 pixels to draw on. Its value is one byte a pixel, row by row: 0 paper, 255 ink.
//
// Mouse, finger and pen draw where they are pressed. By keyboard: the arrows move a cursor, space
// inks, shift with an arrow inks on the way, Delete and Backspace erase.

const SIDE = 28;
const FULL = 0.6; // pixels from the path up to which ink is full …
const GONE = 1.6; // … and from which there is none: a line 2 to 3 pixels wide, as MNIST's are

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const HELP =
  "Draw with mouse, finger or pen. Keys: arrows move, space draws, " +
  "shift with an arrow draws a line, Delete erases.";

function element(tag, attributes, parent, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  parent.append(made);
  return made;
}

// The distance of a place from the line between two others, all [x, y].
function distance([x, y], [x0, y0], [x1, y1]) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1);
  const share = Math.min(Math.max(along, 0), 1);
  return Math.hypot(x - x0 - share * dx, y - y0 - share * dy);
}

class Pad {
  constructor(model, el) {
    this.model = model;
    const name = model.get("description");
    const box = element("div", { class: "lessonkit-pad" }, el);
    const paper = element("div", { class: "lessonkit-pad-paper" }, box);
    this.canvas = element("canvas", { width: SIDE, height: SIDE, tabindex: 0 }, paper);
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", `${name}, a pad of ${SIDE} by ${SIDE} pixels. ${HELP}`);
    this.cursor = element("div", { class: "lessonkit-pad-cursor" }, paper);
    const side = element("div", { class: "lessonkit-pad-side" }, box);
    element("p", { "aria-hidden": "true" }, side, HELP); // the pad's label says it
    const clear = element("button", { type: "button" }, side, "Clear");
    clear.className = "lm-Widget jupyter-widgets jupyter-button widget-button";
    this.place = element("p", { "aria-live": "polite" }, side);
    this.at = [SIDE / 2, SIDE / 2];

    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    clear.addEventListener("click", () => this.clear());
    this.show();
    this.goTo(this.at);
  }

  // What is drawn, as an array of its own.
  pixels() {
    const { buffer, byteOffset, byteLength } = this.model.get("value");
    return new Uint8ClampedArray(buffer.slice(byteOffset, byteOffset + byteLength));
  }

  show() {
    const picture = new ImageData(SIDE, SIDE);
    this.pixels().forEach((ink, i) => picture.data.set([0, 0, 0, ink], 4 * i));
    this.canvas.getContext("2d").putImageData(picture, 0, 0);
  }

  tell(pixels) {
    this.model.set("value", new DataView(pixels.buffer));
    this.model.save_changes();
  }

  clear() {
    this.tell(new Uint8ClampedArray(SIDE * SIDE));
  }

  // Ink, or erase, the pixels along a line of places [x, y] in pixels.
  stroke(places, erases = false) {
    const pixels = this.pixels();
    for (let i = 0; i < SIDE * SIDE; i += 1) {
      const middle = [(i % SIDE) + 0.5, Math.floor(i / SIDE) + 0.5];
      let near = Infinity;
      for (let k = 1; k < places.length; k += 1) {
        near = Math.min(near, distance(middle, places[k - 1], places[k]));
      }
      const ink = 255 * Math.min(Math.max((GONE - near) / (GONE - FULL), 0), 1);
      pixels[i] = erases ? Math.min(pixels[i], 255 - ink) : Math.max(pixels[i], ink);
    }
    this.tell(pixels);
  }

  // -- mouse, finger and pen

  placeOf({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [((clientX - left) / width) * SIDE, ((clientY - top) / height) * SIDE];
  }

  press(event) {
    if (event.button !== 0 || !event.isPrimary) return; // a palm beside the finger draws nothing
    this.canvas.setPointerCapture(event.pointerId); // a line may leave the pad and come back
    this.last = this.placeOf(event);
    this.stroke([this.last, this.last]);
  }

  move(event) {
    if (!this.canvas.hasPointerCapture(event.pointerId)) return;
    const events = event.getCoalescedEvents?.() ?? []; // all places since the last event
    const places = (events.length ? events : [event]).map((e) => this.placeOf(e));
    this.stroke([this.last, ...places]);
    this.last = places.at(-1);
  }

  // -- keyboard

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [from, step] = [this.middle(), STEPS[event.key]];
    if (step) {
      this.goTo(this.at.map((n, i) => Math.min(Math.max(n + step[i], 0), SIDE - 1)));
      if (event.shiftKey) this.stroke([from, this.middle()]);
    } else if (event.key === " ") this.stroke([from, from]);
    else if (event.key === "Delete" || event.key === "Backspace") this.stroke([from, from], true);
    else return;
    event.preventDefault(); // the page does not scroll
    event.stopPropagation(); // nor does JupyterLab take the key for a shortcut
  }

  middle() {
    return this.at.map((n) => n + 0.5);
  }

  goTo(at) {
    this.at = at;
    [this.cursor.style.left, this.cursor.style.top] = at.map((n) => `${(100 * n) / SIDE}%`);
    this.say();
  }

  say() {
    const [column, row] = this.at;
    const ink = Math.round((100 * this.pixels()[row * SIDE + column]) / 255);
    const text = `Row ${row}, column ${column}: ${ink ? `${ink} % ink` : "paper"}.`;
    if (text !== this.place.textContent) this.place.textContent = text; // else it is read twice
  }
}

export default {
  render({ model, el }) {
    const pad = new Pad(model, el);
    const follow = () => {
      pad.show();
      pad.say();
    };
    model.on("change:value", follow);
    return () => model.off("change:value", follow);
  },
};
