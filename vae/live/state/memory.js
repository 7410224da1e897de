// What a person said about a model stays in this browser, under the model's own sum.

export function createMemory(id) {
  const key = (name) => `atelier ${name} ${id}`;
  return {
    read(name, otherwise) {
      try {
        return JSON.parse(localStorage.getItem(key(name))) ?? otherwise;
      } catch { // storage may be switched off, or hold something else
        return otherwise;
      }
    },
    write(name, value) {
      try {
        localStorage.setItem(key(name), JSON.stringify(value));
      } catch {
        console.info("This browser keeps nothing: what was named or answered is forgotten when the page closes.");
      }
    },
  };
}
