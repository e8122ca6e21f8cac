// Takes the first screen off when the app has drawn the same, and hands on where the visitor was.
(() => {
  const first = document.getElementById("first");
  let root = null; // it comes after this
  try {
    const kept = Object.keys(localStorage).find((key) => key.startsWith("stActiveTheme"));
    const named = `${kept && localStorage.getItem(kept)}`.match(/"name":"[^"]*(Light|Dark)/);
    if (named) first.dataset.theme = named[1];
  } catch {} // a browser that keeps nothing has no theme of its own either
  let isDown = false;
  let pressed = null;
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
    if (element.matches("summary")) return inApp(`${within}summary`);
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
    const press = pressed && twin(pressed);
    const top = first.scrollTop;
    typed(box);
    return () => {
      for (const summary of open) if (summary) summary.parentElement.open = true;
      root.querySelector('[data-testid="stMain"]')?.scrollTo({ top: top, behavior: "instant" });
      focus?.focus({ preventScroll: true });
      if (on === box && focus) focus.setSelectionRange(from, to);
      press?.click();
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
  first.addEventListener("pointerdown", () => (isDown = true));
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => setTimeout(() => (isDown = false), 50));
  // A button of a card works as soon as the app does; until then it says that it was heard.
  first.addEventListener("click", (event) => {
    const button = event.composedPath().find((each) => each.matches?.("button"));
    if (!button) return;
    pressed?.removeAttribute("aria-busy");
    pressed = button;
    button.setAttribute("aria-busy", "true");
  });
  const look = () => {
    root ??= document.getElementById("root");
    if (root && !isDown && isDrawn()) handOver();
    else setTimeout(look, 60);
  };
  look();
})();
