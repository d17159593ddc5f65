// A worker that answers questions. Where the page may have none (its policy, a script that does not
// come), the same is done on the page: slower at worst, and nobody waits for ever.

/** @template Question, Answer */
export class Helper {
  #here;
  /** @type {Worker | undefined} */ #worker;
  /** @type {Map<number, {question: Question, done: (answer: any) => void, failed: (error: unknown) => void}>} */
  #open = new Map();
  #next = 0;

  /** @param {string} script beside this one @param {(question: Question) => Promise<Answer>} here */
  constructor(script, here) {
    this.#here = here;
    try {
      this.#worker = new Worker(new URL(script, import.meta.url), { type: "module" });
      this.#worker.onmessage = ({ data }) => this.#answered(data);
      this.#worker.onerror = () => this.#alone();
    } catch {
      this.#worker = undefined;
    }
  }

  /** @param {Question} question @returns {Promise<Answer>} rejects with what the worker says of an error */
  ask(question) {
    return new Promise((done, failed) => {
      const id = this.#next++;
      this.#open.set(id, { question, done, failed });
      this.#give(id, question);
    });
  }

  /** @param {number} id @param {Question} question */
  async #give(id, question) {
    if (this.#worker) return this.#worker.postMessage({ id, question });
    try {
      this.#answered({ id, answer: await this.#here(question) });
    } catch (error) {
      this.#answered({ id, error });
    }
  }

  /** @param {{id: number, answer?: Answer, error?: unknown}} reply */
  #answered({ id, answer, error }) {
    const asked = this.#open.get(id);
    this.#open.delete(id);
    if (error) asked?.failed(error);
    else asked?.done(answer);
  }

  #alone() {
    this.#worker = undefined;
    for (const [id, { question }] of this.#open) void this.#give(id, question);
  }
}
