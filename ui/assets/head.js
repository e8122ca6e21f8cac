// The status line stays in the page and only its text changes, so that it is announced.
export default function (component) {
  const [data] = component.data;
  for (const name of ["count", "from"]) {
    const line = component.parentElement.querySelector(`.${name}`);
    if (line.textContent !== data[name]) line.textContent = data[name];
  }
}
