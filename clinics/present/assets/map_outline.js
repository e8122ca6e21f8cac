// The ground the pins stand on: county outlines served by the service itself, below the tiles,
// so that a map whose tiles cannot load is still a map.

function drawOutline(map) {
  const pane = map.createPane("outline");
  pane.style.zIndex = 150;
  pane.style.pointerEvents = "none";
  pane.setAttribute("aria-hidden", "true");

  const labels = [];

  function label(properties, bounds) {
    const text = document.createElement("span");
    text.textContent = properties.name;
    text.style.display = "none";
    labels.push({ text: text, degrees: bounds.getEast() - bounds.getWest() });
    return L.marker([properties.label_lat, properties.label_lon], {
      pane: "outline",
      interactive: false,
      keyboard: false,
      icon: L.divIcon({ className: "area area-" + properties.kind, html: text, iconSize: [0, 0] }),
    });
  }

  // A name shows once its area is about as wide as the name, so that names keep apart.
  function showLabels() {
    const pixels = (256 * 2 ** map.getZoom()) / 360;
    labels.forEach(({ text, degrees }) => {
      const fits = degrees * pixels > 6 * text.textContent.length;
      text.style.display = fits ? "" : "none";
    });
  }

  function draw(areas) {
    const whose = document.createElement("span");
    whose.textContent = areas.attribution || "";
    if (areas.attribution) map.attributionControl.addAttribution(whose.innerHTML);
    const names = L.layerGroup();
    L.geoJSON(areas, {
      pane: "outline",
      interactive: false,
      renderer: L.svg({ pane: "outline", padding: 0.5 }),
      style: ({ properties }) => ({ className: "land-" + properties.kind }),
      onEachFeature: (feature, area) => names.addLayer(label(feature.properties, area.getBounds())),
    }).addTo(map);
    names.addTo(map);
    showLabels();
  }

  map.setMinZoom(4);
  map.setMaxZoom(18);
  map.attributionControl.setPrefix(
    '<a href="https://leafletjs.com" target="_blank" rel="noopener">Leaflet</a>'
  );
  L.control.scale({ metric: false }).addTo(map);
  map.on("zoomend", showLabels);
  fetch("../../assets/basemap.geojson")
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
    .then(draw)
    .catch(() => {}); // no outline: the pins and the list are still there

  // The wheel scrolls the page until the visitor has clicked into the map.
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
}
