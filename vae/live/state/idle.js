// Work that may wait: small pieces, done in the time that a frame leaves over.
//
// Jobs are generators that yield between pieces. The newest job goes first, and one put under a name
// replaces the one that stood there.

const BUDGET = 5; // ms in one go

export function createIdle() {
  const jobs = new Map();
  let timer = 0;

  function work() {
    timer = 0;
    const until = performance.now() + BUDGET;
    for (const [name, job] of [...jobs].reverse()) {
      let done = false;
      while (!done && performance.now() < until) done = job.next().done;
      if (!done) break;
      if (jobs.get(name) === job) jobs.delete(name);
    }
    if (jobs.size) later();
  }

  function later() {
    timer ||= setTimeout(work, 8);
  }

  return {
    put(name, job) {
      jobs.delete(name);
      jobs.set(name, job);
      later();
    },
    drop: (name) => jobs.delete(name),
    stop() {
      clearTimeout(timer);
      jobs.clear();
    },
  };
}
