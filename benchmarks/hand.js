// In the page: when did the hand move, and when was the picture that it asked for on the screen?
//
//   hand   the browser took the mouse's movement in (`timeStamp` of the pointer event)
//   page   the page's listeners got to know; Chromium hands movements over once a frame
//   put    the new pixels were given to the canvas, inside requestAnimationFrame
//   end    style, layout and paint of that frame were done: a message posted in it has arrived
//
// `cause` is the event that asks for a picture, `painted` the one that says it is drawn. A picture
// answers the newest movement it shows; older ones were overtaken and do not count.
window.watchHand = (cause, painted) => {
  const seen = { moves: 0, frames: [] };
  const after = new MessageChannel();
  let hand = 0, waiting = [];
  const stamp = (event) => (hand = event.timeStamp);
  document.addEventListener("pointermove", stamp, true);
  document.addEventListener("pointerup", stamp, true);
  document.addEventListener(cause, ({ target }) => {
    seen.moves++;
    waiting.push({ hand, page: performance.now(), value: Number(target.value) });
  }, true);
  const done = ({ detail }) => {
    const last = detail?.value === undefined ? waiting.length - 1
      : waiting.findLastIndex(({ value }) => value === detail.value);
    if (last < 0) return;
    const move = waiting.splice(0, last + 1).at(-1);
    after.port2.postMessage({ ...move, put: performance.now(), ...detail, code: null });
  };
  document.addEventListener(painted, (event) => {
    if (painted !== "load") done(event);
    else if (event.target.tagName === "IMG") requestAnimationFrame(done);
  }, true);
  after.port1.onmessage = ({ data }) => seen.frames.push({ ...data, end: performance.now() });
  window.seen = seen;
};

// Milliseconds from the beginning of the navigation until a slider moves the picture.
window.firstDrag = () => new Promise((resolve) => {
  let value = 0;
  document.addEventListener("atelier:painted", ({ detail }) => {
    if (value && detail.code.includes(Math.fround(value))) resolve(performance.now());
  }, true);
  const attempt = () => {
    const slider = document.querySelector(".atelier input[type=range]");
    if (slider) {
      value += 0.01;
      slider.value = value;
      slider.dispatchEvent(new Event("input"));
    }
    requestAnimationFrame(attempt);
  };
  attempt();
});

// Reruns as the websocket sees them: from a message to the server until its last answer.
window.reruns = [];
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (message) {
  const begin = performance.now(), at = window.reruns.push(0) - 1;
  this.onanswer ??= this.addEventListener("message", () => this.answered()) ?? true;
  this.answered = () => (window.reruns[at] = performance.now() - begin);
  return send.call(this, message);
};
