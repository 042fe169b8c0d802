/* What the browser tests share: a page in headless Chromium that may say and ask nothing, and pictures of it. */
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { Browser, Page } = require("./devtools.js");

const ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--hide-scrollbars"];

/* Opens a file; close() fails if the page wrote to the console, threw, or asked for anything but itself. */
async function open(file, { width = 1280, colorScheme = "light" } = {}) {
  const url = pathToFileURL(file).href;
  const said = [];
  let loaded;
  const load = new Promise((resolve) => { loaded = resolve; });
  const listener = (method, params) => {
    switch (method) {
      case "Runtime.consoleAPICalled": return said.push(params.args.map((a) => a.value ?? a.description).join(" "));
      case "Runtime.exceptionThrown": return said.push((params.exceptionDetails.exception || {}).description || params.exceptionDetails.text);
      case "Log.entryAdded": return said.push(params.entry.text);
      case "Network.requestWillBeSent": return params.request.url === url || params.request.url.startsWith("data:") || said.push(`asked for ${params.request.url}`);
      case "Page.loadEventFired": return loaded();
      default: return undefined;
    }
  };
  const browser = new Browser(process.env.CHROMIUM, ARGUMENTS, listener);
  const page = new Page(browser);
  await page.attach();
  await browser.send("Browser.grantPermissions", { permissions: ["clipboardReadWrite", "clipboardSanitizedWrite"] });
  await page.send("Emulation.setDeviceMetricsOverride", { width, height: 900, deviceScaleFactor: 1, mobile: false });
  await page.emulateMedia({ colorScheme });
  await page.send("Page.navigate", { url });
  await load;
  return { page, close: async () => {
    await browser.close();
    assert.deepEqual(said, []);
  } };
}

/* Charts without a mark on them. */
async function blank(page) {
  return page.evaluate(() => [...document.querySelectorAll("canvas")].filter((canvas) => {
    const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    return pixels.every((pixel) => pixel === pixels[0]);
  }).map((canvas) => canvas.getAttribute("aria-label")));
}

/* Desktop and phone, light and dark: every chart drawn, nothing wider than the screen; pictures into `folder`. */
async function look(file, folder, name) {
  fs.mkdirSync(folder, { recursive: true });
  for (const [screen, width] of [["desktop", 1280], ["phone", 390]]) {
    for (const colorScheme of ["light", "dark"]) {
      const { page, close } = await open(file, { width, colorScheme });
      assert.deepEqual(await blank(page), [], `${screen}, ${colorScheme}: charts that are blank`);
      assert.ok(await page.evaluate(() => document.querySelectorAll("canvas").length) > 0);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${screen}: as wide as the screen`);
      await page.screenshot(path.join(folder, `${name}-${screen}-${colorScheme}.png`));
      await close();
    }
  }
}

module.exports = { open, look };
