// The page's half of a live picture; explorer.py is the kernel's.
//
// The page watches the controls' models itself and requests the picture of every change, up to
// three requests ahead of the answers: ipywidgets alone sends one value at a time and waits for
// the kernel to be idle. If values change faster than that, the newest wins.
//
// page → kernel   {density, width?, values}   a page has opened, or moved to a screen with other
//                             pixels, or has room for a picture of another width, in CSS pixels
//                 {values}    the controls now; a dropdown by its place in the list
//                 {values, whole}   the same, and all of the picture: a part of it was lost
//                 {values, pointer}   and where the pointer is on a picture that can be pointed at,
//                             [x, y] in CSS pixels. That sets controls; the page must know them
//                             before it sends their values again, so it waits for the answer
//                 {next}      this piece of a longer task is shown, do the following
//                 {}          nothing; it only makes the answer before it come sooner
//                 With values come {page, turn}, who sends them and how many before: two threads of
//                 a kernel may answer one page, and what one of them finds late is old
// kernel → page   {caption, error, size, squares, pixelated, whole, patches, number, after?, answer,
//                 next?, progress?} and for each patch, [panel, x, y, width, height, channels], its
//                 pixels, zlib-compressed
//                 {answer, after}   the picture is the right one already
//                 {hold}      several controls are about to change: one request for them all

// Messages can be lost: the server drops them while a cell prints too much, and sends none while it is
// away. So pictures are numbered, and a message says after which one it comes; a page that does not
// have that one requests the whole picture. So it does after a silence.

const MOST_PENDING = 3;
const SILENCE = 3000; // ms without an answer after which it is taken to be lost
const DRAG = 40; // ms between two requests of a drag, at most
const NUDGE = 8; // ms after any other request
const MOST_BYTES = 10e6; // of an upload; a message of more than 10 MiB breaks the connection
const LONGEST_FRAME = 50; // ms
const RESIZED = 250; // ms after which a page that is made wider or narrower counts as done
const SAME_WIDTH = 24; // CSS pixels that come and go with scroll bars
const STILL = 500; // ms without a change after which the caption is read aloud
const GONE = "The kernel that drew this picture has gone. Run the cell again.";
const BUSY = "Python has not answered for three seconds. The picture follows as soon as it does.";

// Inflates without letting go of the page: read piece by piece, the stream waits for nobody. As an
// arrayBuffer() it would wait until JupyterLab has dealt with all that came meanwhile: 4 to 9 ms.
export async function inflate(zipped, length) {
  const inflater = new DecompressionStream("deflate");
  const writer = inflater.writable.getWriter();
  for (const done of [writer.write(zipped), writer.close()]) done.catch(() => {}); // read() fails too
  const inflated = new Uint8Array(length);
  const reader = inflater.readable.getReader();
  for (let at = 0, part; !(part = await reader.read()).done; at += part.value.length) {
    inflated.set(part.value, at);
  }
  return inflated;
}

// Not as a PNG, which createImageBitmap would send through the browser's main process: to inflate the
// pixels here costs one millisecond instead of ten.
async function decode([, , , width, height, channels], zipped) {
  if (zipped instanceof ImageData) return zipped; // of a page that has recorded pictures
  const pixels = await inflate(zipped, width * height * channels);
  const picture = new ImageData(width, height);
  if (channels === 4) picture.data.set(pixels);
  else {
    const colours = new Uint32Array(picture.data.buffer); // 0xAABBGGRR: processors are little-endian
    const [green, blue] = channels === 3 ? [1, 2] : [0, 0]; // grey is the same three times
    for (let i = 0; i < colours.length; i += 1) {
      const at = i * channels;
      colours[i] = 0xff000000 | (pixels[at + blue] << 16) | (pixels[at + green] << 8) | pixels[at];
    }
  }
  return picture;
}

async function deflate(pixels) {
  const zipped = new Blob([pixels]).stream().pipeThrough(new CompressionStream("deflate"));
  return new DataView(await new Response(zipped).arrayBuffer());
}

function element(tag, attributes, parent) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  parent?.append(made);
  return made;
}

