// Takes the first screen off when the app has drawn the same, and hands on where the visitor was.
(() => {
  const first = document.getElementById("first");
  let root = null; // it comes after this
  for (const template of first.querySelectorAll("template[shadowrootmode]")) { // an older browser
    template.parentNode.attachShadow({ mode: "open" }).append(template.content);
    template.remove();
  }
  try {
    const kept = localStorage.getItem(`stActiveTheme-${location.pathname}-v2`);
    const named = `${kept}`.match(/^"(Light|Dark)"$/);
    if (named) first.dataset.theme = named[1];
  } catch {} // a browser that keeps nothing has no theme of its own either
  first.querySelector(".cards .part")?.shadowRoot.querySelector(".card.selected")?.scrollIntoView();
  let downAt = -Infinity;
  const pressed = new Set();
  let hasList = false;
  addEventListener("clinics-list", () => (hasList = true), { once: true });
  const inApp = (selector) => {
    for (const host of root.querySelectorAll("*")) {
      const found = host.shadowRoot?.querySelector(selector);
      if (found) return found;
    }
    return root.querySelector(selector);
  };
  // A page at rest may still load what draws its list; only where none comes it is taken as it is.
  const patience = first.querySelector(".cards") ? 40 : 3;
  let rested = 0;
  const isDrawn = () => {
    const app = root.querySelector('[data-testid="stApp"]');
    if (!app) return false;
    if (hasList) return stands();
    rested = isAtRest(app) ? rested + 1 : 0;
    return rested > patience;
  };
  // What is above the list may still be growing; it is at its place when it is there twice.
  let place = NaN;
  let looks = 0;
  const stands = () => {
    const before = place;
    place = inApp(".list")?.getBoundingClientRect().top;
    return (place === before && !inApp(".count:empty")) || ++looks > 30;
  };
  const isAtRest = (app) => {
    return app.dataset.testScriptState === "notRunning" && app.dataset.testConnectionState === "CONNECTED"
      && !root.querySelector('[data-testid="stSkeleton"], [data-testid="stAppSkeleton"]') && !!root.querySelector('[data-testid="stMain"] [data-testid="stElementContainer"]');
  };
  const deep = () => {
    let on = document.activeElement;
    while (on?.shadowRoot?.activeElement) on = on.shadowRoot.activeElement;
    return on && first.contains(on.getRootNode().host ?? on) ? on : null;
  };
  const twin = (element) => {
    const as = element.closest("[data-as]");
    if (as) return root.querySelector(`.st-key-${as.dataset.as} button`);
    if (element.matches("input")) return root.querySelector(".st-key-where input");
    const card = element.closest("[data-card]");
    const known = element.closest(".known-frame") ? ".known-frame " : "";
    const within = card ? `[data-card="${CSS.escape(card.dataset.card)}"] ` : known;
    for (const name of ["data-show", "data-keep", "data-wrong"]) {
      if (element.hasAttribute(name)) return inApp(`${within}[${name}]`);
    }
    if (element.matches("summary")) {
      const box = element.closest("[data-card], .known-frame");
      const place = box && [...box.querySelectorAll("summary")].indexOf(element);
      return (box && inApp(within.trim())?.querySelectorAll("summary")[place]) ?? null;
    }
    return element.href ? inApp(`${within}a[href='${CSS.escape(element.getAttribute("href"))}']`) : null;
  };
  const typed = (from) => {
    const to = root.querySelector(".st-key-where input");
    if (!to || !from || from.value === from.defaultValue) return;
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(to, from.value);
    to.dispatchEvent(new Event("input", { bubbles: true }));
  };
  // Returns what puts the visitor where they were, once the first screen is off.
  const whereTheyAre = () => {
    const on = deep();
    const box = first.querySelector('input[name="near"]');
    const [from, to] = [box?.selectionStart, box?.selectionEnd];
    const open = [];
    for (const part of first.querySelectorAll(".part")) {
      for (const fold of part.shadowRoot?.querySelectorAll("details[open]") ?? []) open.push(twin(fold.querySelector("summary")));
    }
    const focus = on && twin(on);
    const presses = [...pressed].map(twin);
    const top = first.scrollTop;
    typed(box);
    return () => {
      for (const summary of open) if (summary) summary.parentElement.open = true;
      const main = root.querySelector('[data-testid="stMain"]');
      if (top) main?.scrollTo({ top: top, behavior: "instant" });
      if (on && !focus && main) main.tabIndex = -1;
      if (on) (focus ?? main)?.focus({ preventScroll: true });
      if (on === box && focus) focus.setSelectionRange(from, to);
      for (const press of presses) press?.click();
    };
  };
  const handOver = () => {
    let goOn = () => {};
    try {
      goOn = whereTheyAre();
    } finally {
      first.remove();
    }
    goOn();
  };
  // What is being pressed is not taken away; a press whose end is never heard of ends by itself.
  first.addEventListener("pointerdown", ({ button }) => (downAt = button === 0 ? performance.now() : -Infinity));
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => setTimeout(() => (downAt = -Infinity), 50));
  const isDown = () => performance.now() - downAt < 2000;
  // A button of a card works as soon as the app does; until then it says that it was heard. Pressed
  // again, "Keep" is let go of; of the others the last one counts.
  first.addEventListener("click", (event) => {
    const button = event.composedPath().find((each) => each.matches?.(".card button"));
    if (!button) return;
    const again = button.hasAttribute("data-keep") && pressed.has(button);
    for (const other of pressed) if (!other.hasAttribute("data-keep")) letGo(other);
    if (again) return letGo(button);
    pressed.add(button);
    button.setAttribute("aria-busy", "true");
  });
  const letGo = (button) => {
    pressed.delete(button);
    button.removeAttribute("aria-busy");
  };
  addEventListener("pagehide", () => [...pressed].forEach(letGo));
  const look = () => {
    root ??= document.getElementById("root");
    if (root && !isDown() && isDrawn()) handOver();
    else setTimeout(look, 60);
  };
  look();
})();
