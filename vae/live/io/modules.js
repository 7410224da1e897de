// Where a module of ours is. In the page that was saved as one file every module is a data URL, with a
// bare name under an import map.

const map = document.querySelector("script[type=importmap]");

// For the page's own `import()`: "pages/explore/page.js".
export const moduleAddress = (name) =>
  (map ? `atelier/${name}` : new URL(`../${name}`, import.meta.url).href);

// For a worker, to whom import maps mean nothing: in the one file the module is made anew, with the
// modules that it imports in it.
export const workerAddress = (name) =>
  (map ? inlined(name, JSON.parse(map.textContent).imports) : moduleAddress(name));

function inlined(name, imports) {
  const raw = atob(imports[`atelier/${name}`].split(",")[1]);
  const text = new TextDecoder().decode(Uint8Array.from(raw, (c) => c.charCodeAt(0)));
  return asUrl(text.replace(/\bfrom "atelier\/(.+?)"/g, (_, other) =>
    `from ${JSON.stringify(inlined(other, imports))}`));
}

const asUrl = (code) => `data:text/javascript,${encodeURIComponent(code)}`;

// A module beside the page: its `receive(data, post)` gets what is posted to the worker. The worker is
// not a module itself, for from disk a browser starts none. It posts {failed} where the module cannot
// be had.
export function startWorker(name) {
  const code = `const module = import(${JSON.stringify(workerAddress(name))});
    module.catch(({ message }) => postMessage({ failed: message }));
    onmessage = async ({ data }) => (await module).receive(data, postMessage.bind(self));`;
  return new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
}