// Resolves when the screen shows what is painted now. A page that nobody sees has no frames.
function nextFrame() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve)); // frames are drawn after these calls
    setTimeout(resolve, LONGEST_FRAME);
  });
}

// What is shown now, and the views that show it: two cells can show one explorer.
class Display {
  constructor() {
    this.message = null;
    this.views = new Set();
    this.last = new View(document.createElement("div")); // keeps the picture while no page shows it
    this.queue = Promise.resolve();
    this.waiting = 0; // paintings that have come and are not shown
    this.widest = 0; // that a picture has been, in CSS pixels
    this.onScreen = Promise.resolve(); // until then nobody has seen what was painted
  }

  open(el) {
    const view = new View(el);
    const [other = this.last] = this.views;
    if (this.message) view.follow(this.message, () => view.copy(other));
    this.views.add(view);
    return view;
  }

  close(view) {
    this.views.delete(view);
    if (this.views.size === 0) this.last = view;
    view.close();
  }

  // Pictures are decoded at once and shown in the order in which they came. In a drag two may come
  // in one frame of the screen, which would show one: the second waits for the next, unless a third
  // has come.
  show(message, pixels = [], then) {
    const decoded = Promise.all(pixels.map((zipped, i) => decode(message.patches[i], zipped)));
    decoded.catch(() => {}); // handled where it is awaited, below
    const paintings = pixels.length > 0 ? 1 : 0;
    this.waiting += paintings;
    this.queue = this.queue.then(async () => {
      try {
        const pictures = await decoded;
        if (paintings && this.waiting === 1) await this.onScreen;
        if ("caption" in message) {
          this.message = message;
          this.widest = Math.max(this.widest, message.size[0]);
          for (const view of this.views.size ? this.views : [this.last]) {
            view.follow(message, () => view.paint(message, pictures));
          }
        }
        if (paintings) this.onScreen = nextFrame();
        then?.();
      } catch (problem) {
        this.complain(`The picture could not be shown: ${problem}`);
      } finally {
        this.waiting -= paintings;
      }
    });
  }

  // CSS pixels that there are for the picture, where it has least; undefined: it is nowhere.
  get room() {
    const rooms = [...this.views].map(({ el }) => el.clientWidth).filter((width) => width > 0);
    return rooms.length ? Math.min(...rooms) : undefined;
  }

  complain(error) {
    if (this.message) this.message.error = error;
    this.hint(error);
  }

  // Says something for the moment; "" says what the last message did.
  hint(text) {
    for (const view of this.views) view.complain(text || this.message?.error || "");
  }

  // What is shown, as a message that shows it again.
  async snapshot() {
    const { canvases } = [...this.views, this.last][0];
    const patches = canvases.map(({ width, height }, i) => [i, 0, 0, width, height, 4]);
    const pictures = canvases.map((c) => c.getContext("2d").getImageData(0, 0, c.width, c.height));
    const message = { ...this.message, whole: true, patches };
    return { ...message, pixels: await Promise.all(pictures.map(({ data }) => deflate(data))) };
  }
}

// Requests pictures from the kernel: those of the newest values, with at most three pending.
class Requests {
  // send: returns whether there is a kernel to send to.
  constructor(send, onSilence) {
    Object.assign(this, { send, onSilence });
    this.read = null; // returns the controls' values, once the controls are known
    this.pending = 0;
    this.works = false; // the kernel has more pieces of what it draws
    this.wanted = null;
    this.held = false;
    this.sent = -Infinity; // when the last one was, in ms
    this.patience = SILENCE;
  }

  // Requests the picture of the controls' values, of the newest ones when its turn comes; with
  // { pointer: [x, y] } that of what lies there, with { whole: true } all of it.
  want(more) {
    this.wanted = { ...this.wanted, ...more };
    this.next();
  }

