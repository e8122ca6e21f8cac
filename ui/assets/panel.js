// Puts server-made, escaped HTML into the page and reports which link was followed. Decides nothing.
export default function (component) {
  const { parentElement, setTriggerValue } = component;
  const [data] = component.data;
  const pane = parentElement.querySelector(".pane");
  if (pane.dataset.html !== data.known) {
    // What was opened stays open when only its words change.
    const opened = pane.querySelector(".known-fold")?.open;
    pane.innerHTML = data.known;
    pane.dataset.html = data.known;
    if (opened) pane.querySelector(".known-fold")?.setAttribute("open", "");
  }
  pane.onclick = (event) => {
    const link = event.target.closest("[data-go]");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    parentElement.host?.closest('[data-testid="stMain"]')?.scrollTo({ top: 0 });
    setTriggerValue("go", link.dataset.go);
  };
}
