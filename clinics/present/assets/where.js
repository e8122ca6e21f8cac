// Suggests places under a box: the combobox of the WAI-ARIA practices, with a list.
// All places come in one file of this site, when the box is first entered; typing sends nothing.
const MOST = 7;
const ID = "places-suggested";
const LONG = { st: "saint", mt: "mount", ft: "fort" };
const style = new CSSStyleSheet();
style.replaceSync(whereStyle);
document.adoptedStyleSheets.push(style);

let places = [];
let asked;

const fold = (text) =>
  text.normalize("NFD").replace(/[\u0300-\u036f.'\u2019]/g, "").toLowerCase()
    .replace(/[^a-z0-9]+/g, " ").trim().replace(/\b(st|mt|ft)(?= )/g, (word) => LONG[word]);

// A place of the file: as it is written, or a list of that and its other names.
const named = (item) => {
  const names = [item].flat();
  return { label: names[0], keys: names.map(fold) };
};

const load = () => {
  asked ??= fetch(new URL("assets/places.json", document.baseURI))
    .then((answer) => (answer.ok ? answer.json() : Promise.reject()))
    .then((items) => { places = items.map(named); })
    .catch(() => { asked = undefined; });
  return asked;
};

const matching = (text) => {
  const typed = fold(text);
  if (!typed && text.trim()) return [];
  const begins = ({ keys }) => keys.some((key) => key.startsWith(typed));
  const has = (place) => !begins(place) && place.keys.some((key) => key.includes(` ${typed}`));
  const found = [...places.filter(begins), ...places.filter(has)].slice(0, MOST).map(({ label }) => label);
  return found.length === 1 && found[0] === text.trim() ? [] : found;
};

// Of "20912 Takoma Park" the digits are the place.
const asTyped = (label) => label.match(/^[0-9]{5}(?= )/)?.[0] ?? label;

const dress = (element, attributes) => {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

// `words` are the list's name, and what is said of # suggestions.
export function suggest(where, words, tries = 100) {
  const box = () => where.querySelector("input");
  const asCombobox = (input) => {
    dress(input, { role: "combobox", "aria-autocomplete": "list" });
    dress(input, { "aria-controls": ID, "aria-expanded": false });
  };
  // Streamlit loads its box when it first needs one, which may be after this.
  if (!box()) {
    if (tries) setTimeout(suggest, 100, where, words, tries - 1);
    return;
  }
  if (!box().hasAttribute("aria-controls")) asCombobox(box());
  if (where.querySelector(".places")) return;

  const list = dress(document.createElement("ul"), { id: ID, class: "places", hidden: "" });
  dress(list, { role: "listbox", "aria-label": words.places });
  const said = dress(document.createElement("div"), { class: "places-said", role: "status" });
  where.append(list, said);
  let active = -1;
  let choosing = false;
  let turn = 0;

  const mark = (number) => {
    active = number;
    [...list.children].forEach((option, i) => dress(option, { "aria-selected": i === active }));
    if (active < 0) box().removeAttribute("aria-activedescendant");
    else dress(box(), { "aria-activedescendant": `${ID}-${active}` });
  };

  const show = (labels) => {
    turn += 1;
    list.replaceChildren(...labels.map((label, i) => {
      const option = dress(document.createElement("li"), { id: `${ID}-${i}`, role: "option" });
      option.textContent = label;
      return option;
    }));
    list.hidden = !labels.length;
    dress(box(), { "aria-expanded": !list.hidden });
    said.textContent = labels.length ? words.suggested.replace("#", labels.length) : "";
    mark(-1);
  };

  const choose = (option) => {
    const input = box();
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
    show([]);
    choosing = true;
    set.call(input, asTyped(option.textContent));
    input.dispatchEvent(new Event("input", { bubbles: true }));
    // What React holds of the box is new only after this turn.
    setTimeout(() => {
      const enter = { key: "Enter", code: "Enter", keyCode: 13, bubbles: true, cancelable: true };
      box()?.dispatchEvent(new KeyboardEvent("keydown", enter));
      choosing = false;
    });
  };

  const onKey = (event) => {
    if (choosing || event.target !== box()) return;
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const options = list.children;
    const held = () => { event.preventDefault(); event.stopPropagation(); };
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      held();
      if (list.hidden) show(matching(box().value));
      const step = event.key === "ArrowDown" ? 1 : -1;
      const places = options.length + 1;
      if (options.length && !event.altKey) mark(((active + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && active >= 0) {
      held();
      choose(options[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      held();
      show([]);
    } else if (event.key === "Enter" || event.key === "Tab") show([]);
  };

  where.addEventListener("focusin", (event) => {
    if (event.target !== box()) return;
    if (!event.target.hasAttribute("aria-controls")) asCombobox(event.target);
    load();
  });
  where.addEventListener("focusout", () => show([]));
  where.addEventListener("input", async (event) => {
    if (choosing || event.target !== box()) return;
    const mine = (turn += 1);
    await load();
    // Whoever sent or left the box meanwhile wants no list any more.
    if (mine === turn && document.activeElement === box()) show(box().value.trim() ? matching(box().value) : []);
  });
  where.addEventListener("keydown", onKey, true);
  // The box keeps the focus: leaving it would send what was typed so far.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) choose(option);
  });
}
