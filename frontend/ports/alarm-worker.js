// See alarm.js.

self.onmessage = ({ data: { id, question } }) => setTimeout(() => self.postMessage({ id }), question);
