// A button that copies a link, or another text. A page without https may not write the clipboard, and
// then shows it.

export async function copy(button, link, notify, what = "link") {
  const text = button.textContent;
  try {
    await navigator.clipboard.writeText(link);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = text), 1500);
  } catch {
    notify(`Copy this ${what}: ${link}`, { stays: true });
  }
}
