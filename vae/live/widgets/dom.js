// Elements from plain values. Text is always text: nothing here parses HTML, so a label from a file
// cannot become markup.

// h("button", {class: "x", onclick: f, "aria-label": "…"}, "text", child)
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

let count = 0;

// A small "?" that opens one paragraph of help below it; works by touch and by keyboard.
export function help(about, ...text) {
  return more("?", { class: "ask", "aria-label": `What is ${about}?` }, ...text);
}

// A button that opens a box below it. Escape or a press outside closes the box.
export function more(sign, attributes, ...content) {
  const id = `atelier-help-${count++}`;
  const button = h("button", { type: "button", popovertarget: id, ...attributes }, sign);
  const box = h("div", { id, popover: "auto", ontoggle: () => putBelow(box, button) }, ...content);
  return h("span", { class: "more" }, button, box);
}

export function putBelow(box, anchor) {
  const { left, bottom, top } = anchor.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const below = bottom + 8 + height < innerHeight;
  box.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  box.style.top = `${below ? bottom + 8 : Math.max(8, top - 8 - height)}px`;
}

export function select(label, choices, value, change) {
  const options = choices.map(([key, text]) =>
    h("option", { value: key, selected: key === value }, text));
  return h("label", { class: "choice" }, h("span", { class: "quiet" }, label),
    h("select", { "aria-label": label, onchange: (e) => change(e.target.value) }, ...options));
}

export function download(name, blob) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function saveJson(name, content) {
  const text = JSON.stringify(content, null, 1);
  download(`${name}.json`, new Blob([text], { type: "application/json" }));
}

// What a hand does to choose something: without a mouse it cannot hover, and does not click.
export const hovers = !matchMedia("(hover: none)").matches;
export const press = hovers ? "click" : "tap";
export const Press = hovers ? "Click" : "Tap";

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
