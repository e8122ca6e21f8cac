// The ground the pins stand on: county outlines served by the service itself, below the tiles,
// so that a map whose tiles cannot load is still a map.

function drawOutline(map) {
  const pane = map.createPane("outline");
  pane.style.zIndex = 150;
  pane.style.pointerEvents = "none";
  pane.setAttribute("aria-hidden", "true");

  const land = {
    county: { color: "#8fa09f", weight: 1, fillColor: "#eef2ea", fillOpacity: 1 },
    neighbour: { color: "#b4bfbd", weight: 0.7, fillColor: "#e1e7e1", fillOpacity: 1 },
  };

  function label(properties) {
    const text = document.createElement("span");
    text.textContent = properties.name;
    const small = properties.kind === "neighbour" && / city$/.test(properties.name);
    const rank = small ? "city" : properties.kind;
    return L.marker([properties.label_lat, properties.label_lon], {
      pane: "outline",
      interactive: false,
      keyboard: false,
      icon: L.divIcon({ className: "area area-" + rank, html: text, iconSize: [0, 0] }),
    });
  }

  function showLabels() {
    const zoom = map.getZoom();
    pane.classList.toggle("with-county", zoom >= 8);
    pane.classList.toggle("with-neighbour", zoom >= 9);
    pane.classList.toggle("with-city", zoom >= 11);
  }

  function draw(areas) {
    L.geoJSON(areas, {
      pane: "outline",
      interactive: false,
      renderer: L.svg({ pane: "outline", padding: 0.5 }),
      style: (feature) => land[feature.properties.kind],
    }).addTo(map);
    L.layerGroup(areas.features.map((feature) => label(feature.properties))).addTo(map);
  }

  map.setMinZoom(4);
  map.setMaxZoom(18);
  map.attributionControl.setPrefix(
    '<a href="https://leafletjs.com" target="_blank" rel="noopener">Leaflet</a>'
  );
  map.attributionControl.addAttribution("County outlines: US Census Bureau");
  L.control.scale({ metric: false }).addTo(map);
  map.on("zoomend", showLabels);
  showLabels();
  fetch("../../assets/basemap.geojson")
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
    .then(draw)
    .catch(() => {}); // no outline: the pins and the list are still there

  // The wheel scrolls the page until the visitor has clicked into the map.
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
}
