// Python in a worker: makes a chapter's cells, passes the page's messages on and the answers back.
//
// page → worker   {base, names}     URL of the folder that python.py has made, ends with a slash, and
//                                   its files: start
//                 {given}           or its files, name → [zipped, base64], for a page opened from a
//                                   file, which cannot fetch: start
//                 {cells}           [{id, source}, …]: run these in order
//                 {comm, data, buffers}   a widget's message
//                 {run}             {id, source}: run this cell now
// worker → page   {log}             what the start is at
//                 {ready}           Python waits for cells
//                 {made, result, models}  a cell has run: its id, what it shows (host.py's `run`), and
//                                   the state of each widget that it opened
//                 {comm, kind, data, buffers}   what a widget says
//                 {failed}          in words; if {ready} has not come, Python will not start
//
// What the page asks now goes before the cells that are not made yet.

const ARCHIVE = "python.zip";
const SITE_PACKAGES = "import sysconfig; sysconfig.get_path('purelib')"; // as Python knows it
const HERE = "https://lessonkit.invalid/"; // where a page from a file has its files, so to say
const END_OF_ZIP = "PK\x05\x06"; // begins the last 22 bytes of an archive that is whole

const HOST = `
import json
from js import lessonkitPost
from pyodide.ffi import to_js
from lessonkit.site.host import Host

def _plain(value):
    return value.item() if hasattr(value, "item") else list(value)

def _tell(comm_id, kind, data, buffers):
    lessonkitPost(comm_id, kind, json.dumps(data, default=_plain), to_js([bytes(b) for b in buffers]))

_host = Host(_tell)

def run(cell_id, source):
    result = _host.run(cell_id, source)
    return json.dumps({"made": cell_id, "result": result, "models": _host.models}, default=_plain)

def receive(comm_id, data, buffers):
    _host.receive(comm_id, json.loads(data), [memoryview(b.to_py()) for b in buffers])
`;

const log = (text) => postMessage({ log: text });

// -- Python's files ---------------------------------------------------------------------------------

let trouble = ""; // with the first file that could not be had: Pyodide goes on, and fails for less

function refuse(words) {
  trouble ||= words;
  throw new Error(words);
}

const fileName = (url) => String(url.url ?? url).split("/").pop();

function unpacked([zipped, text]) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i += 1) bytes[i] = letters.charCodeAt(i);
  if (!zipped) return bytes.buffer;
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

async function unpackAll(given) {
  const files = {};
  for (const [name, packed] of Object.entries(given)) {
    try {
      files[name] = await unpacked(packed);
    } catch {
      refuse(`${name} is cut short or damaged.`);
    }
  }
  return files;
}

// From a file: what Pyodide fetches comes out of `files`. Returns the address of one of them.
function serve(files) {
  const found = (url) => files[fileName(url)] ?? refuse(`${fileName(url)} is missing.`);
  self.fetch = async (url) => {
    const type = fileName(url).endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
    return new Response(found(url), { headers: { "content-type": type } });
  };
  return (name) => URL.createObjectURL(new Blob([found(name)], { type: "text/javascript" }));
}

// Lets what Pyodide loads say which file is missing or cut short.
function watchFiles() {
  const compile = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = (response, imports) =>
    compile.call(WebAssembly, response, imports).catch((problem) => {
      if (!(problem instanceof WebAssembly.CompileError)) throw problem;
      return refuse("pyodide.asm.wasm is cut short or damaged.");
    });
  const fetchFile = self.fetch;
  self.fetch = async (url, options) => {
    const name = fileName(url);
    const response = await fetchFile(url, options).catch(() => refuse(`${name} could not be loaded.`));
    if (!response.ok) refuse(`${name} could not be loaded (${response.status}).`);
    if (!name.endsWith(".zip")) return response;
    const bytes = await response.arrayBuffer().catch(() => refuse(`${name} came only in part.`));
    const end = String.fromCharCode(...new Uint8Array(bytes.slice(-22, -18)));
    if (end !== END_OF_ZIP) refuse(`${name} is cut short or damaged.`);
    return new Response(bytes);
  };
}

// -- the start --------------------------------------------------------------------------------------

let run, receive;

async function importFile(name, address) {
  try {
    return await import(address);
  } catch (problem) {
    const words = problem instanceof SyntaxError ? "is cut short or damaged" : "could not be loaded";
    return refuse(`${name} ${words}.`);
  }
}

