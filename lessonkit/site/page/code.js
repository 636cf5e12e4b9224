// A state as text, "kernel_size=4 statistic=max", as live/controls.py writes and reads it.

const SAFE = /^[\w@%+=:,./-]+$/; // what a shell takes without quotes, as Python's shlex has it

function quoted(word) {
  return SAFE.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

function numberAsText(value, isFloat) {
  if (!isFloat) return String(value);
  const short = Number(value.toPrecision(10));
  const [from, size] = [short === value ? short : value, Math.abs(value)];
  if (size !== 0 && (size < 1e-4 || size >= (short === value ? 1e10 : 1e16))) {
    const [digits, exponent] = from.toExponential().split("e");
    const sign = exponent.startsWith("-") ? "-" : "+";
    return `${digits}e${sign}${exponent.replace(/[+-]/, "").padStart(2, "0")}`;
  }
  return String(from);
}

function valueAsText({ kind, state }) {
  if (state._options_labels) return state._options_labels[state.index];
  if (Array.isArray(state.value)) return state.value.map((end) => numberAsText(end, true)).join(",");
  if (typeof state.value === "number") return numberAsText(state.value, kind.startsWith("Float"));
  return String(state.value);
}

// named: [name, model] of each control, in order.
function codeOf(named) {
  return named.map(([name, model]) => quoted(`${name}=${valueAsText(model)}`)).join(" ");
}

// The words of a code, without their quotes.
function wordsOf(code) {
  const found = [...code.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word);
  return found.map((word) => word.replace(/'([^']*)'|"([^"]*)"/g, "$1$2"));
}

const refuse = (words) => {
  throw new RangeError(words);
};

// Returns [trait, value] for what `text` says of a control; RangeError, in words, for nothing it can be.
function valueFromText(name, { state, kind }, text) {
  const { _options_labels: labels, value, min, max, step } = state;
  if (labels) {
    const index = labels.indexOf(text);
    return index >= 0 ? ["index", index] : refuse(`${name} must be one of ${labels.join(", ")}; got ${text}`);
  }
  if (typeof value === "boolean") {
    return ["true", "false"].includes(text) ? ["value", text === "true"] : refuse(`${name} must be true or false; got ${text}`);
  }
  if (typeof value === "string") return ["value", text];
  const numbers = text.replaceAll("−", "-").split(",").map(Number);
  const places = kind === "FloatLogSlider" ? numbers.map((n) => Math.log(n) / Math.log(state.base)) : numbers;
  const fits = text !== "" && places.every((n) => n >= min - 1e-9 && n <= max + 1e-9);
  const isCount = numbers.length === (Array.isArray(value) ? 2 : 1);
  if (!fits || !isCount) refuse(`${name} must be from ${min} to ${max} in steps of ${step}; got ${text}`);
  return ["value", Array.isArray(value) ? numbers : numbers[0]];
}

// Sets controls to what a code says. RangeError, in words, for what cannot be; then nothing is changed.
function setCode(named, code) {
  const byName = new Map(named);
  const wanted = wordsOf(code).map((word) => {
    const [name, text] = [word.split("=", 1)[0], word.slice(word.indexOf("=") + 1)];
    const model = byName.get(name) ?? refuse(`There is no control “${name}”; there are ${[...byName.keys()].join(", ")}`);
    return [model, ...valueFromText(name, model, text)];
  });
  for (const [model, trait, value] of wanted) change(model, trait, value);
}
