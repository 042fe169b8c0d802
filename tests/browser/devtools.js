/*
 * Headless Chromium driven over the DevTools protocol through a pipe, with what Node has and nothing more: a page with locators that
 * wait until what they name is there. Keys and clicks are the browser's own events, not calls of handlers.
 */
"use strict";
const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const PATIENCE_MS = 30000;
const KEYS = { Enter: [13, "\r"], Space: [32, " ", " "], Escape: [27], ArrowRight: [39] };

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/* Calls `attempt` until it gives something other than undefined. */
async function patiently(what, attempt) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const got = await attempt();
    if (got !== undefined) {
      return got;
    }
    assert.ok(Date.now() < end, `waited in vain for ${what}`);
    await pause(20);
  }
}

/* A browser process. send() gives the answer to a command; `listener` is called with every event. */
class Browser {
  constructor(program, args, listener) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "mcasim-browser-"));
    this.process = spawn(program, [...args, "--remote-debugging-pipe", `--user-data-dir=${this.folder}`, "about:blank"],
      { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    this.ended = new Promise((resolve) => this.process.on("exit", resolve).on("error", resolve));
    this.ended.then((why) => this.fail(new Error(`${program} ended: ${why}`)));
    this.listener = listener;
    this.waiting = new Map();
    this.last = 0;
    let rest = Buffer.alloc(0);
    this.process.stdio[4].on("data", (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
        this.take(JSON.parse(rest.subarray(0, end).toString("utf8")));
        rest = rest.subarray(end + 1);
      }
    });
    this.process.stdio[3].on("error", () => {}); /* its end is told by `ended` */
  }

  take(message) {
    const asked = this.waiting.get(message.id);
    if (!asked) {
      return this.listener(message.method, message.params);
    }
    this.waiting.delete(message.id);
    return message.error ? asked.reject(new Error(`${asked.method}: ${message.error.message}`)) : asked.resolve(message.result);
  }

  fail(error) {
    this.waiting.forEach((asked) => asked.reject(error));
    this.waiting.clear();
  }

  send(method, params = {}, sessionId = undefined) {
    const id = ++this.last;
    this.process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.waiting.set(id, { method, resolve, reject }));
  }

  async close() {
    this.send("Browser.close").catch(() => {});
    await this.ended;
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/* In the page: the elements that a locator's steps lead to. */
function find(steps, from = [document]) {
  const text = (element) => element.textContent.replace(/\s+/g, " ").trim();
  return steps.reduce((found, step) => {
    if (step.nth !== undefined) {
      return found.slice(step.nth, step.nth + 1);
    }
    let next = [...new Set(found.flatMap((element) => [...element.querySelectorAll(step.css)]))];
    if (step.text !== undefined) {
      next = next.filter((element) => text(element).toLowerCase().includes(step.text.toLowerCase()));
    }
    if (step.pattern !== undefined) {
      next = next.filter((element) => new RegExp(step.pattern).test(text(element)));
    }
    return step.has ? next.filter((element) => find(step.has, [element]).length > 0) : next;
  }, from);
}

class Locator {
  constructor(page, steps) {
    this.page = page;
    this.steps = steps;
  }

  locator(css, { hasText, has } = {}) {
    const step = { css, has: has && has.steps };
    if (hasText instanceof RegExp) {
      step.pattern = hasText.source;
    } else {
      step.text = hasText;
    }
    return new Locator(this.page, [...this.steps, step]);
  }

  nth(nth) {
    return new Locator(this.page, [...this.steps, { nth }]);
  }

  first() {
    return this.nth(0);
  }

  all(code) {
    return this.page.value(`(() => { ${find}; const all = find(${JSON.stringify(this.steps)}); return (${code})(all); })()`);
  }

  evaluateAll(code) {
    return this.all(code);
  }

  /* The one element that is meant: none is waited for, several are an error. */
  evaluate(code, arg = null) {
    const what = JSON.stringify(this.steps);
    return patiently(what, async () => {
      const got = await this.all(`(all) => ({ count: all.length, value: all.length === 1 ? (${code})(all[0], ${JSON.stringify(arg)}) : null })`);
      assert.ok(got.count <= 1, `${what} means ${got.count} elements`);
      return got.count === 1 ? got.value : undefined;
    });
  }

  count() { return this.all((all) => all.length); }
  /* Texts are read with a no-break space as a space. */
  allInnerTexts() { return this.all((all) => all.map((e) => e.innerText.replaceAll("\u00a0", " "))); }
  allTextContents() { return this.all((all) => all.map((e) => e.textContent.replaceAll("\u00a0", " "))); }
  innerText() { return this.evaluate((e) => e.innerText.replaceAll("\u00a0", " ")); }
  getAttribute(name) { return this.evaluate((e, n) => e.getAttribute(n), name); }
  focus() { return this.evaluate((e) => { e.focus(); return document.activeElement === e; }).then((got) => assert.ok(got, "it takes the focus")); }

  async press(key) {
    await this.focus();
    await this.page.keyboard.press(key);
  }

  async click() {
    const at = await this.evaluate((e) => {
      e.scrollIntoView({ block: "center", behavior: "instant" });
      const box = e.getBoundingClientRect();
      const x = box.x + box.width / 2, y = box.y + box.height / 2;
      return { x, y, hit: e.contains(document.elementFromPoint(x, y)) };
    });
    assert.ok(at.hit, `${JSON.stringify(this.steps)} is covered`);
    for (const type of ["mousePressed", "mouseReleased"]) {
      await this.page.send("Input.dispatchMouseEvent", { type, x: at.x, y: at.y, button: "left", clickCount: 1 });
    }
  }

  async selectOption(value) {
    const done = await this.evaluate((e, wanted) => {
      const option = [...e.options].find((o) => o.value === wanted || o.label === wanted);
      if (!option || e.disabled || option.disabled) {
        return false;
      }
      option.selected = true;
      ["input", "change"].forEach((name) => e.dispatchEvent(new Event(name, { bubbles: true })));
      return true;
    }, value);
    assert.ok(done, `${JSON.stringify(this.steps)} has no ${value} to choose`);
  }

  waitForNone() {
    return patiently(`the end of ${JSON.stringify(this.steps)}`, async () => ((await this.count()) === 0 ? true : undefined));
  }
}

class Page {
  constructor(browser) {
    this.browser = browser;
    this.keyboard = { press: (key) => this.key(key) };
  }

  send(method, params = {}) {
    return this.browser.send(method, params, this.session);
  }

  async attach() {
    const { targetId } = await this.browser.send("Target.createTarget", { url: "about:blank" });
    this.session = (await this.browser.send("Target.attachToTarget", { targetId, flatten: true })).sessionId;
    for (const domain of ["Page", "Runtime", "Network", "Log"]) {
      await this.send(`${domain}.enable`);
    }
    await this.send("Emulation.setFocusEmulationEnabled", { enabled: true });
  }

  async value(expression) {
    const got = await this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true, userGesture: true });
    if (got.exceptionDetails) {
      throw new Error((got.exceptionDetails.exception && got.exceptionDetails.exception.description) || got.exceptionDetails.text);
    }
    return got.result.value;
  }

  evaluate(code, arg = null) {
    return this.value(`(${code})(${JSON.stringify(arg)})`);
  }

  waitForFunction(code, arg = null) {
    return patiently(String(code), async () => ((await this.evaluate(code, arg)) ? true : undefined));
  }

  locator(css, options) {
    return new Locator(this, []).locator(css, options);
  }

  async key(key) {
    const [windowsVirtualKeyCode, text, name = key] = KEYS[key];
    const event = { key: name, code: key, windowsVirtualKeyCode };
    await this.send("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", text, ...event });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
  }

  emulateMedia({ colorScheme, media = "" }) {
    return this.send("Emulation.setEmulatedMedia", { media, features: [{ name: "prefers-color-scheme", value: colorScheme }] });
  }

  /* All of the page, also what is below the screen. */
  async screenshot(file) {
    const { cssContentSize } = await this.send("Page.getLayoutMetrics");
    const { data } = await this.send("Page.captureScreenshot", { captureBeyondViewport: true, clip: { ...cssContentSize, scale: 1 } });
    fs.writeFileSync(file, Buffer.from(data, "base64"));
  }
}

module.exports = { Browser, Page };
