// Says of parts of the page that they are in another language than the page, while this is on it.
export default function (component) {
  const [data] = component.data;
  const parts = data.keys.map((key) => document.querySelector(`.st-key-${key}`)).filter(Boolean);
  for (const part of parts) part.lang = data.language;
  return () => {
    for (const part of parts) part.removeAttribute("lang");
  };
}
