/*
 * node report_page.js RUN SHOTS NAME: RUN/report.html in headless Chromium. No console message, no request, every chart drawn, figures equal
 * to summary.json, tables sort, keys work. Pictures for the eye go into SHOTS.
 */
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { open, look } = require("./browser.js");

const run = path.resolve(process.argv[2]);
const shots = path.resolve(process.argv[3]);
const file = path.join(run, "report.html");
const summary = JSON.parse(fs.readFileSync(path.join(run, "summary.json"), "utf8"));
const energyRows = fs.readFileSync(path.join(run, "energy.csv"), "utf8").trim().split("\n").length - 1;

const PREFIX = { E: 1e18, P: 1e15, T: 1e12, G: 1e9, M: 1e6, k: 1e3, "": 1, m: 1e-3, "\u00b5": 1e-6, n: 1e-9, p: 1e-12, f: 1e-15, a: 1e-18 };

/* "92.7 mJ" as 0.0927 */
function number(text, unit) {
  const found = text.match(new RegExp(`^(-?[0-9.]+) ([EPTGMkm\u00b5npfa]?)${unit}$`));
  assert.ok(found, `"${text}" is no figure in ${unit}`);
  return Number(found[1]) * PREFIX[found[2]];
}

/* Three digits of it are shown. */
function shows(text, unit, wanted) {
  assert.ok(Math.abs(number(text, unit) - wanted) <= 0.0051 * Math.abs(wanted), `${text} stands for ${wanted} ${unit}`);
}

async function checkFigures(page) {
  const card = async (title) => page.locator(".card", { has: page.locator(".name", { hasText: new RegExp(`^${title}$`) }) }).locator(".value").innerText();
  assert.equal(await card("Test accuracy"), `${(100 * summary.accuracy.test_final).toFixed(2)} %`);
  shows(await card("Energy of training"), "J", summary.energy_j.total);
  shows(await card("Energy per image"), "J", summary.energy_j.per_image);
  shows(await card("Latency of training"), "s", summary.latency_s.total);
  shows(await card("Latency per image"), "s", summary.latency_s.per_image);
  shows(await card("Area"), "mm\u00b2", summary.area_mm2.total);
  const worst = summary.writes.max_per_device;
  assert.equal(await card("Worst cell"), worst === null ? "none" : worst.toLocaleString("en-US"));
  assert.match(await page.locator("h1").innerText(), new RegExp(`on ${summary.dataset.name} in .* bottleneck ${summary.latency_s.bottleneck}, busy`));
  assert.deepEqual(await page.locator("header .notices li").allInnerTexts(), summary.advice.map((a) => `${a.text}.`));
  const parts = await page.locator("#energy table").first().locator("tbody tr").evaluateAll((rows) => rows.map((r) => [...r.cells].map((c) => c.textContent)));
  const wanted = Object.entries(summary.energy_j.by_component).filter(([, c]) => c.total > 0);
  assert.equal(parts.length, wanted.length);
  for (const [name, c] of wanted) {
    const row = parts.find((r) => r[0] === name.replaceAll("_", " "));
    shows(row[1], "J", c.total);
    shows(row[3], "J", c.low);
    shows(row[4], "J", c.high);
  }
}

/* A row a layer, of what they share and of the chip, each figure that of summary.json, and an explanation of its own. */
async function checkLayers(page) {
  const tables = page.locator("#layers table");
  /* rows as objects, by the columns' heads */
  const cells = async (i) => {
    const texts = (rows) => rows.map((r) => [...r.cells].map((c) => c.textContent));
    const heads = (await tables.nth(i).locator("thead tr").evaluateAll(texts)).pop();
    return (await tables.nth(i).locator("tbody tr").evaluateAll(texts)).map((r) => Object.fromEntries(r.map((text, k) => [heads[k], text])));
  };
  const energy = await cells(0);
  const writes = await cells(1);
  assert.equal(energy.length, summary.layers.length + 1);
  [...summary.layers, summary].forEach((layer, i) => {
    const title = i === summary.layers.length ? "all" : layer.kind ? `${layer.layer} ${layer.kind} ${layer.shape}` : "shared";
    assert.equal(energy[i].layer, title);
    assert.equal(writes[i].layer, title);
    assert.equal(energy[i].rows, typeof layer.rows === "number" ? layer.rows.toLocaleString("en-US") : "");
    assert.equal(energy[i].tiles, String(layer.array.tiles));
    if (layer.energy_j.static > 0) {
      shows(energy[i]["energy per image"], "J", layer.energy_j.per_image);
      shows(energy[i]["static energy"], "J", layer.energy_j.static);
    }
    assert.equal(writes[i]["SET pulses"], layer.writes.set_total.toLocaleString("en-US"));
  });
  const designs = Object.values(summary.baselines);
  const beside = await tables.nth(2).locator("tbody tr").evaluateAll((rows) => rows.map((r) => [...r.cells].map((c) => c.textContent)));
  assert.equal(beside.length, summary.layers.length + 1);
  beside.forEach((row, i) => { /* the chip's energy, the designs', their times */
    assert.equal(row[0], energy[i].layer);
    shows(row[1], "J", (summary.layers[i] ?? summary).energy_j.per_image);
    designs.forEach((design, d) => {
      const part = i < summary.layers.length ? design.layers[i] : { energy_j: { per_image: design.energy_j_per_image }, latency_s: { per_image: design.latency_s_per_image } };
      shows(row[2 + d], "J", part.energy_j.per_image);
      if (part.latency_s.per_image > 0) shows(row[2 + designs.length + d], "s", part.latency_s.per_image);
    });
  });
  await tables.nth(0).locator("tbody tr").nth(0).locator("button").nth(6).click();
  const dialog = page.locator("dialog");
  assert.match(await dialog.innerText(), /^layers\.0\.energy_j\.per_image/);
  await page.keyboard.press("Escape");
  await dialog.waitForNone();
}

