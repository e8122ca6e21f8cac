// The last part of the script of the map: puts the others to work, in this order, and the style of
// the map after that of Leaflet, which it changes.

function prepareMap(map) {
  const style = document.createElement("style");
  style.textContent = clinicMapStyle;
  document.head.appendChild(style);
  [drawOutline, prepareView, prepareKeys, preparePins].forEach((prepare) => prepare(map));
}
