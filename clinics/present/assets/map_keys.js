// The map is one stop of the Tab key: arrows go through its pins in the order of the list, then
// through its buttons and credits.

function prepareKeys(map) {
  const container = map.getContainer();
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const zooms = { "+": 1, "=": 1, "-": -1, _: -1 };
  // A clinic of the pin where Tab enters.
  let stop = "";
  let lastChosen = "";
  let focused = false;

  const pins = () => [...container.querySelectorAll(".leaflet-marker-pane .pin")];
  const others = () => [
    ...container.querySelectorAll(".show-all:not([hidden])"),
    ...container.querySelectorAll(".leaflet-control a"),
  ];
  const entry = () => {
    const all = pins();
    return all.find((pin) => pin.clinics.includes(stop)) ?? all[0] ?? container;
  };

  function onlyStop(element) {
    [container, ...pins(), ...others()].forEach((each) => (each.tabIndex = -1));
    element.tabIndex = 0;
  }

  function drawn({ chosen }) {
    if (chosen && chosen !== lastChosen) stop = chosen;
    lastChosen = chosen;
    onlyStop(entry());
    if (focused && document.hasFocus()) entry().focus({ preventScroll: true });
  }

  function came({ target }) {
    if (!target.clinics) return;
    if (!target.clinics.includes(stop)) stop = target.clinics[0];
    focused = true;
    onlyStop(target);
  }

  // A new layer takes off the pin that has the focus and puts it back in the same task.
  function went() {
    setTimeout(() => (focused = !!document.activeElement.clinics), 0);
  }

  function press({ key, target }) {
    const list = target.closest(".pin-list");
    const items = list ? [...list.querySelectorAll("button")] : [...pins(), ...others()];
    const at = items.indexOf(target);
    if (key === "Escape") {
      if (!map.closeList()) return false;
      entry().focus({ preventScroll: true });
    } else if (key in zooms && !list) {
      map.setZoom(map.getZoom() + zooms[key]);
    } else if (at < 0) {
      return false;
    } else if (key in steps) {
      items[(at + steps[key] + items.length) % items.length].focus();
    } else if (key === "Home") {
      items[0].focus();
    } else if (key === "End") {
      (list ? items : pins()).at(-1).focus();
    } else if ((key === "Enter" || key === " ") && target.clinics) {
      map.byKeyboard = true;
      target.click();
    } else {
      return false;
    }
    return true;
  }

  container.setAttribute("role", "region");
  container.setAttribute(
    "aria-label",
    clinicMapWords.label
  );
  // Leaflet focuses the map at the first press. Unless told not to, the browser then scrolls the
  // page to it, the pointer is elsewhere when it is let go, and the click is lost.
  container.focus = () => HTMLElement.prototype.focus.call(container, { preventScroll: true });
  container.addEventListener("pointerdown", () => (map.byKeyboard = false));
  container.addEventListener("focusin", came);
  container.addEventListener("focusout", went);
  container.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target === container) return;
    if (!press(event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  map.on("pins", drawn);
  map.on("controls", ({ left }) => {
    onlyStop(entry());
    if (left) entry().focus({ preventScroll: true });
  });
  map.on("popupopen", ({ popup }) => {
    popup.getElement().querySelector(".leaflet-popup-close-button").tabIndex = -1;
  });
}
