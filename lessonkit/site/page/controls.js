// ipywidgets' controls as the browser's own: named by labels, moved by keys, pointer and finger.

let controls = 0; // made so far; each gets an id of its own

function formatted(value, format = "") {
  const digits = Number(format.match(/\.(\d+)/)?.[1] ?? 0);
  const text = format.endsWith("%")
    ? `${(100 * value).toFixed(digits)} %`
    : format.endsWith("f")
      ? value.toFixed(digits)
      : format.endsWith("e")
        ? value.toExponential(digits)
        : String(Number(value.toPrecision(format.endsWith("g") && digits ? digits : 10)));
  return text.replace("-", "−");
}

const exact = (value) => Number(value.toFixed(10)); // 3.3, not 3.3000000000000003

function change(model, name, value) {
  model.set(name, value);
  model.save_changes();
}

// Calls `follow` now and at each change of these traits.
function whenever(model, names, follow) {
  model.on(names.map((name) => `change:${name}`).join(" "), follow);
  follow();
}

function label(model, box, id) {
  const made = element("label", { for: id }, box);
  whenever(model, ["description"], () => {
    made.textContent = model.get("description");
  });
}

// A slider's rail and its number; `spoken` returns the number or words of a place on the rail.
function rail(box, id, name, onMove) {
  const input = element("input", { type: "range", id }, box);
  if (name) input.setAttribute("aria-label", name);
  const output = element("output", { for: id }, box);
  input.addEventListener("input", () => onMove(exact(input.valueAsNumber)));
  return (range, text) => {
    Object.assign(input, range);
    output.textContent = text;
    input.setAttribute("aria-valuetext", text);
  };
}

function slider(model, box, id) {
  const base = model.get("base"); // of a logarithmic one: the rail holds the exponent
  const show = rail(box, id, "", (at) => change(model, "value", base ? base ** at : at));
  whenever(model, ["value", "min", "max"], () => {
    const { min, max, step, value, readout_format } = model.state;
    const at = base ? Math.log(value) / Math.log(base) : value;
    show({ min, max, step, value: at }, formatted(value, readout_format));
  });
}

function range(model, box, id) {
  const ends = ["from", "to"].map((word, end) =>
    rail(box, `${id}-${word}`, `${model.get("description")}, ${word}`, (at) => {
      const value = [...model.get("value")];
      value[end] = at;
      if (value[0] > value[1]) value[1 - end] = at;
      change(model, "value", value);
    }),
  );
  whenever(model, ["value", "min", "max"], () => {
    const { min, max, step, value, readout_format } = model.state;
    ends.forEach((show, end) => {
      show({ min, max, step, value: value[end] }, formatted(value[end], readout_format));
    });
  });
}

function places(model, box, id) {
  const show = rail(box, id, "", (at) => change(model, "index", at));
  whenever(model, ["index", "_options_labels"], () => {
    const { index, _options_labels: labels } = model.state;
    show({ min: 0, max: labels.length - 1, step: 1, value: index }, labels[index]);
  });
}

function choice(model, box, id) {
  const select = element("select", { id }, box);
  whenever(model, ["index", "_options_labels"], () => {
    const labels = model.get("_options_labels");
    const shown = [...select.options].map((option) => option.text);
    if (!isSame(shown, labels)) select.replaceChildren(...labels.map((text) => new Option(text)));
    select.selectedIndex = model.get("index") ?? -1;
  });
  select.addEventListener("input", () => change(model, "index", select.selectedIndex));
}

function tick(model, box, id) {
  const input = element("input", { type: "checkbox", id });
  box.prepend(input);
  const { tooltip, description } = model.state;
  if (tooltip && tooltip !== description) input.setAttribute("aria-label", tooltip);
  whenever(model, ["value"], () => {
    input.checked = model.get("value");
  });
  input.addEventListener("input", () => change(model, "value", input.checked));
}

function text(model, box, id) {
  const input = element("input", { type: "text", id, autocomplete: "off" }, box);
  whenever(model, ["value"], () => {
    input.value = model.get("value");
  });
  const event = model.get("continuous_update") ? "input" : "change";
  input.addEventListener(event, () => change(model, "value", input.value));
}

function upload(model, box, id) {
  const input = element("input", { type: "file", id, accept: model.get("accept") }, box);
  input.addEventListener("change", async () => {
    const read = async (file) => ({
      name: file.name,
      type: file.type,
      size: file.size,
      last_modified: file.lastModified,
      content: await file.arrayBuffer(),
    });
    change(model, "value", await Promise.all([...input.files].map(read)));
  });
}

function button(model, box, id) {
  const made = element("button", { type: "button", id }, box);
  const isToggle = model.kind === "ToggleButton";
  whenever(model, ["description", "value", "disabled"], () => {
    made.textContent = model.get("description");
    made.disabled = model.get("disabled") ?? false;
    if (isToggle) made.setAttribute("aria-pressed", model.get("value"));
  });
  made.addEventListener("click", () => {
    if (isToggle) change(model, "value", !model.get("value"));
    else model.send({ event: "click" });
  });
}

function words(model, box) {
  const made = element("span", {}, box);
  whenever(model, ["value"], () => {
    made.textContent = model.get("value");
  });
}

// Kind of widget → what makes it in a box, and whether it needs a label beside it.
const CONTROLS = {
  Button: [button, false],
  Checkbox: [tick, true],
  Dropdown: [choice, true],
  FileUpload: [upload, true],
  FloatLogSlider: [slider, true],
  FloatRangeSlider: [range, true],
  FloatSlider: [slider, true],
  IntSlider: [slider, true],
  Label: [words, false],
  SelectionSlider: [places, true],
  Text: [text, true],
  ToggleButton: [button, false],
};
const LAYOUT = { flex: "flex", flex_flow: "flexFlow", max_width: "maxWidth", width: "width" };

// Follows a widget's layout: whether it is shown at all, and how wide.
function layOut(model, el) {
  const layout = model.linked("layout");
  if (!layout) return;
  for (const [name, property] of Object.entries(LAYOUT)) el.style[property] = layout.get(name) ?? "";
  whenever(layout, ["display"], () => {
    el.hidden = layout.get("display") === "none";
  });
}

// Shows a widget in `parent`: a control, a box of them, or what a module of its own renders.
function show(model, parent) {
  const el = element("div", { class: (model.get("_dom_classes") ?? []).join(" ") }, parent);
  const { children, _anywidget_id: module } = model.state;
  if (module) widgets[module](model, el);
  else if (children) for (const child of model.linked("children")) show(child, el);
  else {
    const [make, isLabelled] = CONTROLS[model.kind];
    const id = `control-${(controls += 1)}`;
    el.classList.add("control", make.name);
    if (isLabelled) label(model, el, id);
    make(model, el, id);
  }
  if (children) el.classList.add(model.kind === "VBox" ? "column" : "row");
  layOut(model, el);
  return el;
}
