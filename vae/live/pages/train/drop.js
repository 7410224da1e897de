// Pictures of one's own: files or a folder or a zip, dropped anywhere on the page or chosen.

import { refusal } from "../../core/errors.js";
import { h } from "../../widgets/dom.js";

const SHOWN = 5; // sentences on files that cannot be used

// `bring(name, files)` promises the data set that they become, which `take` gets.
export function createDrop({ bench, bring, take }) {
  const { listen, notify, page } = bench;
  const input = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "Choose pictures",
    onchange: () => use([...input.files].map((file) => [file.name, file])) });
  const status = h("output", { class: "quiet" });
  const element = h("div", { class: "drop" }, h("div", { class: "row" },
    h("button", { type: "button", class: "do-bring", onclick: () => input.click() }, "Your pictures …"), status),
  h("p", { class: "quiet" }, "Or drop a folder, pictures or a zip anywhere on this page: 100 at least; subfolders are classes. ",
    "They are kept on the machine of the app."), input);

  async function use(files) {
    input.value = "";
    if (!files.length) return;
    status.textContent = `Reading ${files.length.toLocaleString("en")} file${files.length === 1 ? "" : "s"} …`;
    try {
      const set = await bring(nameOf(files), files);
      take(set);
      set.refused.slice(0, SHOWN).forEach((words) => notify(words));
      status.textContent = saysOf(set);
    } catch (error) {
      notify(refusal(error));
      status.textContent = "";
    }
  }

  let depth = 0; // dragenter and dragleave come for every element on the way
  const on = (name, act) => listen(window, name, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    depth = Math.max(0, act(event));
    page.classList.toggle("dropping", depth > 0);
  });
  on("dragenter", () => depth + 1);
  on("dragover", () => depth);
  on("dragleave", () => depth - 1);
  on("drop", (event) => {
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    filesOf(entries).then(use).catch((error) => notify(refusal(error)));
    return 0;
  });
  return element;
}

function saysOf({ n, classes, duplicates, unusable }) {
  return [`${n.toLocaleString("en")} pictures`, classes ? `${classes} classes` : "",
    duplicates ? `${duplicates} duplicates left out` : "", unusable ? `${unusable} files cannot be used` : ""]
    .filter(Boolean).join(", ");
}

// A folder's, a zip's or the first picture's own name, with what a name may have.
function nameOf([[path]]) {
  const first = path.includes("/") ? path.split("/")[0] : path.replace(/\.\w+$/, "");
  return first.replace(/[^\p{L}\p{N}_.]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "") || "pictures";
}

// All files in dropped files and folders, with their paths.
async function filesOf(entries) {
  const each = await Promise.all(entries.map(async (entry) => {
    if (entry.isDirectory) return filesOf(await childrenOf(entry));
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [[entry.fullPath.replace(/^\//, ""), file]];
  }));
  return each.flat();
}

// A browser hands them out in pieces.
async function childrenOf(folder) {
  const reader = folder.createReader(), all = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return all;
    all.push(...some);
  }
}
