/** Collects input delays and long tasks of a page from now on. Read them with `readDelays`. */
export async function watchDelays(page) {
  await page.evaluate(() => {
    window.delays = { events: [], tasks: [] };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.delays.events.push(entry.processingStart - entry.startTime);
    }).observe({ type: 'event', durationThreshold: 16, buffered: false });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.delays.tasks.push(entry.duration);
    }).observe({ type: 'longtask' });
  });
}

/** The worst input delay and the worst task since `watchDelays`, milliseconds. Events under 16 ms are not reported by browsers. */
export async function readDelays(page) {
  await page.waitForTimeout(200);
  return page.evaluate(() => ({
    worstInputDelay: Math.round(Math.max(0, ...window.delays.events)),
    slowEvents: window.delays.events.length,
    worstTask: Math.round(Math.max(0, ...window.delays.tasks)),
    longTasks: window.delays.tasks.length,
  }));
}

/** Elements on the page, those in shadow roots included. */
export function countNodes(page) {
  return page.evaluate(() => {
    const count = (root) => {
      let sum = 0;
      for (const element of root.querySelectorAll('*')) sum += 1 + (element.shadowRoot ? count(element.shadowRoot) : 0);
      return sum;
    };
    return count(document);
  });
}

/** Frames per second while the page is scrolled through with the wheel for about a second. */
export async function scrollRate(page) {
  await page.mouse.move(700, 600);
  await page.evaluate(() => {
    window.frames_ = [];
    const tick = (at) => {
      window.frames_.push(at);
      if (window.frames_.length < 600) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  for (let step = 0; step < 40; step += 1) {
    await page.mouse.wheel(0, 900);
    await page.waitForTimeout(16);
  }
  return page.evaluate(() => {
    const times = window.frames_;
    window.frames_ = { length: 600, push() {} };
    return Math.round(((times.length - 1) / (times[times.length - 1] - times[0])) * 1000);
  });
}
