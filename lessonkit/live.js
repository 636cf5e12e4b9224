// The page's half of a live picture; live.py is the kernel's.
//
// The page watches the controls' models itself and asks for the picture of every change, up to
// three questions ahead of the answers: ipywidgets alone sends one value at a time and waits for
// the kernel to be idle. If values change faster than that, the newest wins.
//
// page → kernel   {density}   a page has opened, or moved to a screen with other pixels
//                 {values}    the controls now; a dropdown by its place in the list
//                 {values, pointer}   and where the pointer is on a picture that can be pointed at,
//                             [x, y] in CSS pixels. That sets controls; the page must know them
//                             before it tells their values again, so it waits for the answer
//                 {next}      this piece of a longer work is shown, do the following
//                 {}          nothing; it only makes the answer before it come sooner
// kernel → page   {caption, error, size, squares, pixelated, whole, corners, answer, next?,
//                 progress?} and, of what has changed, a PNG for each corner: [panel, x, y]
//                 {hold}      several controls are about to change: one question for them all

const MOST_UNANSWERED = 3;
const SILENCE = 3000; // ms without an answer after which the kernel is taken to have restarted
const DRAG = 40; // ms between two questions of a drag, at most
const NUDGE = 8; // ms after any other question
const MOST_BYTES = 10e6; // of an upload; a message of more than 10 MiB breaks the connection
const LONGEST_FRAME = 50; // ms
const STILL = 500; // ms without a change after which the caption is read aloud

