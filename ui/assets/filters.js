// Filters as fieldsets. Values are ids; labels are set as text, never as markup.
const states = new WeakMap();

export default function (component) {
  const { parentElement, setTriggerValue } = component;
  const [data] = component.data;
  const root = parentElement.querySelector(".filters");
  const names = JSON.stringify(data.filters.map((filter) => filter.name));
  const appears = root.dataset.names === undefined;
  if (root.dataset.names !== names) {
    root.replaceChildren(...data.filters.map(() => document.createElement("fieldset")));
    root.dataset.names = names;
  }
  data.filters.forEach((filter, place) => {
    draw(root.children[place], filter, () => setTriggerValue("choose", unanswered(root)));
  });
  if (data.takes_focus && appears) (root.querySelector("input:checked") ?? root.querySelector("input"))?.focus();
}

// All that was clicked and not answered yet: of two clicks in a row the server may hear the last alone.
function unanswered(root) {
  const waiting = [...root.children].map((fieldset) => states.get(fieldset)).filter((s) => s?.sent !== undefined);
  return waiting.map((state) => ({ filter: state.name, ids: state.ids }));
}

function draw(fieldset, data, choose) {
  const state = states.get(fieldset) ?? {};
  states.set(fieldset, state);
  state.name = data.name;
  const shape = JSON.stringify([data.legend, data.kind, data.options.map((o) => [o.id, o.label, o.gloss])]);
  if (state.shape !== shape) {
    build(fieldset, data);
    state.shape = shape;
  }
  // A click that the server has not answered yet must not be undone by an older answer.
  const chosen = JSON.stringify([...data.chosen].sort());
  state.chosen = data.chosen;
  if (state.sent === chosen) state.sent = undefined;
  if (state.sent === undefined) tick(fieldset, state);
  fieldset.querySelector(".counted").textContent = data.counts;
  for (const option of data.options) {
    const label = fieldset.querySelector(`[data-id="${CSS.escape(option.id)}"]`);
    const number = label.querySelector(".number");
    number.firstChild.data = String(option.count);
    number.lastChild.textContent = ` ${data.counted}`;
    number.title = `${option.count} ${data.counted}`;
  }
  fieldset.onchange = () => {
    state.ids = [...fieldset.querySelectorAll("input:checked")].map((input) => input.value);
    state.sent = JSON.stringify([...state.ids].sort());
    choose();
    clearTimeout(state.timer);
    state.timer = setTimeout(() => tick(fieldset, state), 3100);
  };
}

// Shows what the server says is chosen; what was clicked and never confirmed goes back.
function tick(fieldset, state) {
  state.sent = undefined;
  for (const input of fieldset.querySelectorAll("input")) input.checked = state.chosen.includes(input.value);
}

function build(fieldset, data) {
  fieldset.dataset.filter = data.name;
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  };
  const legend = make("legend", data.show_legend ? "" : "hidden", data.legend);
  legend.append(make("span", "counted"));
  const rows = data.options.map((option) => {
    const label = make("label");
    label.dataset.id = option.id;
    const input = make("input");
    input.type = data.kind;
    input.name = data.legend;
    input.value = option.id;
    const text = make("span", "text", option.label);
    if (option.gloss) text.append(make("span", "gloss", option.gloss));
    const number = make("span", "number", "0");
    number.append(make("span", "hidden"));
    label.append(input, text, number);
    return label;
  });
  fieldset.replaceChildren(legend, ...rows);
}
