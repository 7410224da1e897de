// What is thrown when a bundle or a link cannot be used: its message is one sentence for a person.

export class InputError extends Error {}

// What to tell a person of an error; what is none of theirs is thrown on.
export function refusal(error) {
  if (!(error instanceof InputError)) throw error;
  return error.message;
}

export function need(fits, sentence) {
  if (!fits) throw new InputError(sentence);
}
