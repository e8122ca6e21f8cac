// Asks the device where it is when pressed, and rounds that before anything is sent.
// Beside it, places are suggested in the box; the script for that is a file, kept by the browser.
export default function (component) {
  const { parentElement, setTriggerValue, data } = component;
  const suggest = (tries) => {
    const where = parentElement.getRootNode().host?.closest(".st-key-where");
    if (where) import(new URL(`assets/${data[0].script}`, document.baseURI)).then((m) => m.suggest(where, data[0].words), () => {});
    else if (tries) setTimeout(suggest, 100, tries - 1);
  };
  suggest(50);
  const button = parentElement.querySelector(".here");
  button.title = data[0].words.use;
  button.setAttribute("aria-label", button.title);
  const tell = (found) => {
    button.removeAttribute("aria-busy");
    setTriggerValue("at", found);
  };
  button.onclick = () => {
    if (!navigator.geolocation) return tell("");
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => tell(`${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`),
      () => tell(""),
      { timeout: 15000, maximumAge: 600000 },
    );
  };
}
