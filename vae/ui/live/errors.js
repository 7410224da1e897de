// What is thrown when a bundle or a link cannot be used: its message is one sentence for a person.

export class InputError extends Error {}

export function need(fits, sentence) {
  if (!fits) throw new InputError(sentence);
}
