// Where the terms of the glossary stand in a text.

import { TERMS } from "./terms.js";

const exactly = (form) => form.length === 1 || /\p{Lu}/u.test(form);
const FORMS = new Map(Object.entries(TERMS).flatMap(([term, { forms }]) => forms.map((form) => [form, term])));
const quoted = (form) => form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const either = (form) => (exactly(form) ? quoted(form)
  : form.replace(/\p{L}/gu, (letter) => `[${letter}${letter.toUpperCase()}]`));
const longestFirst = [...FORMS.keys()].sort((a, b) => b.length - a.length);
const WORD = "[\\p{L}\\p{N}_]"; // a term is no part of a longer word
const PATTERN = new RegExp(`(?<!${WORD}|${WORD}-)(?:${longestFirst.map(either).join("|")})(?!${WORD}|-${WORD})`, "gu");

// -> [{term, start, end}], in order.
export const mentions = (text) => Array.from(text.matchAll(PATTERN), ({ 0: words, index }) => ({
  term: FORMS.get(words) ?? FORMS.get(words.toLowerCase()), start: index, end: index + words.length }));