  next() {
    if (this.wanted === null || this.held || !this.read) return;
    const points = "pointer" in this.wanted;
    if (this.pending >= (points ? 1 : MOST_PENDING)) return;
    const request = { values: this.read(), ...this.wanted };
    this.wanted = null;
    if (!this.send(request)) return;
    this.held = points;
    this.pending += 1;
    this.expect();
    // Of an answer the server sends the kernel's "busy", then holds the rest back until the browser
    // acknowledges that: with its next packet, which in a drag comes soon, or often only after
    // 40 ms. This is one.
    const now = performance.now();
    if (now - this.sent > DRAG || points) setTimeout(() => this.send({}), NUDGE);
    this.sent = now;
  }

  // The kernel has sent something.
  heard({ answer, hold, next }) {
    this.patience = SILENCE;
    this.works = next !== undefined;
    if (answer) this.pending = Math.max(0, this.pending - 1);
    if (answer || hold !== undefined) this.held = hold ?? false;
    this.expect();
    this.next();
  }

  // Asks again after a silence, and less and less often: an answer that is lost never comes, but of
  // a kernel that is busy all come in the end.
  expect() {
    clearTimeout(this.timer);
    if (this.pending === 0 && !this.works) return;
    this.timer = setTimeout(() => {
      this.onSilence();
      this.pending = 0;
      this.held = false;
      this.patience *= 2;
      this.want({ whole: true });
    }, this.patience);
  }
}

// One place in the page where the picture stands.
class View {
  constructor(el) {
    this.el = el;
    el.classList.add("lessonkit-picture");
    this.panels = element("div", { class: "lessonkit-panels", role: "img" }, el);
    this.canvases = [];
    this.progress = element("progress", { "aria-label": "work done", hidden: "" }, el);
    this.caption = element("p", { class: "lessonkit-caption", role: "status" }, el);
    this.error = element("p", { class: "lessonkit-error", role: "alert", hidden: "" }, el);
  }

  follow(message, paint) {
    const make = () => element("canvas", {}, element("div", {}, this.panels));
    this.canvases = message.squares.map((_, i) => this.canvases[i] ?? make());
    paint();
    this.canvases.forEach((canvas, i) => this.lay(canvas, message.squares[i], message));
    this.panels.setAttribute("aria-label", message.caption);
    this.say(message.caption);
    this.complain(message.error);
    this.progress.hidden = !("progress" in message);
    if (message.progress == null) this.progress.removeAttribute("value");
    else this.progress.value = message.progress;
  }

  paint({ whole, patches }, pictures) {
    patches.forEach(([panel, x, y], i) => {
      const [canvas, picture] = [this.canvases[panel], pictures[i]];
      if (whole) [canvas.width, canvas.height] = [picture.width, picture.height];
      canvas.getContext("2d").putImageData(picture, x, y);
    });
  }

  copy(other) {
    other.canvases.forEach((from, i) => {
      [this.canvases[i].width, this.canvases[i].height] = [from.width, from.height];
      this.canvases[i].getContext("2d").drawImage(from, 0, 0);
    });
  }

  // A pixel covers as much of its panel as `square` pixels of the first one do, each way.
  lay(canvas, square, { size: [width, height], pixelated }) {
    const [first] = this.canvases;
    const [across, down] = [canvas.width / first.width, canvas.height / first.height];
    Object.assign(canvas.parentElement.style, {
      width: `${width}px`,
      aspectRatio: `${width} / ${height}`,
    });
    Object.assign(canvas.style, {
      width: `${100 * square * across}%`,
      height: `${100 * square * down}%`,
    });
    // what is made smaller would lose every other line without blur
    canvas.classList.toggle("pixelated", pixelated && square * width >= first.width);
  }

  // Where the pointer is on the picture, in the picture's CSS pixels.
  place({ clientX, clientY }) {
    const panel = this.panels.firstChild;
    const { left, top, width } = panel.getBoundingClientRect();
    const times = parseFloat(panel.style.width) / width; // a narrow page shows it smaller
    return [(clientX - left) * times, (clientY - top) * times];
  }

  complain(error) {
    this.error.hidden = !error;
    if (this.error.textContent !== error) this.error.textContent = error;
  }

