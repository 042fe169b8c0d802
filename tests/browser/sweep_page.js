/*
 * node sweep_page.js SWEEP SHOTS: SWEEP/sweep.html in headless Chromium. No console message, no request, every chart drawn; the fronts are
 * those of pareto.csv, the means those of groups.csv; choices and keys work.
 */
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { open, look } = require("./browser.js");

const sweep = path.resolve(process.argv[2]);
const shots = path.resolve(process.argv[3]);
const file = path.join(sweep, "sweep.html");

/* No field of these files has a comma or a quote. */
function csv(name) {
  const [head, ...rows] = fs.readFileSync(path.join(sweep, name), "utf8").trim().split("\n").map((line) => line.split(","));
  return rows.map((row) => Object.fromEntries(head.map((key, i) => [key, row[i]])));
}

const texts = (table, column) => table.locator(`tbody tr td:nth-child(${column})`).allInnerTexts();

async function checkFronts(page) {
  const objectives = { accuracy: "accuracy_test_final", energy: "energy_j_per_image", latency: "latency_s_per_image", area: "area_mm2" };
  const pareto = csv("pareto.csv");
  const [up, across] = [page.locator("label.choice", { hasText: "up:" }).locator("select"), page.locator("label.choice", { hasText: "across:" }).locator("select")];
  for (const front of new Set(pareto.map((r) => r.front))) {
    const [x, y] = front.split("-");
    await up.selectOption(objectives[x]);
    await across.selectOption(objectives[y]);
    const got = await texts(page.locator("#frontier table"), 1);
    assert.deepEqual(got, pareto.filter((r) => r.front === front).map((r) => r.setting), front);
  }
}

async function checkSettings(page) {
  const table = page.locator("#settings table");
  const groups = csv("groups.csv");
  assert.deepEqual(await texts(table, 1), groups.map((g) => g.setting));
  const heads = await table.locator("thead th").allInnerTexts();
  const accuracy = await texts(table, heads.findIndex((h) => h.startsWith("accuracy")) + 1);
  groups.forEach((g, i) => assert.ok(accuracy[i].startsWith(`${(100 * Number(g.accuracy_test_final_mean)).toFixed(2)} %`), `${accuracy[i]} of setting ${g.setting}`));
  const head = table.locator("thead th").first();
  await head.locator("button").focus();
  await page.keyboard.press("Enter");
  assert.deepEqual(await texts(table, 1), groups.map((g) => g.setting).reverse());
}

async function checkParallel(page) {
  const groups = csv("groups.csv");
  assert.equal(await page.locator("svg.parallel polyline").count(), groups.length);
  await page.locator("#parallel select").selectOption(groups[0].setting);
  assert.match(await page.locator("#parallel [role=status]").innerText(), new RegExp(`^Setting ${groups[0].setting}: `));
}

/* What the points have to tell, with how many tell it. */
async function checkNotices(page) {
  const { notices } = JSON.parse(fs.readFileSync(path.join(sweep, "sweep.json"), "utf8"));
  assert.deepEqual(await page.locator(".notices li").allInnerTexts(), notices.map((n) => `${n.text} (points of the plan: ${n.points})`));
  return notices.length;
}

/* Sampled keys: a scale of numbers, not a list of them. */
async function checkSampled(page) {
  const kinds = await page.evaluate(() => [...document.querySelectorAll("canvas")].map((canvas) => Chart.getChart(canvas)).map((c) => [c.config.type, c.data.datasets.length, c.options.scales.x.type]));
  const keys = Object.keys(csv("groups.csv")[0]).indexOf("done") - 1;
  assert.equal(kinds.length, 1 + keys);
  assert.ok(kinds[0][1] === 3, "settings, front, seeds");
  kinds.slice(1).forEach(([type, sets]) => assert.deepEqual([type, sets], ["scatter", 1]));
  assert.equal(kinds[1][2], "logarithmic"); /* over two decades */
  const shown = await page.locator("#parallel svg text").allTextContents();
  assert.ok(shown.every((text) => text.length < 26 && !/[0-9]{7}/.test(text)), `numbers have few digits: ${shown}`);
}

(async () => {
  const { page, close } = await open(file);
  await checkFronts(page);
  await checkSettings(page);
  await checkParallel(page);
  const notices = await checkNotices(page);
  if (process.argv[4] === "sampled") {
    await checkSampled(page);
    assert.ok(notices > 0, "converters of other bits take the time of the default one");
    await close();
    await look(file, shots, "sampled");
    return console.log("sweep.html of samples: as it should be");
  }
  const before = await page.locator("#effects figcaption").first().innerText();
  await page.locator("#effects select").selectOption("energy_j_per_image");
  assert.notEqual(await page.locator("#effects figcaption").first().innerText(), before);
  await close();
  await look(file, shots, "sweep");
  return console.log("sweep.html: as it should be");
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
