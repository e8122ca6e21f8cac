// Asks the device where it is when pressed, and rounds that before anything is sent.
export default function (component) {
  const { parentElement, setTriggerValue } = component;
  const button = parentElement.querySelector(".here");
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