  // The caption follows at once for the eye; for the ear, once the picture has been still.
  say(caption) {
    // A line that ends leaves a number and its sign together.
    const text = caption.replaceAll(" %", "\u00a0%").replaceAll(" × ", "\u00a0×\u00a0");
    const before = this.caption.textContent;
    if (text === before) return;
    this.caption.setAttribute("aria-live", "off");
    this.caption.textContent = text;
    clearTimeout(this.speech);
    if (!before) return; // nothing has moved: Run All does not read the whole notebook's captions
    this.speech = setTimeout(() => {
      this.caption.setAttribute("aria-live", "polite");
      this.caption.replaceChildren(text); // a change that happens now is what is read
    }, STILL);
  }

  close() {
    clearTimeout(this.speech);
  }
}

// ipywidgets names some controls for the eye only: say the names to a screen reader as well, and
// the values as the eye reads them: 3.3, not 3.3000000000000003; an option's label, not its place.
function nameControls(row) {
  for (const slider of row.querySelectorAll(".widget-slider")) {
    const name = slider.querySelector(".widget-label")?.textContent;
    const readout = slider.querySelector(".widget-readout");
    const handles = slider.querySelectorAll(".noUi-handle");
    const text = readout?.textContent;
    const ends = text?.split(" – "); // of a range
    handles.forEach((handle, i) => {
      const end = handles.length === 2 ? [", from", ", to"][i] : "";
      handle.setAttribute("aria-label", name + end);
      const value = ends?.length === handles.length ? ends[i] : text;
      if (value && handle.getAttribute("aria-valuetext") !== value) {
        handle.setAttribute("aria-valuetext", value);
      }
    });
    if (slider.classList.contains("lessonkit-untyped")) readout.contentEditable = "false";
    else if (readout?.isContentEditable) {
      readout.setAttribute("role", "textbox");
      readout.setAttribute("aria-label", `${name}, type a value`);
      readout.onfocus = () => getSelection().selectAllChildren(readout); // a new value replaces it
      readout.onblur = () => getSelection().removeAllRanges();
    }
  }
  for (const group of row.querySelectorAll(".widget-toggle-buttons, .widget-radio")) {
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", group.querySelector(".widget-label")?.textContent);
    for (const button of group.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", button.classList.contains("mod-active"));
    }
  }
}

// JupyterLab's shortcuts would take letters from a focused control (x cuts its cell, m turns it to
// text), and the arrow keys from a dropdown (to move on by a cell), whose they are.
function keepKeys(event) {
  const arrow = event.target.tagName === "SELECT" && event.key.startsWith("Arrow");
  const shortcut = event.ctrlKey || event.metaKey || event.altKey;
  if ((event.key.length === 1 || arrow) && !shortcut) event.stopPropagation();
}

// The heading under which an explorer stands: where one is, when one tabs from explorer to explorer.
function headingAbove(el) {
  for (let cell = el.closest(".jp-Cell, .cell"); cell; cell = cell.previousElementSibling) {
    const heading = [...cell.querySelectorAll("h1, h2, h3")].at(-1);
    if (heading) return heading.textContent.replace("¶", ""); // JupyterLab's link to it
  }
  return "explorer";
}

function keepNaming(el) {
  let timer, observer;
  const start = () => {
    if (!el.isConnected) {
      timer = setTimeout(start, 50); // not in the page yet
      return;
    }
    const explorer = el.closest(".lessonkit-explorer");
    const row = explorer?.querySelector(".lessonkit-controls");
    if (!row) return; // the picture alone is shown
    explorer.setAttribute("role", "group");
    explorer.setAttribute("aria-label", headingAbove(explorer));
    nameControls(row);
    row.addEventListener("keydown", keepKeys); // the same function twice is one listener
    observer = new MutationObserver(() => nameControls(row));
    const attributeFilter = ["aria-valuetext", "class"];
    observer.observe(row, { childList: true, subtree: true, attributeFilter });
  };
  start();
  return () => {
    clearTimeout(timer);
    observer?.disconnect();
  };
}

