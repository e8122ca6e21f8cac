// Puts the keyboard into a field that has to be changed, or back on a pin of the map. Decides nothing.
export default function (component) {
  const { parentElement } = component;
  const [data] = component.data;
  const mark = parentElement.querySelector("span");
  const attempt = String(data.attempt);
  if (!data.field || mark.dataset.attempt === attempt) return;
  mark.dataset.attempt = attempt;
  const box = document.querySelector(`.st-key-${data.field}`);
  if (data.pin) {
    box?.querySelector("iframe")?.contentDocument.querySelector('.leaflet-container [tabindex="0"]')?.focus({ preventScroll: true });
    return;
  }
  const field = box?.querySelector("input, textarea, [role=combobox], button");
  field?.setAttribute("aria-invalid", "true");
  field?.focus();
}
