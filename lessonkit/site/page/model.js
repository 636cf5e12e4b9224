// What a page has in place of Jupyter's widget manager: models with the interface that anywidget's
// modules use, kept by the id that Python gives them.

const models = new Map();

function element(tag, attributes = {}, parent, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  parent?.append(made);
  return made;
}

// Name of a widget with a module of its own → what shows it in an element of the page.
const widgets = Object.fromEntries(
  Object.entries(modules).map(([name, { widget: given }]) => [
    name,
    (model, el) => {
      const widget = typeof given === "function" ? given() : given;
      widget.initialize?.({ model });
      widget.render({ model, el });
    },
  ]),
);

const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const isSame = (one, other) => one === other || JSON.stringify(one) === JSON.stringify(other);

// A widget's state, and who listens to its changes. `cell` takes what the page has to tell about it.
class Model {
  constructor(id, state, cell) {
    Object.assign(this, { id, state, cell, listeners: [], changed: {}, moved: new Set() });
    this.comm_live = true; // by it a widget's module sees whether there is a kernel
    this.widget_manager = { get_model: async (other) => models.get(other) };
    if (state._anywidget_id === "lessonkit.live.pad.DrawingPad") {
      state.value = new DataView(bytesOf(state.value).buffer);
    }
    models.set(id, this);
  }

  get kind() {
    return this.state._anywidget_id ?? this.state._model_name.replace("Model", "");
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    if (this.state[name] === value) return;
    this.state[name] = value;
    this.changed[name] = value;
    this.moved.add(name);
    this.fire(`change:${name}`, this, value);
  }

  // What Python says is the state now.
  take(state) {
    for (const [name, value] of Object.entries(state)) {
      if (isSame(this.state[name], value)) continue;
      this.state[name] = value;
      this.fire(`change:${name}`, this, value);
    }
  }

  save_changes() {
    const state = this.changed;
    this.changed = {};
    this.cell.tell(this, { method: "update", state });
  }

  send(content) {
    this.cell.tell(this, { method: "custom", content });
  }

  on(events, call) {
    for (const event of events.split(" ")) this.listeners.push([event, call]);
  }

  off(events, call) {
    const gone = events.split(" ");
    this.listeners = this.listeners.filter(([e, c]) => !(gone.includes(e) && c === call));
  }

  fire(event, ...about) {
    for (const [name, call] of [...this.listeners]) if (name === event) call(...about);
  }

  // The model that a reference, "IPY_MODEL_…", stands for.
  linked(name) {
    const linked = (reference) => models.get(reference.slice("IPY_MODEL_".length));
    const value = this.state[name];
    return Array.isArray(value) ? value.map(linked) : value && linked(value);
  }
}
