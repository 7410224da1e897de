// What a step waits for, as predicates of one field of the page's state: (values, …arguments) -> whether it is
// done. `values` are the field's texts, as the link writes them, from the step's beginning on; null where the
// field is empty. vae/lessons/names.py says what they take.

export const PREDICATES = {
  is: (values, text) => values.at(-1) === text,
  between: (values, low, high) => values.at(-1) !== null && Number(values.at(-1)) >= Number(low) &&
    Number(values.at(-1)) <= Number(high),
  changed: (values) => values.at(-1) !== values[0],
  tried: (values, count) => new Set(values).size > Number(count),
};
