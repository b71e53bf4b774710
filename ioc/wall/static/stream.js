// The stream of frames. The browser's own retry gives up after some answers (a proxy's error page),
// and says nothing while a connection merely hangs; so a watchdog makes a new one.

const SILENT_AFTER_MS = 5000;
const RETRY_MS = 1000;
// A server that hangs takes connections and answers none.
const OPENING_MS = 3000;

export function listen(address, { onFrame, onSilence }) {
  let source = null;
  let heardAt = performance.now();
  let openedAt = 0;

  function open() {
    if (source) source.close();
    openedAt = performance.now();
    source = new EventSource(address);
    source.onmessage = (event) => {
      heardAt = performance.now();
      onFrame(JSON.parse(event.data));
    };
  }

  function look() {
    const now = performance.now();
    const refused = source.readyState === EventSource.CLOSED && now - openedAt > RETRY_MS;
    const stuck = source.readyState === EventSource.CONNECTING && now - openedAt > OPENING_MS;
    const hangs = now - Math.max(heardAt, openedAt) > SILENT_AFTER_MS;
    if (now - heardAt > SILENT_AFTER_MS) onSilence();
    if (refused || stuck || hangs) open();
  }

  open();
  const watchdog = setInterval(look, RETRY_MS / 2);
  return {
    close() {
      clearInterval(watchdog);
      source.close();
    },
  };
}
