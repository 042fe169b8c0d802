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

/* Texts of drawings that reach beyond them, labels beyond their block, and cards whose content is wider than they are. */
async function overflowing(page) {
  return page.evaluate(() => {
    const beyond = (inner, outer) => inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1;
    const box = (e) => e.getBoundingClientRect();
    return [...[...document.querySelectorAll("main svg text")].filter((e) => beyond(box(e), box(e.closest("svg")))),
      ...[...document.querySelectorAll("svg.chip g text")].filter((e) => beyond(box(e), box(e.parentNode.querySelector("rect")))),
      ...[...document.querySelectorAll(".card, .card .value, .lead, h1")].filter((e) => e.scrollWidth > e.clientWidth)].map((e) => e.textContent);
  });
}

/* Figures that a line's end parts from their unit, or in themselves. */
async function split(page) {
  return page.evaluate(() => {
    const found = [];
    const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      for (const match of texts.currentNode.data.matchAll(/[0-9][0-9.,]*\u00a0[^\s;,)]+/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, match.index);
        range.setEnd(texts.currentNode, match.index + match[0].length);
        if (new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size > 1) {
          found.push(match[0]);
        }
      }
    }
    return found;
  });
}

/* What the palette of page.css has to keep in each colour scheme: contrast of texts and marks (WCAG 2.1), and phases that are told apart with
 * and without each kind of cones (Machado, Oliveira and Fernandes 2009, severity 1), by their distance in CIE L*a*b*. */
async function checkPalette(page, scheme) {
  const hex = await page.evaluate(() => {
    const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    return Object.fromEntries(["back", "raised", "text", "faint", "link", "mark", ...["forward", "error", "backward", "update", "transfer", "refresh", "test", "init"].map((p) => `phase-${p}`)]
      .map((name) => [name, css(`--${name}`)]));
  });
  const linear = (name) => [1, 3, 5].map((i) => parseInt(hex[name].slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const luminance = (name) => linear(name).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => (Math.max(luminance(a), luminance(b)) + 0.05) / (Math.min(luminance(a), luminance(b)) + 0.05);
  for (const ground of ["back", "raised"]) {
    for (const name of Object.keys(hex).filter((n) => !["back", "raised", "mark"].includes(n))) {
      const wanted = name.startsWith("phase-") ? 3 : 4.5;
      assert.ok(contrast(name, ground) >= wanted, `${scheme}: contrast of ${name} on ${ground} is ${contrast(name, ground).toFixed(2)}`);
    }
  }
  assert.ok(contrast("text", "mark") >= 4.5, `${scheme}: text on marked rows`);
  const eyes = { all: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]] };
  const lab = (name, eye) => {
    const [r, g, b] = eye.map((row) => Math.min(Math.max(row.reduce((sum, m, i) => sum + m * linear(name)[i], 0), 0), 1));
    const f = (t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
    const [x, y, z] = [f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047), f(0.2126 * r + 0.7152 * g + 0.0722 * b), f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883)];
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  };
  const phases = Object.keys(hex).filter((n) => n.startsWith("phase-"));
  for (const [who, eye] of Object.entries(eyes)) {
    phases.forEach((a, i) => phases.slice(i + 1).forEach((b) => {
      const distance = Math.hypot(...lab(a, eye).map((v, k) => v - lab(b, eye)[k]));
      assert.ok(distance > 20, `${scheme}, ${who}: ${a} and ${b} are ${distance.toFixed(1)} apart`);
    }));
  }
}

/* No number is parted from its unit by a space at which a line may end. */
async function checkJoined(page) {
  const parted = await page.evaluate(() => document.querySelector("main").innerText.match(/[0-9] (%|pt|\u00d7|[EPTGMkm\u00b5npfa]?(J|s|W|Hz)|[m\u00b5]m\u00b2|TOPS)(?![a-z0-9])/g) || []);
  assert.deepEqual([...new Set(parted)], []);
}

/* On a phone the first column of a table wider than the screen stays while the others are scrolled by, and `figures` more fit beside it. */
async function checkPinned(file, selector, figures) {
  const { page, close } = await open(file, { width: 390 });
  const [before, after, seen, wider] = await page.evaluate((where) => {
    const region = document.querySelector(`${where} .scroll`);
    const left = () => region.querySelector("tbody tr").cells[0].getBoundingClientRect().left - region.getBoundingClientRect().left;
    const end = region.getBoundingClientRect().right;
    const seen = [...region.querySelector("tbody tr").cells].slice(1).filter((c) => c.getBoundingClientRect().right <= end + 1).length;
    const before = left();
    region.scrollLeft = region.scrollWidth;
    return [before, left(), seen, region.scrollWidth > region.clientWidth];
  }, selector);
  assert.ok(wider, `${selector} is wider than a phone`);
  assert.ok(Math.abs(after - before) < 1, `${selector}: the first column went from ${before} to ${after}`);
  assert.ok(seen >= figures, `${selector}: ${seen} columns beside the first on a phone`);
  await close();
}

/* On paper, A4 across with margins of 1 cm, nothing is wider than the page; a caption of a table is not scrolled away with it. */
async function checkPaper(file) {
  const { page, close } = await open(file, { width: 1046 });
  await page.emulateMedia({ colorScheme: "light", media: "print" });
  const wide = await page.evaluate(() => {
    document.querySelectorAll("details").forEach((d) => { d.open = true; });
    return [...document.querySelectorAll("main table, main svg, main canvas")].filter((e) => e.getBoundingClientRect().right > innerWidth)
      .map((e) => `${e.getAttribute("aria-label")}: ${e.getBoundingClientRect().right}`);
  });
  assert.deepEqual(wide, [], "wider than paper");
  assert.equal(await page.locator(".scroll caption, .scroll .caption").count(), 0);
  assert.ok(await page.locator(".caption").count() > 0);
  await close();
}

/* Desktop and phone, light and dark: every chart drawn, nothing wider than its place, colours told apart; pictures into `folder`. */
async function look(file, folder, name) {
  fs.mkdirSync(folder, { recursive: true });
  await checkPaper(file);
  for (const [screen, width] of [["desktop", 1280], ["phone", 390]]) {
    for (const colorScheme of ["light", "dark"]) {
      const { page, close } = await open(file, { width, colorScheme });
      await page.waitForFunction(() => [...document.querySelectorAll(".drawing")].every((d) => d.querySelector("svg"))); /* their width is known */
      assert.deepEqual(await blank(page), [], `${screen}, ${colorScheme}: charts that are blank`);
      assert.ok(await page.evaluate(() => document.querySelectorAll("canvas").length) > 0);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${screen}: as wide as the screen`);
      assert.deepEqual(await overflowing(page), [], `${screen}, ${colorScheme}: texts that reach beyond their place`);
      assert.deepEqual(await split(page), [], `${screen}: figures on two lines`);
      await checkPalette(page, colorScheme);
      await page.screenshot(path.join(folder, `${name}-${screen}-${colorScheme}.png`));
      await close();
    }
  }
}

module.exports = { open, look, checkPaper, checkJoined, checkPinned };
