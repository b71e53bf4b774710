// What every drawn chart needs: it is drawn anew when its room or the theme changes, and ends with
// its board.

export function keepDrawn(chart, canvas, again, onUnmount) {
  const observer = new ResizeObserver(() => {
    // The observer's first word comes right after the first drawing and tells nothing new.
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === chart.getWidth() && height === chart.getHeight()) return;
    chart.resize();
    again();
  });
  observer.observe(canvas);
  const root = document.documentElement;
  root.addEventListener("theme", again);
  onUnmount(() => {
    observer.disconnect();
    root.removeEventListener("theme", again);
    chart.dispose();
  });
}
