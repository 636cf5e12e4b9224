// The page's side of bench_live.py: sees keys, pictures and messages, and says when each was.
// SCREEN, frames a second, is set before this script.
window.bench = (() => {
const QUIET = 80;  // ms without a message: longer than a delayed acknowledgement
const SILENCE = 240;  // ms: longer than the network ever keeps an acknowledgement back (200)
const FRAME = 1000 / SCREEN;  // ms
const TOLERANCE = 16;  // of 255: anyplotlib rounds an image anew otherwise than a first one
const PATIENCE = 2000;  // ms for the last picture of a drag
const INKED = ["drawImage", "putImageData", "stroke", "fill", "strokeRect", "fillText"];
const EMPTIED = ["clearRect", "fillRect"];
const panel = () => window.jupyterapp.shell.currentWidget;
const kernel = () => panel().sessionContext.session.kernel;
const cellAt = (i) => panel().content.widgets[i].node;
const painted = new WeakSet(), known = new WeakSet();
const unanswered = new Set();  // the ids of messages that the kernel has not done with
let heard = 0, aimed = {}, seen;

function* roots(node) {  // an element and all shadow roots below it
  yield node;
  for (const { shadowRoot } of node.querySelectorAll("*")) if (shadowRoot) yield* roots(shadowRoot);
}
const within = (i, what) => [...cellAt(i).querySelectorAll(".jp-OutputArea-output")]
  .flatMap((output) => [...roots(output)])
  .flatMap((root) => [...root.querySelectorAll(what)]);
function holds(cell, node) {  // through shadow roots too
  while (node && !cell.contains(node)) node = node.getRootNode().host;
  return Boolean(node);
}

window.WebSocket = class extends WebSocket {
  constructor(...args) {
    super(...args);
    if (!String(args[0]).includes("/channels")) return;
    this.addEventListener("message", ({ data }) => {
      heard = performance.now();
      if (seen) seen.bytes += data.byteLength ?? data.length;
    });
  }
  send(data) { heard = performance.now(); super.send(data); }
};
addEventListener("keydown", () => seen?.keys.push(performance.now()), true);

function picture() {  // what is shown between two animation frames counts as one picture
  if (!seen?.keys.length || seen.painting) return;
  const now = seen;
  now.painting = true;
  queueMicrotask(() => {  // the strokes and rectangles of one picture are painted in a row
    now.painting = false;
    now.painted += 1;
    now.last = performance.now();
    now.first ??= now.last;
    now.frame ??= requestAnimationFrame(() => {
      now.pictures += 1;
      now.frame = null;
      if (now.before) now.moved ??= !alike(now.before, look(aimed.i, aimed.what));
    });
  });
}
for (const name of [...INKED, ...EMPTIED]) {
  const paint = CanvasRenderingContext2D.prototype[name];
  CanvasRenderingContext2D.prototype[name] = function (...args) {
    paint.apply(this, args);
    if (INKED.includes(name)) painted.add(this.canvas);
    if (seen && !seen.painting && aimed.canvases && holds(aimed.cell, this.canvas)) picture();
  };
}
const mutations = new MutationObserver((records) => {
  const label = aimed.what === ".bench-label";
  if (label && records.some((record) => record.target.closest?.(aimed.what))) picture();
  for (const image of aimed.what === "img" ? aimed.cell.querySelectorAll("img") : []) {
    if (!known.has(image)) image.decode().then(picture, () => {});
    known.add(image);
  }
});

const until = (done, patience = 60_000) => new Promise((resolve, reject) => {
  const start = performance.now(), error = new Error(`never true: ${done}`);
  const ask = () => {
    if (done()) return resolve(performance.now());
    if (performance.now() - start > patience) return reject(error);
    requestAnimationFrame(ask);
  };
  ask();
});
const settled = (quiet = QUIET) =>
  until(() => unanswered.size === 0 && performance.now() - heard > quiet);
const shown = (element) => element.isConnected && (painted.has(element) || element.naturalWidth
  || (element.matches(".bench-label") && element.textContent));
const start = (command) => {
  window.jupyterapp.commands.execute(command);
  return performance.now();
};
async function cpu() {  // ms of the kernel's process
  const user_expressions = { now: "__import__('time').process_time()" };
  const asked = { code: "", silent: true, store_history: false, user_expressions };
  const { content } = await kernel().requestExecute(asked).done;
  return 1000 * Number(content.user_expressions.now.data["text/plain"]);
}

function pixels(source) {  // all but the outermost, which Bokeh lets grow darker and darker
  const { naturalWidth: width = source.width, naturalHeight: height = source.height } = source;
  if (width < 3 || height < 3) return [];
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(source, 0, 0);
  return context.getImageData(1, 1, width - 2, height - 2).data;
}
function look(i, what) {  // the pictures and the words of a cell
  const words = within(i, ".bench-label, .bench-sentence, .lessonkit-picture p");
  return {
    words: words.map((element) => element.textContent).join("\n"),
    pictures: what === ".bench-label" ? [] : within(i, what).map(pixels),
  };
}
const close = (a, b) => a.length === b.length
  && a.every((value, i) => Math.abs(value - b[i]) <= TOLERANCE);
const alike = (a, b) => a.words === b.words && a.pictures.length === b.pictures.length
  && a.pictures.every((one, i) => close(one, b.pictures[i]));

return {
  settled,
  attend() {  // to what is sent to the kernel and what it has done
    kernel().anyMessage.connect((_, { msg, direction }) => {
      if (direction === "send") unanswered.add(msg.header.msg_id);
      if (msg.content.execution_state === "idle") unanswered.delete(msg.parent_header.msg_id);
    });
    return settled();
  },
  async run(i, what) {  // from running a cell to its first picture
    const old = new Set(what && within(i, what));
    panel().content.activeCellIndex = i;
    const began = start("notebook:run-cell");
    const fresh = (element) => !old.has(element) && shown(element);
    const time = what && (await until(() => within(i, what).some(fresh)));
    await settled();
    return time - began;
  },
  async runAll(i, what) {
    const began = start("notebook:run-all-cells");
    return (await until(() => within(i, what).some(shown))) - began;
  },
  stored(i) {
    const data = panel().content.widgets[i].model.outputs.get(0)?.data["image/png"] ?? "";
    return (data.length * 3) / 4;
  },
  async aim(i, what, name, share) {  // at a slider, all at rest, that share into a frame
    aimed = { i, what, cell: cellAt(i), canvases: what !== "img" && what !== ".bench-label" };
    const sliders = [...aimed.cell.querySelectorAll(".widget-slider")];
    const slider = sliders.find((s) => s.querySelector(".widget-label").textContent === name);
    aimed.cell.scrollIntoView();
    slider.querySelector(".noUi-handle").focus({ preventScroll: true });
    aimed.cell.querySelectorAll("img").forEach((image) => known.add(image));
    mutations.disconnect();
    mutations.observe(aimed.cell, { childList: true, characterData: true, subtree: true });
    const spent = await cpu();
    await settled(SILENCE);
    await new Promise(requestAnimationFrame);
    await new Promise((resolve) => setTimeout(resolve, FRAME * share));
    seen = { keys: [], pictures: 0, painted: 0, bytes: 0, spent };
  },
  remember() {  // to see whether the next picture differs
    seen.before = look(aimed.i, aimed.what);
  },
  async moved() {
    await until(() => seen.moved !== undefined);
    await settled();
    return seen.moved;
  },
  async drag(keys, cadence) {
    const began = performance.now();
    for (const [i, key] of keys.entries()) {
      const wait = began + i * cadence - performance.now();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)));
      const press = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      document.activeElement.dispatchEvent(press);
    }
  },
  async result() {
    await until(() => seen.pictures);
    await settled();
    const { keys, pictures, painted, first, last, bytes, spent } = seen;
    seen = null;
    const latency = first - keys[0], seconds = (last - keys[0]) / 1000;
    const rate = pictures / seconds, paintings = painted / seconds;
    const cadence = (keys.at(-1) - keys[0]) / (keys.length - 1);
    const tail = last - keys.at(-1);
    return { latency, rate, paintings, tail, cadence, bytes, cpu: (await cpu()) - spent };
  },
  async idle(times = []) {  // what the two questions for its time cost the kernel
    while (times.length < 9) {
      await settled();
      const spent = await cpu();
      await settled();
      await settled();
      times.push((await cpu()) - spent);
    }
    return times.sort((a, b) => a - b)[4];
  },
  same(one, other, what) {  // soon at the latest
    const made = look(other, what);
    return until(() => alike(look(one, what), made), PATIENCE).then(() => true, () => false);
  },
};
})();
