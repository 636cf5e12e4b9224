// Python in a worker, from the page's side: it is started when it is needed, and can be stopped.

// A page opened by double click cannot fetch: it loads Python's files as scripts, which put them here.
async function givenFiles() {
  for (const name of PYTHON_FILES) {
    if (!self.lessonkitGiven?.[name]) await loadScript(`python/${name}.js`, `Python's file ${name}`);
  }
  if (!self.lessonkitWorker) await loadScript("assets/worker-text.js", "Python's worker");
  const given = self.lessonkitGiven;
  self.lessonkitGiven = undefined; // 25 MB; a second start loads them again
  return given;
}

function loadScript(src, what) {
  return new Promise((resolve, reject) => {
    const script = element("script", { src }, document.head);
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${what} is missing.`));
  });
}

const python = {
  state: "off", // "starting", "ready", "busy" or "failed"
  words: "",
  worker: null,
  listeners: [],

  onChange(call) {
    this.listeners.push(call);
  },

  become(state, words = "") {
    Object.assign(this, { state, words });
    for (const call of this.listeners) call(state, words);
  },

  async start() {
    if (this.state !== "off" && this.state !== "failed") return;
    this.become("starting", "Python is starting …");
    try {
      const fromFile = location.protocol === "file:" || self.lessonkitGiven;
      const given = fromFile ? await givenFiles() : null;
      const source = given && new Blob([self.lessonkitWorker], { type: "text/javascript" });
      this.worker = new Worker(source ? URL.createObjectURL(source) : "assets/worker.js");
      this.worker.onmessage = ({ data }) => this.hear(data);
      this.worker.onerror = (event) => this.fail(event.message || "its worker could not be loaded.");
      const base = new URL("python/", document.baseURI).href;
      this.worker.postMessage(given ? { given } : { base, names: PYTHON_FILES });
      this.worker.postMessage({ cells: cells.map(({ id, source }) => ({ id, source })) });
    } catch (problem) {
      this.fail(problem.message);
    }
  },

  fail(words) {
    this.worker?.terminate();
    this.worker = null;
    for (const cell of cells) cell.live = false;
    const whole = words.startsWith("Python") ? words : `Python could not start: ${words}`;
    this.become("failed", `${whole} The recorded pictures still work.`);
  },

  // Ends whatever runs, an endless loop too. What the page shows stays.
  stop() {
    this.worker?.terminate();
    this.worker = null;
    for (const cell of cells) cell.live = false;
    this.become("off", "Python has been stopped. The recorded pictures still work.");
  },

  run(cell) {
    this.start();
    this.worker?.postMessage({ run: { id: cell.id, source: cell.source } });
  },

  // Tells a widget what the page says of it; bytes travel beside the JSON.
  tell(model, { method, state, content }) {
    if (method === "custom") {
      this.worker?.postMessage({ comm: model.id, data: { method, content }, buffers: [] });
      return;
    }
    const [plain, paths, buffers] = [{}, [], []];
    const part = (path, bytes) => {
      paths.push(path);
      buffers.push(bytes);
    };
    for (const [name, value] of Object.entries(state)) {
      if (value instanceof DataView) part([name], value);
      else if (model.kind === "FileUpload" && name === "value") {
        plain[name] = value.map(({ content: bytes, ...file }, i) => (part([name, i, "content"], bytes), file));
      } else plain[name] = value;
    }
    this.worker?.postMessage({ comm: model.id, data: { method, state: plain, buffer_paths: paths }, buffers });
  },

  hear(message) {
    if (message.log) this.become("starting", message.log);
    else if (message.ready) this.become("busy", "Python runs the cells of this page …");
    else if (message.failed) {
      if (this.state === "starting") this.fail(message.failed);
      else this.become("ready", message.failed);
    } else if (message.made) {
      cellOf(message.made)?.made(message.result, message.models);
      if (cells.every(({ live }) => live)) this.become("ready", "Python is running.");
    } else if (message.comm) {
      const model = models.get(message.comm);
      if (model?.cell.live) model.cell.hear(model, message);
    }
  },
};