// Inflates without letting go of the page: read piece by piece, the stream waits for nobody. As an
// arrayBuffer() it would wait until JupyterLab has dealt with all that came meanwhile: 4 to 9 ms.
async function inflate(zipped, length) {
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

// The kernel's PNGs have one chunk of pixels and no filter. To inflate it here costs a millisecond;
// createImageBitmap would send it through the browser's main process, which costs ten.
async function decode(png) {
  const [width, height] = [png.getUint32(16), png.getUint32(20)];
  const channels = { 0: 1, 2: 3, 6: 4 }[png.getUint8(25)]; // grey, RGB, RGBA
  const zipped = new Uint8Array(png.buffer, png.byteOffset + 41, png.getUint32(33));
  const rows = await inflate(zipped, height * (1 + width * channels));
  const picture = new ImageData(width, height);
  const colours = new Uint32Array(picture.data.buffer); // 0xAABBGGRR: processors are little-endian
  for (let y = 0; y < height; y += 1) {
    const row = rows.subarray(y * (1 + width * channels) + 1); // it begins with its filter
    const start = width * y;
    if (channels === 4) picture.data.set(row.subarray(0, 4 * width), 4 * start);
    for (let x = 0; channels < 4 && x < width; x += 1) {
      const [red, green, blue] = channels === 3 ? [3 * x, 3 * x + 1, 3 * x + 2] : [x, x, x];
      colours[start + x] = 0xff000000 | (row[blue] << 16) | (row[green] << 8) | row[red];
    }
  }
  return picture;
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
class Shown {
  constructor() {
    this.news = null;
    this.views = new Set();
    this.last = new View(document.createElement("div")); // keeps the picture while no page shows it
    this.queue = Promise.resolve();
    this.waiting = 0; // paintings that have come and are not shown
    this.onScreen = Promise.resolve(); // until then nobody has seen what was painted
  }

  open(el) {
    const view = new View(el);
    const [other = this.last] = this.views;
    if (this.news) view.follow(this.news, () => view.copy(other));
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
  show(news, pngs = [], then) {
    const decoded = Promise.all(pngs.map(decode));
    decoded.catch(() => {}); // handled where it is awaited, below
    const paintings = pngs.length > 0 ? 1 : 0;
    this.waiting += paintings;
    this.queue = this.queue.then(async () => {
      try {
        const pictures = await decoded;
        if (paintings && this.waiting === 1) await this.onScreen;
        if ("caption" in news) {
          this.news = news;
          for (const view of this.views.size ? this.views : [this.last]) {
            view.follow(news, () => view.paint(news, pictures));
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

  complain(error) {
    if (this.news) this.news.error = error;
    for (const view of this.views) view.complain(error);
  }
}

// Asks the kernel for pictures: the newest values, at most three questions unanswered.
class Asker {
  constructor(tell) {
    this.tell = tell;
    this.read = null; // returns the controls' values, once the controls are known
    this.unanswered = 0;
    this.wanted = null;
    this.held = false;
    this.asked = -Infinity; // when, in ms
  }

  hold(held) {
    this.held = held;
    this.ask();
  }

  // Asks for the picture of the controls' values, of the newest ones when its turn comes; with
  // { pointer: [x, y] } for that of what lies there.
  want(more) {
    this.wanted = { ...this.wanted, ...more };
    this.ask();
  }

  ask() {
    if (this.wanted === null || this.held || !this.read) return;
    const points = "pointer" in this.wanted;
    if (this.unanswered >= (points ? 1 : MOST_UNANSWERED)) return;
    this.tell({ values: this.read(), ...this.wanted });
    this.held = points;
    this.wanted = null;
    this.unanswered += 1;
    this.expect();
    // Of an answer the server sends the kernel's "busy", then holds the rest back until the browser
    // acknowledges that: with its next packet, which in a drag comes soon, or often only after
    // 40 ms. This is one.
    const now = performance.now();
    if (now - this.asked > DRAG || points) setTimeout(() => this.tell({}), NUDGE);
    this.asked = now;
  }

  answered() {
    this.unanswered = Math.max(0, this.unanswered - 1);
    this.held = false;
    this.expect();
    this.ask();
  }

  expect() {
    clearTimeout(this.timer);
    if (this.unanswered === 0) return;
    this.timer = setTimeout(() => {
      this.unanswered = 0;
      this.held = false;
      this.ask();
    }, SILENCE);
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

  follow(news, paint) {
    const make = () => element("canvas", {}, element("div", {}, this.panels));
    this.canvases = news.squares.map((_, i) => this.canvases[i] ?? make());
    paint();
    this.canvases.forEach((canvas, i) => this.lay(canvas, news.squares[i], news));
    this.panels.setAttribute("aria-label", news.caption);
    this.say(news.caption);
    this.complain(news.error);
    this.progress.hidden = !("progress" in news);
    if (news.progress == null) this.progress.removeAttribute("value");
    else this.progress.value = news.progress;
  }

  paint({ whole, corners }, pictures) {
    corners.forEach(([panel, x, y], i) => {
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
  for (let cell = el.closest(".jp-Cell"); cell; cell = cell.previousElementSibling) {
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

// Calls back now and whenever the page moves to a screen, or a zoom, of another density.
function watchDensity(tell) {
  let query;
  const start = () => {
    tell(window.devicePixelRatio);
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
  const shown = new Shown();
  let asker;

  return {
    initialize({ model }) {
      const tell = (message) => {
        try {
          model.send(message);
        } catch {
          shown.complain("The kernel that drew this picture has gone. Run the cell again.");
        }
      };
      asker = new Asker(tell);
      const { pngs, ...first } = model.get("shown");
      shown.show(first, pngs);

      const receive = (news, pngs) => {
        const shownNow = "next" in news ? () => tell({ next: news.next }) : undefined;
        shown.show(news, pngs, shownNow);
        if (news.answer) asker.answered();
        if ("hold" in news) asker.hold(news.hold);
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
        const ask = () => asker.want();
        asker.read = () => controls.map((c) => c.get("index") ?? c.get("value"));
        for (const control of controls) listen(control, "change:value change:index", ask);
        listening.push(watchDensity((density) => tell({ density })));
      });
      linked("uploads").then((uploads) => {
        for (const upload of uploads) listen(upload, "change:value", lighten);
      });

      return () => {
        listening.forEach((stop) => stop());
        clearTimeout(asker.timer);
      };
    },

    render({ model, el }) {
      const view = shown.open(el);
      if (model.get("pointed")) {
        view.panels.classList.add("pointed");
        for (const moved of ["pointermove", "pointerdown"]) {
          view.panels.addEventListener(moved, (e) => asker.want({ pointer: view.place(e) }));
        }
      }
      const stopNaming = keepNaming(el);
      return () => {
        stopNaming();
        shown.close(view);
      };
    },
  };
};
