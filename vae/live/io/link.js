// The address of the page, which says all that is worth sharing of its state (see schema.js).

// A page from disk keeps its state behind the #, because browsers let a file change nothing else.
const onDisk = location.protocol === "file:";
export const asked = () => (onDisk ? location.hash.slice(1) : location.search);

// Put a state into the address bar, without a stop for the way back.
export function remember(href) {
  history.replaceState(history.state, "", href);
}

// The address of this page with another query.
export function address(query) {
  const url = new URL(location.href);
  const text = String(query).replaceAll("%2C", ",").replaceAll("%3B", ";").replaceAll("%40", "@");
  if (onDisk) url.hash = text;
  else url.search = text;
  return url.href;
}

// This page's address with these values: {name: text, or null for none}.
export function addressWith(texts) {
  const query = new URLSearchParams(asked());
  for (const [name, text] of Object.entries(texts)) {
    if (text === null) query.delete(name);
    else query.set(name, text);
  }
  return address(query);
}
