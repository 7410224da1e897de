// Where a worker finds a module of ours. Import maps mean nothing to a worker, and in the page that
// was saved as one file every module is a data URL that names others by the map: there it is made
// anew, with the modules that it imports in it.

export function addressOf(name) {
  const map = document.querySelector("script[type=importmap]");
  return map ? madeAnew(name, JSON.parse(map.textContent).imports)
    : new URL(`./${name}`, import.meta.url).href;
}

function madeAnew(name, imports) {
  const raw = atob(imports[`atelier/${name}`].split(",")[1]);
  const text = new TextDecoder().decode(Uint8Array.from(raw, (c) => c.charCodeAt(0)));
  return asUrl(text.replace(/\bfrom "atelier\/(.+?)"/g, (_, other) =>
    `from ${JSON.stringify(madeAnew(other, imports))}`));
}

const asUrl = (code) => `data:text/javascript,${encodeURIComponent(code)}`;
