// The trainings of the app, as vae/ui/routes/trainings.py has them.

import { getFresh, postBlob, postJson, tell } from "./client.js";

// `root` is the path before every address of the app, `visitor` tells this browser from others.
export class Trainings {
  constructor(root, visitor) {
    Object.assign(this, { root, visitor });
  }

  // {refused, trainings: [{id, title, state, step, …}]}
  async list() {
    return (await getFresh(`${this.root}/trainings`, { "X-Visitor": this.visitor })).json();
  }

  // What all frames of a training share: {n, image, classes, labels, originals}.
  async about(id) {
    const { originals, ...shared } = await (await getFresh(`${this.root}/trainings/${id}/about`)).json();
    return { ...shared, originals: Uint8Array.from(atob(originals), (c) => c.charCodeAt(0)) };
  }

  // [[step, [rate, distortion] of the training images or null, [rate, distortion] of held-out ones], …]
  async curve(id, from) {
    return (await getFresh(`${this.root}/trainings/${id}/curve?from=${from}`)).json();
  }

  // The last frame: where `n` examples are, (x, y) one after the other, and the bytes of the pictures.
  async frame(id, n) {
    const buffer = await (await getFresh(`${this.root}/trainings/${id}/frame`)).arrayBuffer();
    const end = 4 + 8 * n;
    return { places: new Float32Array(buffer.slice(4, end)), pictures: new Uint8Array(buffer, end) };
  }

  act = (id, what, body = {}) => tell(`${this.root}/trainings/${id}/${what}`, JSON.stringify(body));

  film = (id) => postBlob(`${this.root}/train-film/${id}`);

  settings = () => postJson(`${this.root}/train/settings`);

  ask = (body) => postJson(`${this.root}/train/ask?visitor=${this.visitor}`, JSON.stringify(body));

  // `files` are [[path, file], …]; they become a data set of this name.
  bring(name, files) {
    const form = new FormData();
    for (const [path, file] of files) form.append("file", file, path);
    return postJson(`${this.root}/train/pictures?name=${encodeURIComponent(name)}`, form);
  }
}
