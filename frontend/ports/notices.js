// The system's own notifications, if the user wants them.

/** Ask for the permission; from a click. @returns {Promise<boolean>} */
export async function allow() {
  if (!("Notification" in globalThis)) return false;
  return (await Notification.requestPermission()) === "granted";
}

/** Show one, unless the user is looking at the page. @param {string} title @param {string} text
 *  @param {() => void} clicked */
export function show(title, text, clicked) {
  if (!("Notification" in globalThis) || Notification.permission !== "granted" || !document.hidden) return;
  try {
    const notice = new Notification(title, { body: text, icon: "icon.svg", tag: title });
    notice.onclick = () => {
      window.focus();
      clicked();
      notice.close();
    };
  } catch {
    // Android takes them only from a service worker; the page itself shows the same.
  }
}
