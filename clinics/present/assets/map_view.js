// What of the map is seen: all of a search or what was chosen, in the page's theme, with a legend.

function prepareView(map) {
  const page = document.documentElement;
  const container = map.getContainer();
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const night = matchMedia("(prefers-color-scheme: dark)");
  const NEAR = 12;
  // No nearer to a clinic of which only the ZIP or the town is known.
  const ROUGH = 11;
  let now = { search: "", chosen: "" };
  // What was last gone to; it is kept until somebody moves the map.
  let goal = null;
  let kept = true;
  let going = false;
  let seen = null;

  // Streamlit gives a frame the page's colors as a style of its body.
  function theme() {
    const parts = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number);
    const clear = parts.length > 3 && parts[3] === 0;
    const light = parts[0] + parts[1] + parts[2] > 382;
    const dark = clear ? night.matches : !light;
    page.dataset.theme = dark ? "dark" : "light";
  }

  // What the card of the chosen clinic covers of a map that stands alone: its foot where it is
  // narrow, else its right side.
  function covered() {
    const size = map.getSize();
    if (!now.alone || !now.chosen) return { right: 0, foot: 0 };
    if (size.x < 600) return { right: 0, foot: Math.round(size.y * 0.6) };
    return { right: Math.min(480, Math.round(size.x / 2)), foot: 0 };
  }

  function go(next, animate) {
    goal = next;
    kept = going = true;
    const size = map.getSize();
    // Not to be seen yet: gone to once it has a size.
    if (!size.x || !size.y) return;
    const { right, foot } = covered();
    // The padding keeps pins from under the buttons and the credits.
    map.fitBounds(next.points, {
      paddingTopLeft: [60, next.all ? 30 : 72],
      paddingBottomRight: [34 + right, Math.max(50, foot)],
      maxZoom: next.zoom,
      animate: animate && !still.matches,
    });
  }

  function all(animate) {
    const points = now.pins.map((pin) => pin.at);
    if (now.place) points.push(now.place.at);
    if (points.length) go({ all: true, points: points, zoom: NEAR }, animate);
  }

  function chosen(animate) {
    const pin = now.pins.find((pin) => pin.ids.includes(now.chosen));
    if (!pin) return false;
    const zoom = pin.rough ? ROUGH : Math.max(NEAR, map.getZoom());
    const points = pin.rough && now.place ? [pin.at, now.place.at] : [pin.at];
    go({ all: false, points: points, zoom: zoom }, animate);
    return true;
  }

  function look(data) {
    const before = now;
    const points = data.pins.map((pin) => pin.at.join()).sort();
    now = { ...data, search: JSON.stringify([points, data.place]) };
    const first = !before.search;
    if (first) legend();
    if (now.chosen && now.chosen !== before.chosen && chosen(!first)) tell();
    else if (now.search !== before.search) all(!first);
    if (first && now.alone) container.scrollIntoView({ block: "nearest" });
  }

  function tell() {
    const pin = now.pins.find((pin) => pin.ids.includes(now.chosen));
    const line = pin.lines[pin.ids.indexOf(now.chosen)];
    if (now.alone) status.textContent = map.plainText(line) + clinicMapWords.card_below;
  }

  function moved() {
    const at = map.project(map.getCenter(), 0);
    if (going) seen = [at, map.getZoom()];
    kept = !!seen && seen[1] === map.getZoom() && at.distanceTo(seen[0]) * 2 ** seen[1] < 2;
    going = false;
    const focused = document.activeElement === button;
    button.hidden = !goal || (kept && goal.all);
    map.fire("controls", { left: focused && button.hidden });
  }

  function legend() {
    const line = document.createElement("p");
    line.className = "legend";
    const words = clinicMapWords;
    line.innerHTML =
      `<span><i class="sign-exact"></i>${words.exact}</span>` +
      `<span><i class="sign-approximate"></i>${words.approximate}</span>` +
      `<span><i class="sign-unstated"></i>${words.silent}<b>${words.silent_rest}</b></span>`;
    document.body.appendChild(line);
    page.classList.add("with-legend");
    map.invalidateSize({ pan: false });
  }

  const button = document.createElement("button");
  const corner = L.control({ position: "topright" });
  corner.onAdd = () => {
    button.type = "button";
    button.className = "show-all";
    button.textContent = clinicMapWords.show_all;
    button.title = clinicMapWords.show_all_title;
    button.hidden = true;
    button.addEventListener("click", () => all(true));
    L.DomEvent.disableClickPropagation(button);
    return button;
  };
  corner.addTo(map);

  for (const way of ["in", "out"]) {
    const zoom = container.querySelector(`.leaflet-control-zoom-${way}`);
    if (!zoom) continue;
    zoom.title = clinicMapWords[`zoom_${way}`];
    zoom.setAttribute("aria-label", zoom.title);
  }

  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.className = "unseen";
  container.appendChild(status);

  if (still.matches) {
    map.options.inertia = false;
    map._zoomAnimated = false;
    map.panBy = (by, how) => L.Map.prototype.panBy.call(map, by, { ...how, animate: false });
  }
  theme();
  night.addEventListener("change", theme);
  window.Streamlit?.events.addEventListener("streamlit:render", theme);
  map.on("moveend", moved);
  map.on("resize", () => goal && kept && go(goal, false));
  map.clinicView = { look: look, again: () => chosen(true), covered: covered };
}