// Calls back when the room for a picture has another width; while it changes, not at every step.
function watchWidth(el, report) {
  let timer;
  const observer = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(report, RESIZED);
  });
  observer.observe(el);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}

// Calls back now and whenever the page moves to a screen, or a zoom, of another density.
function watchDensity(report) {
  let query;
  const start = () => {
    report();
    query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener("change", start, { once: true });
  };
  start();
  return () => query.removeEventListener("change", start);
}

// An upload that no message can carry goes without its content; its size tells the kernel why.
function lighten(upload) {
  let room = MOST_BYTES;
  const files = upload.get("value").map((file) => {
    room -= file.content.byteLength;
    return room < 0 ? { ...file, content: new ArrayBuffer() } : file;
  });
  if (room < 0) upload.set("value", files); // before ipywidgets sends it
}

export default () => {
  const display = new Display();
  const screen = { report: () => {}, room: undefined }; // what the kernel was told last
  let requests;

  return {
    initialize({ model }) {
      // A notebook that was saved with its widgets shows them with no kernel behind them.
      let hasKernel = () => true;
      const page = `${Math.random()}`;
      let turn = 0;
      const send = (message) => {
        try {
          if (hasKernel()) {
            model.send("values" in message ? { ...message, page, turn: (turn += 1) } : message);
            return true;
          }
        } catch {} // its comm was closed
        if ("values" in message && !("density" in message)) display.complain(GONE);
        return false;
      };
      requests = new Requests(send, () => display.hint(BUSY));
      const { pixels: first, ...opening } = model.get("opening");
      let { number } = opening; // of the picture that came last
      display.show(opening, first);

      // What is saved with the notebook is what was seen last, not what the page began with.
      let saving;
      const keep = async () => model.set("opening", await display.snapshot());

      const receive = (message, pixels) => {
        const fits = message.after === undefined || message.after === number;
        if (fits) {
          number = message.number ?? number;
          const shown = "next" in message ? () => send({ next: message.next }) : undefined;
          display.show(message, pixels, shown);
          clearTimeout(saving);
          saving = setTimeout(keep, STILL);
        }
        display.hint("");
        requests.heard(message);
        if (!fits) requests.want({ whole: true });
      };

      const listening = [];
      const listen = (source, events, call) => {
        source.on(events, call);
        listening.push(() => source.off(events, call));
      };
      const linked = (name) => {
        const ids = model.get(name).map((id) => id.slice("IPY_MODEL_".length));
        return Promise.all(ids.map((id) => model.widget_manager.get_model(id)));
      };
      listen(model, "msg:custom", receive);
      linked("controls").then((controls) => {
        const request = () => requests.want();
        hasKernel = () => controls.every((control) => control.comm_live);
        requests.read = () => controls.map((c) => c.get("index") ?? c.get("value"));
        for (const control of controls) listen(control, "change:value change:index", request);
        screen.report = () => {
          screen.room = display.room;
          send({ density: window.devicePixelRatio, width: screen.room, values: requests.read() });
        };
        listening.push(watchDensity(screen.report));
        listen(model, "handover", screen.report); // of a page whose Python answers from now on
      });
      linked("uploads").then((uploads) => {
        for (const upload of uploads) listen(upload, "change:value", lighten);
      });

      return () => {
        listening.forEach((stop) => stop());
        clearTimeout(requests.timer);
        clearTimeout(saving);
      };
    },

    render({ model, el }) {
      const view = display.open(el);
      if (model.get("pointed")) {
        view.panels.classList.add("pointed");
        for (const moved of ["pointermove", "pointerdown"]) {
          view.panels.addEventListener(moved, (e) => requests.want({ pointer: view.place(e) }));
        }
      }
      const stopNaming = keepNaming(el);
      const stopWatching = watchWidth(el, () => {
        const [now, before] = [display.room, screen.room].map((room) => room ?? Infinity);
        const isNews = Math.abs(now - before) > SAME_WIDTH;
        if (isNews && Math.min(now, before) < display.widest) screen.report();
      });
      return () => {
        stopNaming();
        stopWatching();
        display.close(view);
      };
    },
  };
};
