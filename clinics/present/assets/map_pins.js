// Draws the clinics of a search as numbered pins. Text arrives escaped from map.py and is decoded
// only where it stays text. Pins that would lie over one another are one pin until the map is
// near enough; a pin of several clinics opens their list.

function preparePins(map) {
  const touched = matchMedia("(pointer: coarse)");
  // So many lines of words has a pin at most; its list has all.
  const LINES = 6;
  let data = null;
  let layer = null;
  let marks = null;
  let popup = null;
  let clicks = 0;
  let hurried = null;

  map.plainText = (escaped) => {
    const box = document.createElement("textarea");
    box.innerHTML = escaped;
    return box.value;
  };

  const chosenIn = (pins) => pins.some((pin) => pin.ids.includes(data.chosen));

  function label(pins) {
    const numbers = pins.flatMap((pin) => pin.numbers).sort((a, b) => a - b);
    if (numbers.length <= 3) return numbers.join(", ");
    const own = pins.find((pin) => pin.ids.includes(data.chosen));
    const lead = own ? own.numbers[own.ids.indexOf(data.chosen)] : numbers[0];
    return `${lead} +${numbers.length - 1}`;
  }

  function size(pins) {
    const words = label(pins);
    const grown = chosenIn(pins) ? 8 : 0;
    return [Math.max(30, words.length > 2 ? 18 + 8 * words.length : 0) + grown, 30 + grown];
  }

  // What a finger or an eye needs for itself: no two of these lie over one another.
  function room({ at, pins }) {
    const [width, height] = size(pins).map((side) => side + 6);
    const least = touched.matches ? 44 : 0;
    return { at: at, width: Math.max(width, least), height: Math.max(height, least) };
  }

  function meet(one, other) {
    const [a, b] = [room(one), room(other)];
    return (
      2 * Math.abs(a.at.x - b.at.x) < a.width + b.width &&
      2 * Math.abs(a.at.y - b.at.y) < a.height + b.height
    );
  }

  // A group stands where its first pin stands: the chosen one, or the one listed first.
  function merged() {
    const first = data.pins.filter((pin) => chosenIn([pin]));
    const rest = data.pins.filter((pin) => !chosenIn([pin]));
    const groups = [];
    [...first, ...rest].forEach((pin) => {
      let group = { at: map.project(pin.at), pins: [pin] };
      for (let i = 0; i < groups.length; i++) {
        if (!meet(groups[i], group)) continue;
        const other = groups.splice(i, 1)[0];
        group = { at: other.at, pins: [...other.pins, ...group.pins] };
        // A wider label may meet what the narrower one did not.
        i = -1;
      }
      groups.push(group);
    });
    const number = (group) => Math.min(...group.pins.flatMap((pin) => pin.numbers));
    return groups.sort((a, b) => number(a) - number(b)).map((group) => group.pins);
  }

  function clinics(pins) {
    return pins
      .flatMap((pin) =>
        pin.ids.map((id, i) => ({
          id: id,
          number: pin.numbers[i],
          line: map.plainText(pin.lines[i]),
        }))
      )
      .sort((a, b) => a.number - b.number);
  }

  function words(here) {
    const lines = here.map((clinic) => clinic.line);
    if (lines.length <= LINES) return lines;
    return [...lines.slice(0, LINES - 1), clinicMapWords.more.replace("#", lines.length - LINES + 1)];
  }

  function tip(lines) {
    const text = document.createDocumentFragment();
    lines.forEach((line, i) => {
      if (i) text.appendChild(document.createElement("br"));
      text.appendChild(document.createTextNode(line));
    });
    return text;
  }

  // The words of a pin near an edge move inwards, so that they are never cut off.
  function tipped(marker) {
    if (popup) return marker.closeTooltip();
    const element = marker.getTooltip().getElement();
    // As it was before an earlier move.
    element.style.marginLeft = element.style.marginTop = "";
    const box = element.getBoundingClientRect();
    const frame = map.getContainer().getBoundingClientRect();
    const right = Math.max(0, frame.left + 6 - box.left);
    const left = Math.max(0, box.right + 6 - frame.right);
    element.style.marginLeft = right - left + "px";
    if (box.top < frame.top) element.style.marginTop = box.height + 46 + "px";
  }

  // As the component reports a click on a layer; the count makes the same choice a new one. The
  // component waits a moment before it tells, so the choice is shown here and in the list at once.
  function choose(id) {
    map.closeList();
    clicks += 1;
    const feature = { type: "Feature", geometry: null, properties: { id: id, click: clicks } };
    layer.fire("click", { layer: { toGeoJSON: () => feature } });
    parent.dispatchEvent(new CustomEvent("clinics-pin", { detail: id }));
    show(id);
  }

  function show(id) {
    if (id === data.chosen) return id ? map.clinicView.again() : undefined;
    hurried = { id: id, until: performance.now() + 3000 };
    data = { ...data, chosen: id };
    map.clinicView.look(data);
    draw();
  }

  function open(marker, here) {
    const box = document.createElement("div");
    box.setAttribute("role", "menu");
    box.setAttribute("aria-label", clinicMapWords.clinics_here.replace("#", here.length));
    here.forEach(({ id, line }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("role", "menuitem");
      button.tabIndex = -1;
      button.textContent = line;
      button.addEventListener("click", () => choose(id));
      box.appendChild(button);
    });
    const frame = map.getSize();
    const { right, foot } = map.clinicView.covered();
    marker.closeTooltip();
    popup = L.popup({
      className: "pin-list",
      minWidth: 150,
      maxWidth: Math.min(320, frame.x - right - 130),
      maxHeight: Math.max(100, frame.y - foot - 130),
      offset: [0, -10],
      autoPanPaddingTopLeft: [60, 8],
      autoPanPaddingBottomRight: [8 + right, 50 + foot],
    });
    popup.setLatLng(marker.getLatLng()).setContent(box).openOn(map);
    popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", clinicMapWords.close);
    if (map.byKeyboard) box.firstChild.focus();
  }

  map.closeList = () => {
    const was = popup;
    if (was) map.closePopup(was);
    return !!was;
  };

  function mark(pins, rank) {
    const here = clinics(pins);
    const chosen = chosenIn(pins);
    const kinds = ["pin", pins.some((pin) => pin.rough) ? "pin-approximate" : "pin-exact"];
    if (pins.every((pin) => pin.silent)) kinds.push("pin-unstated");
    if (chosen) kinds.push("pin-selected");
    const first = pins.find((pin) => chosenIn([pin])) ?? pins[0];
    const marker = L.marker(first.at, {
      icon: L.divIcon({ className: kinds.join(" "), html: label(pins), iconSize: size(pins) }),
      zIndexOffset: chosen ? 1000000 : (200 - rank) * 1000,
      riseOnHover: true,
      riseOffset: 2000000,
    });
    const lines = words(here);
    marker.bindTooltip(() => tip(lines), {
      className: "pin-tip",
      direction: "top",
      offset: [0, -16],
      opacity: 1,
    });
    marker.on("tooltipopen", () => tipped(marker));
    marker.on("click", () => (here.length > 1 ? open(marker, here) : choose(here[0].id)));
    marker.on("add", () => {
      const element = marker.getElement();
      element.clinics = here.map((clinic) => clinic.id);
      const count = here.length > LINES ? clinicMapWords.clinics.replace("#", here.length) : "";
      element.setAttribute("aria-label", count + lines.join("; ").replaceAll(" · ", ", "));
      if (here.length > 1) element.setAttribute("aria-haspopup", "menu");
      if (chosen) element.setAttribute("aria-current", "true");
    });
    return marker;
  }

  function draw() {
    if (!data) return;
    map.closeList();
    marks.clearLayers();
    merged().forEach((pins, rank) => marks.addLayer(mark(pins, rank)));
    map.fire("pins", { chosen: data.chosen });
  }

  function place({ at, tip }) {
    const text = map.plainText(tip);
    const marker = L.marker(at, {
      icon: L.divIcon({ className: "place", iconSize: [18, 18] }),
      interactive: false,
      keyboard: false,
      title: text,
      zIndexOffset: -10000,
    });
    return marker.on("add", () => {
      marker.getElement().setAttribute("role", "img");
      marker.getElement().setAttribute("aria-label", text);
    });
  }

  map.on("zoomend", draw);
  map.on("popupclose", () => (popup = null));
  // A choice made in the list is shown before the answer to it has come.
  window.clinicChoose = (id) => {
    if (data && (!id || data.pins.some((pin) => pin.ids.includes(id)))) show(id);
  };
  // An answer to an earlier choice than the last one does not undo that one.
  function latest(search) {
    const early = performance.now() < hurried?.until && search.chosen !== hurried.id;
    if (early && search.pins.some((pin) => pin.ids.includes(hurried.id))) return { ...search, chosen: hurried.id };
    hurried = null;
    return search;
  }

  window.clinicPins = (answer) => {
    const search = latest(answer);
    data = null;
    layer = L.layerGroup();
    marks = L.layerGroup().addTo(layer);
    const { reach, place: from } = search;
    const light = { className: "reach", interactive: false, weight: 1, fillOpacity: 0.03 };
    if (reach) L.circle(from.at, { radius: reach, ...light }).addTo(layer);
    if (from) place(from).addTo(layer);
    map.closeList();
    layer.addTo(map);
    map.clinicView.look(search);
    data = search;
    draw();
    return layer;
  };
}
