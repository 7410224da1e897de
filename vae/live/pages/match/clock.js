// The time and the moves that a round takes: from the first move of a slider on. A step back is a move, too.

export class Clock {
  #key = "";
  #values = null;
  #began = null;
  moves = 0;
  hinted = false; // whether the filmstrips were open

  get seconds() {
    return this.#began === null ? 0 : (performance.now() - this.#began) / 1000;
  }

  // After each change of the state.
  see({ seed, round, values, film }, why) {
    if (this.#key !== `${seed} ${round}`) {
      Object.assign(this, { moves: 0, hinted: false });
      [this.#key, this.#values, this.#began] = [`${seed} ${round}`, values, null];
    }
    this.hinted ||= film;
    if (values === this.#values) return;
    this.#began ??= performance.now();
    if (why !== "settle") return;
    this.#values = values;
    this.moves += 1;
  }
}
