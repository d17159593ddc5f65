// One transfer, one tab: a tab that runs a transfer holds its lock until it is closed.

/** @param {string} id @returns {Promise<(() => void) | undefined>} a function that gives it back;
 *  undefined if another tab has it */
export function take(id) {
  if (!navigator.locks) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    navigator.locks.request(`manyhands-transfer-${id}`, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(undefined);
      return /** @type {Promise<void>} */ (new Promise((release) => resolve(release)));
    });
  });
}

/** A name at the board that is good for as long as the transfer lives, where locks see to it that no
 * two tabs use it; elsewhere a new one. @param {string} id @param {() => string} fresh */
export function clientOf(id, fresh) {
  return navigator.locks ? id : fresh();
}
