// Copies, shares and prints a list whose addresses it is given. Decides nothing, keeps nothing.
export default function (component) {
  const { parentElement, setTriggerValue } = component;
  const [data] = component.data;
  const part = (name) => parentElement.querySelector(`.take > ${name}`);
  const whole = (address) => new URL(address, document.baseURI).href;
  const say = (words) => { part("[role=status]").textContent = words; };
  const show = () => {
    const box = part(".link");
    box.hidden = false;
    box.value = whole(data.link);
    box.focus();
    box.select();
    say(data.words.from_box);
  };
  for (const name of ["copy", "share", "print"]) part(`.${name}`).textContent = data.words[name];
  part(".link").setAttribute("aria-label", data.words.link);
  part(".link").hidden = true;
  say("");
  part(".copy").onclick = () => {
    if (!navigator.clipboard) return show();
    navigator.clipboard.writeText(whole(data.link)).then(() => say(data.words.copied), show);
  };
  part(".share").hidden = !navigator.share;
  part(".share").onclick = () => {
    const given = { title: data.title, url: whole(data.link) };
    navigator.share(given).catch((problem) => problem.name === "AbortError" || show());
  };
  part(".print").onclick = () => print(whole(data.paper), data.words.for_paper);
  part(".pdf").href = data.pdf;
  const questions = part(".questions");
  [questions.textContent, questions.href] = data.questions;
  questions.onclick = (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setTriggerValue("go", questions.dataset.go);
  };
}

// The page that is made for paper is printed, from a frame that nobody sees.
function print(address, title) {
  document.getElementById("for-paper")?.remove();
  const frame = document.createElement("iframe");
  frame.id = "for-paper";
  frame.title = title;
  frame.tabIndex = -1;
  frame.setAttribute("aria-hidden", "true");
  frame.style.cssText = "position:fixed;right:0;bottom:0;width:0;height:0;border:0";
  frame.onload = () => frame.contentWindow.print();
  frame.src = address;
  document.body.append(frame);
}
