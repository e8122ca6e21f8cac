// Puts server-made, escaped HTML into the list and reports what is pressed. Decides nothing.
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
  const list = root.querySelector(".list");
  list.hidden = !data.html;
  list.setAttribute("aria-label", data.words.found);
  const changed = put(".list", data.html);
  const first = list.dataset.search === undefined;
  const turned = !first && list.dataset.search === data.search && list.dataset.page !== String(data.page);
  const topics = list.querySelector("template");
  if (changed && topics) {
    for (const fold of list.querySelectorAll(".card > .asks")) fold.append(topics.content.cloneNode(true));
  }
  if (changed && turned) list.scrollIntoView({ block: "start" });
  list.dataset.search = data.search;
  list.dataset.page = data.page;

  if (first && data.html) dispatchEvent(new Event("clinics-list")); // the first screen gives way to it

  root.onclick = (event) => {
    const button = event.target.closest("[data-show]");
    if (button) {
      const id = button.dataset.show;
      hurry(root, id);
      choose(root, id, false, false);
      chooseOnMap(id);
      setTriggerValue("show", id);
    }
    const keep = event.target.closest("[data-keep]");
    if (keep) {
      const isKept = keep.getAttribute("aria-pressed") === "true";
      if (isKept || data.kept.length < data.most) mark(keep, !isKept, data.words);
      setTriggerValue("keep", `${isKept ? "-" : "+"}${keep.closest("[data-card]").dataset.card}`);
    }
    const wrong = event.target.closest("[data-wrong]");
    if (wrong) setTriggerValue("wrong", wrong.dataset.wrong);
    const link = event.target.closest("[data-go]");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    parentElement.host?.closest('[data-testid="stMain"]')?.scrollTo({ top: 0 });
    setTriggerValue("go", link.dataset.go);
  };

  // An answer to an earlier choice than the last one does not undo that one.
  const early = performance.now() < root.hurried?.until && root.hurried.search === data.search && root.hurried.id !== data.selected;
  if (!early) root.hurried = null;
  markChosen(list, early ? root.hurried.id : data.selected);
  for (const card of list.querySelectorAll("[data-card]")) {
    mark(card.querySelector("[data-keep]"), data.kept.includes(card.dataset.card), data.words);
  }
  // Who closes the dialog about a card is where they were before it opened.
  const corrected = root.dataset.correcting;
  if (corrected && !data.correcting) {
    const button = root.querySelector(`[data-wrong="${CSS.escape(corrected)}"]`);
    button?.focus({ preventScroll: true });
  }
  root.dataset.correcting = data.correcting;
  if (!early && data.selected !== root.dataset.selected) choose(root, data.selected, data.from_map, first);
  removeEventListener("clinics-pin", root.heard);
  root.heard = ({ detail }) => {
    if (!root.isConnected) return;
    hurry(root, detail);
    choose(root, detail, true, false);
  };
  addEventListener("clinics-pin", root.heard);
  removeEventListener("popstate", root.wentBack);
  root.wentBack = () => root.isConnected && goBack(root);
  addEventListener("popstate", root.wentBack);
}

// Who goes back may do so before a choice was answered, and then no answer would take it back.
function goBack(root) {
  root.hurried = null;
  const id = new URLSearchParams(location.search).get("clinic") ?? "";
  if (id === root.dataset.selected) return;
  choose(root, id, false, false);
  chooseOnMap(id);
}

function chooseOnMap(id) {
  for (const frame of document.querySelectorAll("iframe")) frame.contentDocument && frame.contentWindow.clinicChoose?.(id);
}

function hurry(root, id) {
  root.hurried = { id: id, search: root.querySelector(".list").dataset.search, until: performance.now() + 3000 };
}

// A choice is shown before the answer to it has come; the answer then changes nothing.
function choose(root, id, focus, first) {
  root.dataset.selected = id;
  markChosen(root, id);
  const card = id && root.querySelector(`[data-card="${CSS.escape(id)}"]`);
  if (card) reveal(card, focus, first);
}

function markChosen(root, id) {
  for (const card of root.querySelectorAll("[data-card]")) {
    const chosen = card.dataset.card === id;
    card.classList.toggle("selected", chosen);
    for (const button of card.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(chosen));
  }
}

function mark(button, isKept, words) {
  button.setAttribute("aria-pressed", String(isKept));
  button.textContent = isKept ? words.kept : words.keep;
  const name = button.closest("[data-card]").querySelector(".name a").textContent;
  button.setAttribute("aria-label", `${button.textContent}: ${name}`);
}

function reveal(card, focus, first) {
  if (focus || first) card.scrollIntoView({ block: first ? "start" : "nearest" });
  if (focus) card.querySelector(".name").focus({ preventScroll: true });
}
