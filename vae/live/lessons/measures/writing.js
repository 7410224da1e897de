// How numbers are written.

const minus = (text) => text.replace("-", "−");

export const nats = (v) => minus(v.toFixed(1));
export const plain = (v) => minus(v.toFixed(2));
export const whole = (v) => minus(v.toFixed(0));
export const share = (v) => `${Math.round(100 * v)} %`;
