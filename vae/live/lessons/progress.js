// What a person has done of lessons, kept in this browser: by lesson the step where they stopped, and by step
// {predicted, done, words}. `predicted` is a choice's place or a number, null where they had no idea.

import { createMemory } from "../state/memory.js";

const memory = createMemory("of lessons");

let all = memory.read("progress", {}); // here too, where the browser keeps nothing

function keep(next) {
  all = next;
  memory.write("progress", all);
}

export const progressOf = (key) => ({ at: 0, steps: {}, ...all[key] });

export const stepOf = (key, i) => progressOf(key).steps[i] ?? {};

const write = (key, changes) => keep({ ...all, [key]: { ...progressOf(key), ...changes } });

export const stopAt = (key, at) => write(key, { at });

export const record = (key, i, changes) =>
  write(key, { steps: { ...progressOf(key).steps, [i]: { ...stepOf(key, i), ...changes } } });

export const restart = (key) => keep(Object.fromEntries(Object.entries(all).filter(([other]) => other !== key)));

// Whether a step's numbers may be shown: there is a prediction, and what is to be done was done.
export const isReady = ({ predict, do: task }, { predicted, done }) =>
  (!predict || predicted !== undefined) && (!task || done === true);

// Steps that ask for nothing count as done when they have been seen.
export const finished = ({ key, steps }) =>
  steps.filter((step, i) => (stepOf(key, i).seen && isReady(step, stepOf(key, i)))).length;
