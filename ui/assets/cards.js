// Puts server-made, escaped HTML into the list and reports "show on map". Decides nothing.
export default function (component) {
  const { parentElement, setTriggerValue } = component;
  const [data] = component.data;
  const root = parentElement.querySelector(".pane");
  const put = (selector, html) => {
    const box = root.querySelector(selector);
    if (box.dataset.html === html) return false;
    box.innerHTML = html;
    box.dataset.html = html;
    return true;
  };
  const opened = root.querySelector(".known-fold")?.open;
  put(".panel", data.known);
  // What was opened stays open when only its words change.
  if (opened) root.querySelector(".known-fold")?.setAttribute("open", "");
  const list = root.querySelector(".list");
  list.hidden = !data.html;
  list.classList.toggle("scroll", data.scrolls);
  // What scrolls must be reachable by keyboard.
  list.removeAttribute("tabindex");
  if (data.scrolls) list.setAttribute("tabindex", "0");
  const changed = put(".list", data.html);
  const first = list.dataset.search === undefined;
  const turned = !first && list.dataset.search === data.search && list.dataset.page !== String(data.page);
  if (changed && (turned || list.dataset.search !== data.search)) list.scrollTop = 0;
  if (changed && turned && !data.scrolls) list.scrollIntoView({ block: "start" });
  list.dataset.search = data.search;
  list.dataset.page = data.page;

  root.onclick = (event) => {
    const button = event.target.closest("[data-show]");
    if (button) setTriggerValue("show", button.dataset.show);
    const wrong = event.target.closest("[data-wrong]");
    if (wrong) setTriggerValue("wrong", wrong.dataset.wrong);
    const link = event.target.closest("[data-go]");
    if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      parentElement.host?.closest('[data-testid="stMain"]')?.scrollTo({ top: 0 });
      setTriggerValue("go", link.dataset.go);
    }
  };

  for (const card of list.querySelectorAll("[data-card]")) {
    const chosen = card.dataset.card === data.selected;
    card.classList.toggle("selected", chosen);
    card.querySelector("[data-show]")?.setAttribute("aria-pressed", String(chosen));
  }
  // Who closes the dialog about a card is where they were before it opened.
  const corrected = root.dataset.correcting;
  if (corrected && !data.correcting) {
    const button = root.querySelector(`[data-wrong="${CSS.escape(corrected)}"]`);
    button?.focus({ preventScroll: true });
  }
  root.dataset.correcting = data.correcting;
  if (data.selected !== root.dataset.selected) {
    root.dataset.selected = data.selected;
    const card = data.selected && root.querySelector(`[data-card="${CSS.escape(data.selected)}"]`);
    if (card) reveal(card, list, data.from_map, first);
  }
}

function reveal(card, list, focus, first) {
  if (list.scrollHeight > list.clientHeight + 1) {
    // The top of the list may have gone up behind the page's own bar.
    const bar = document.querySelector('[data-testid="stHeader"]')?.getBoundingClientRect().bottom ?? 0;
    const hidden = Math.max(0, bar - list.getBoundingClientRect().top);
    list.scrollTop = card.offsetTop - list.offsetTop - hidden - 6;
  } else if (focus || first) {
    card.scrollIntoView({ block: first ? "start" : "nearest" });
  }
  if (focus) card.querySelector(".name").focus({ preventScroll: true });
}
