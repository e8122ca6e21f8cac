// Puts the keyboard into a field that has to be changed. Decides nothing.
export default function (component) {
  const { parentElement } = component;
  const [data] = component.data;
  const mark = parentElement.querySelector("span");
  const attempt = String(data.attempt);
  if (!data.field || mark.dataset.attempt === attempt) return;
  mark.dataset.attempt = attempt;
  const box = document.querySelector(`.st-key-${data.field}`);
  const field = box?.querySelector("input, textarea, [role=combobox], button");
  field?.setAttribute("aria-invalid", "true");
  field?.focus();
}