// Pyodide's two scripts. The larger, pyodide.asm, is a module since version 314; before, it leaves its
// one function where Pyodide looks for it.
async function importPyodide(names, addressOf) {
  // A page from a file may start no worker that is a module; import() works in a classic one too, but
  // Pyodide refuses to start where importScripts works.
  self.importScripts = () => {
    throw new TypeError("only modules are imported here");
  };
  const larger = names.find((name) => name.startsWith("pyodide.asm.") && name.endsWith("js"));
  const { loadPyodide } = await importFile("pyodide.mjs", addressOf("pyodide.mjs"));
  const { default: createPyodideModule } = await importFile(larger, addressOf(larger));
  return (options) => loadPyodide({ ...options, createPyodideModule });
}

async function start({ base, names, given }) {
  if (typeof WebAssembly !== "object") refuse("this browser has no WebAssembly, or does not allow it.");
  const addressOf = given ? serve(await unpackAll(given)) : (name) => base + name;
  watchFiles();
  const from = given ? HERE : base;
  const loadPyodide = await importPyodide(names ?? Object.keys(given), addressOf);
  log("Python is loading …");
  const archive = fetch(from + ARCHIVE).then((response) => response.arrayBuffer());
  archive.catch(() => {}); // handled where it is awaited, below
  const py = await Promise.race([loadPyodide({ indexURL: from, env: { HOME: "/home/pyodide", MPLBACKEND: "agg" } }), failure()]);
  log("Python is there. Its libraries are loading …");
  py.unpackArchive(await archive, "zip", { extractDir: py.runPython(SITE_PACKAGES) });
  log("The lesson's own code is loading …");
  self.lessonkitPost = (comm, kind, data, views) => {
    const buffers = views.map((view) => view.slice().buffer);
    postMessage({ comm, kind, data: JSON.parse(data), buffers }, buffers);
  };
  py.runPython(HOST);
  [run, receive] = [py.globals.get("run"), py.globals.get("receive")];
  postMessage({ ready: true });
}

// Rejects once a file could not be had, for Pyodide may wait for it for ever.
function failure() {
  return new Promise((_, reject) => {
    const watch = setInterval(() => {
      if (run) clearInterval(watch);
      else if (trouble) {
        clearInterval(watch);
        reject(new Error(trouble));
      }
    }, 200);
  });
}

function inWords(problem) {
  if (trouble) return `Python could not start: ${trouble}`;
  const text = String(problem);
  if (/out of memory|could not allocate|memory access|MemoryError|RangeError/i.test(text)) {
    return "Python could not start or go on: there is not enough memory. Close other tabs and load this page anew.";
  }
  if (/SyntaxError/.test(text) && !run) {
    return "Python could not start: one of its files, perhaps pyodide-lock.json, is cut short or damaged.";
  }
  return `${run ? "Python failed" : "Python could not start"}: ${text.trim().split("\n").pop()}`;
}

// -- one thing after the other ----------------------------------------------------------------------

const turns = [];
let busy = false;
let dead = false; // Python did not start

const channel = new MessageChannel();
let wake;
channel.port1.onmessage = () => wake?.();

// Resolves after the messages that have come meanwhile: setTimeout would wait for 4 ms.
function pause() {
  return new Promise((resolve) => {
    wake = resolve;
    channel.port2.postMessage(0);
  });
}

function asBytes(buffer) {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
}

async function take(turn) {
  if (turn.start) await start(turn.start);
  else if (turn.cell) postMessage(JSON.parse(run(turn.cell.id, turn.cell.source)));
  else {
    const data = typeof turn.data === "string" ? turn.data : JSON.stringify(turn.data);
    receive(turn.comm, data, (turn.buffers ?? []).map(asBytes));
  }
}

async function work() {
  if (busy) return;
  busy = true;
  while (turns.length && !dead) {
    const turn = turns.shift();
    try {
      await take(turn);
    } catch (problem) {
      dead = Boolean(turn.start);
      postMessage({ failed: inWords(problem) });
    }
    await pause();
  }
  busy = false;
}

// Before the cells that are not made yet. A cell that waits itself keeps its place, after those above
// it whose names it may need, and gets the new source.
function hurry(turn) {
  const waits = turn.cell && turns.find(({ cell }) => cell?.id === turn.cell.id);
  const later = turns.findIndex(({ cell, asked }) => cell && !asked);
  if (waits) waits.cell = turn.cell;
  else turns.splice(later < 0 ? turns.length : later, 0, { ...turn, asked: true });
}

self.onmessage = ({ data: message }) => {
  if (message.base || message.given) turns.unshift({ start: message });
  else if (message.cells) turns.push(...message.cells.map((cell) => ({ cell })));
  else if (message.run) hurry({ cell: message.run });
  else if (message.comm) hurry(message);
  work();
};