/* A bar an operation, none before its unit's name or beyond the picture, and in the right order. */
async function checkTimeline(page) {
  const timeline = JSON.parse(fs.readFileSync(path.join(run, "timeline.json"), "utf8"));
  const bars = await page.locator("svg.gantt rect").evaluateAll((all) => all.map((r) => ["x", "y", "width"].map((a) => Number(r.getAttribute(a)))));
  assert.equal(bars.length, timeline.operations.length);
  const span = Math.max(...timeline.operations.map((o) => o.end_ps)) - Math.min(...timeline.operations.map((o) => o.start_ps));
  bars.forEach(([x, y, width], i) => {
    const o = timeline.operations[i];
    const scale = (x - bars[0][0]) / (o.start_ps - timeline.operations[0].start_ps);
    assert.ok(i === 0 || o.start_ps === timeline.operations[0].start_ps || Math.abs(scale * span - 780) < 1e-6, "starts are to scale");
    assert.ok(Math.abs(width - (780 * (o.end_ps - o.start_ps)) / span) < 0.751, "lengths are to scale");
    assert.equal((y - bars[0][1]) / 20, o.track - timeline.operations[0].track);
  });
}

async function checkTables(page) {
  const table = page.locator("#energy table").first();
  const column = async (i) => (await table.locator(`tbody tr td:nth-child(${i})`).allInnerTexts());
  const head = table.locator("thead th").first();
  await head.locator("button").focus();
  await page.keyboard.press("Enter");
  assert.equal(await head.getAttribute("aria-sort"), "ascending");
  const names = await column(1);
  assert.deepEqual(names, names.slice().sort((a, b) => a.localeCompare(b)));
  await page.keyboard.press("Space");
  assert.equal(await head.getAttribute("aria-sort"), "descending");
  assert.deepEqual(await column(1), names.slice().reverse());
  await table.locator("thead th").nth(1).locator("button").click();
  const joules = (await column(2)).map((text) => number(text, "J"));
  assert.deepEqual(joules, joules.slice().sort((a, b) => b - a));
  await page.locator("#energy summary").press("Enter");
  assert.equal(await page.locator("#energy details table tbody tr").count(), energyRows);
  await page.locator("#energy details button", { hasText: "Copy as CSV" }).press("Enter");
  const csv = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(csv.split("\n").length, energyRows + 1);
  assert.match(csv, /^phase,component,operations,each,energy,source of the constant\n/);
}

/* An image's own time begins with its first read: it is loaded while others are worked on. */
async function checkTimelineWords(page) {
  const t = JSON.parse(fs.readFileSync(path.join(run, "timeline.json")));
  const work = t.operations.filter((o) => t.tracks[o.track].resource !== "image_port");
  const first = Math.min(...work.map((o) => o.start_ps)), end = Math.max(...t.operations.map((o) => o.end_ps));
  const busy = t.tracks.map((_, i) => work.filter((o) => o.track === i).reduce((sum, o) => sum + o.busy_ps, 0));
  const most = Math.max(...busy);
  const words = await page.locator("figure:has(svg.gantt) figcaption").innerText();
  assert.ok(words.includes(`${t.tracks[busy.indexOf(most)].name} is busy longest, ${((100 * most) / (end - first)).toFixed(0)} % of it.`), words);
  const starts = await page.locator("#time details table").nth(1).locator("tbody tr td:nth-child(4)").allTextContents();
  assert.deepEqual(starts.map((s) => Number(s.replaceAll(",", ""))), t.operations.map((o) => o.start_ps - first));
}

/* On paper, charts have the colours of paper, whatever the screen has. */
async function checkPrint(page) {
  const ink = () => page.evaluate(() => Object.values(Chart.instances)[0].options.color);
  const light = await ink();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForFunction((before) => Object.values(Chart.instances)[0].options.color !== before, light); /* drawn anew */
  const screen = await ink();
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await ink(), "#000000");
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.equal(await ink(), screen);
  await page.emulateMedia({ colorScheme: "light" });
}

async function checkExplanation(page) {
  const figure = page.locator(".card", { hasText: "Energy of training" }).locator("button.figure");
  await figure.focus();
  await page.keyboard.press("Enter");
  const dialog = page.locator("dialog");
  assert.match(await dialog.innerText(), /^energy_j\.total/);
  const numbers = (await dialog.innerText()).match(/[0-9][-+.0-9e]*/g).map(Number);
  assert.ok(numbers.includes(summary.energy_j.total), "the explanation has the figure with all digits");
  await page.keyboard.press("Escape");
  await dialog.waitForNone();
  assert.ok(await figure.evaluate((element) => element === document.activeElement), "the focus is back");
}

(async () => {
  assert.ok(fs.statSync(file).size < 1.5e6, "report.html is below 1.5 MB");
  const { page, close } = await open(file);
  await checkFigures(page);
  await checkLayers(page);
  await checkTimeline(page);
  await checkTimelineWords(page);
  await checkPrint(page);
  await checkExplanation(page);
  await checkTables(page);
  await close();
  await look(file, shots, process.argv[4]);
  console.log("report.html: as it should be");
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
