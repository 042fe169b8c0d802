/* What the browser tests share: a page in headless Chromium that may say and ask nothing, and pictures of it. */
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");

const ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

/* Opens a file; close() fails if the page wrote to the console, threw, or asked for anything but itself. */
async function open(file, context = {}) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ARGUMENTS });
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, permissions: ["clipboard-read", "clipboard-write"], ...context })).newPage();
  const url = pathToFileURL(file).href;
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.stack));
  page.on("request", (request) => request.url() === url || request.url().startsWith("data:") || said.push(`asked for ${request.url()}`));
  await page.goto(url);
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
      const { page, close } = await open(file, { viewport: { width, height: 900 }, colorScheme });
      assert.deepEqual(await blank(page), [], `${screen}, ${colorScheme}: charts that are blank`);
      assert.ok(await page.evaluate(() => document.querySelectorAll("canvas").length) > 0);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${screen}: as wide as the screen`);
      await page.screenshot({ path: path.join(folder, `${name}-${screen}-${colorScheme}.png`), fullPage: true });
      await close();
    }
  }
}

module.exports = { open, look };
