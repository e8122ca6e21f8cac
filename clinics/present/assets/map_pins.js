// Draws the features of a results layer as numbered pins. Text arrives escaped from maps.py:
// it is shown as HTML only as it came, and decoded only where it stays text.
// A new layer replaces the old one after every click, so what was focused or open is remembered.

function preparePins(map) {
  const memory = { focused: "", open: "", popup: null, keyboard: false };
  const key = (properties) => properties.ids.join(",");
  const later = (task) => setTimeout(task, 0);

  function plain(escaped) {
    const box = document.createElement("textarea");
    box.innerHTML = escaped;
    return box.value;
  }

  function spoken(tip) {
    return tip.split("<br>").map(plain).join("; ").replaceAll(" · ", ", ");
  }

  function size(properties) {
    const grown = properties.kind.includes("pin-selected") ? 8 : 0;
    const width = properties.ids.length > 1 ? 18 + 8 * properties.label.length : 30;
    return [width + grown, 30 + grown];
  }

  function choose(marker, id) {
    const feature = marker.feature;
    marker.feature = { ...feature, properties: { ...feature.properties, id: id } };
    marker.getElement().focus({ preventScroll: true });
    marker.getElement().click();
    marker.feature = feature;
  }

  function list(marker) {
    const properties = marker.feature.properties;
    const box = document.createElement("div");
    properties.tip.split("<br>").forEach((line, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = plain(line);
      button.addEventListener("click", () => choose(marker, properties.ids[i]));
      box.appendChild(button);
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      marker.closePopup();
      marker.getElement().focus({ preventScroll: true });
    });
    return box;
  }

  // The words of a pin near an edge move inwards, so that they are never cut off.
  function tipped(marker) {
    if (marker.isPopupOpen()) return marker.closeTooltip();
    const element = marker.getTooltip().getElement();
    element.style.marginLeft = element.style.marginTop = ""; // as it was before an earlier move
    const box = element.getBoundingClientRect();
    const frame = map.getContainer().getBoundingClientRect();
    const right = Math.max(0, frame.left + 6 - box.left);
    const left = Math.max(0, box.right + 6 - frame.right);
    element.style.marginLeft = right - left + "px";
    if (box.top < frame.top) element.style.marginTop = box.height + 46 + "px";
  }

  function opened(marker) {
    marker.closeTooltip();
    memory.open = key(marker.feature.properties);
    memory.popup = marker.getPopup();
    if (memory.keyboard) memory.popup.getElement().querySelector("button").focus();
  }

  function closed() {
    later(() => {
      if (!map.hasLayer(memory.popup)) memory.open = "";
    });
  }

  function left() {
    later(() => {
      if (!document.activeElement.classList.contains("pin")) memory.focused = "";
    });
  }

  function pressed(event) {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    memory.keyboard = true;
    event.currentTarget.click();
  }

  function shown(marker) {
    const properties = marker.feature.properties;
    const element = marker.getElement();
    element.setAttribute("aria-label", spoken(properties.tip));
    if (properties.kind.includes("pin-selected")) element.setAttribute("aria-current", "true");
    element.addEventListener("keydown", pressed);
    element.addEventListener("focus", () => (memory.focused = key(properties)));
    element.addEventListener("blur", left);
    if (memory.focused === key(properties) && document.hasFocus()) {
      element.focus({ preventScroll: true });
    }
    if (memory.open === key(properties)) marker.openPopup();
  }

  function pin(feature, latlng) {
    const properties = feature.properties;
    const icon = L.divIcon({
      className: properties.kind,
      html: properties.label,
      iconSize: size(properties),
    });
    const marker = L.marker(latlng, {
      icon: icon,
      zIndexOffset: properties.lift,
      riseOnHover: true,
      riseOffset: 2000000,
    });
    marker.bindTooltip(properties.tip, {
      className: "pin-tip",
      direction: "top",
      offset: [0, -16],
      opacity: 1,
    });
    if (properties.ids.length > 1) {
      marker.bindPopup(list, {
        className: "pin-list",
        maxWidth: 250,
        maxHeight: 220,
        offset: [0, -10],
        autoPanPaddingTopLeft: [56, 10], // beside the zoom buttons
      });
      marker.on("popupopen", () => opened(marker)).on("popupclose", closed);
    }
    return marker
      .on("add", () => shown(marker))
      .on("remove", left)
      .on("tooltipopen", () => tipped(marker));
  }

  function place(feature, latlng) {
    const words = plain(feature.properties.tip);
    const marker = L.marker(latlng, {
      icon: L.divIcon({ className: "place", iconSize: [18, 18] }),
      interactive: false,
      keyboard: false,
      title: words,
      zIndexOffset: -10000,
    });
    return marker.on("add", () => {
      marker.getElement().setAttribute("role", "img");
      marker.getElement().setAttribute("aria-label", words);
    });
  }

  // Leaflet focuses the map at the first press. Unless told not to, the browser then scrolls the
  // page to it, the pointer is elsewhere when it is let go, and the click is lost.
  const container = map.getContainer();
  container.focus = () => HTMLElement.prototype.focus.call(container, { preventScroll: true });
  map.getContainer().setAttribute("role", "region");
  map.getContainer().setAttribute("aria-label", "Map of the clinics in the list");
  map.getContainer().addEventListener("pointerdown", () => (memory.keyboard = false));
  window.clinicPins = {
    draw: (feature, latlng) => (feature.properties.kind === "place" ? place : pin)(feature, latlng),
  };
}
