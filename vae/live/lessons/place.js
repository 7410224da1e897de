// Which step of which lesson is open: one for all pages of this tab, in the link as lesson=1.3, which is step 3.

export const place = {
  text: null, // as the link has it; null where no lesson is open
  isEntered: false, // whether the page that opens next is to be set as the step says
  isFolded: false,
};

export const placeText = (key, i) => `${key}.${i + 1}`;

export const titleOf = ({ key, title }) => `${key} · ${title}`;

// Of a link's text and all lessons -> {lesson, i}, or null.
export function parsePlace(text, lessons) {
  const [, key, number] = /^([^.]+)\.([1-9]\d{0,2})$/.exec(text) ?? [];
  const lesson = lessons.find((one) => one.key === key), i = Number(number) - 1;
  return lesson && i < lesson.steps.length ? { lesson, i } : null;
}
