/*
 * node sweep_page.js SWEEP SHOTS: SWEEP/sweep.html in headless Chromium. No console message, no request, every chart drawn; the fronts are
 * those of pareto.csv, the means those of groups.csv; ties are told, the knee is the one by hand; choices and keys work.
 */
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { open, look, checkJoined, checkPinned } = require("./browser.js");

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

/* Cards: the best value, and every setting that has it; names whole. */
async function checkTies(page) {
  const best = { accuracy: ["accuracy_test_final_mean", 1], energy: ["energy_j_per_image_mean", -1], latency: ["latency_s_per_image_mean", -1], area: ["area_mm2_mean", -1] };
  const groups = csv("groups.csv");
  let ties = 0;
  for (const [objective, [column, sign]] of Object.entries(best)) {
    const top = Math.max(...groups.map((g) => sign * Number(g[column])));
    const tied = groups.filter((g) => sign * Number(g[column]) === top).map((g) => g.setting);
    const note = await page.locator(".card", { has: page.locator(".name", { hasText: new RegExp(`^Best ${objective}$`) }) }).locator(".note").first().innerText();
    if (tied.length === 1) {
      assert.ok(note.startsWith(`setting ${tied[0]}: `), note);
    } else {
      ++ties;
      assert.ok(note.startsWith(`${tied.length} settings tie (`), note);
      const named = note.match(/\(([^)]*)\)/)[1].split(", ").filter((n) => n !== "\u2026");
      assert.ok(named.every((n) => tied.includes(n)) && named.length === Math.min(tied.length, 4), note);
    }
  }
  return ties;
}

/* The knee, by hand: the point of the front that is furthest from the line between its ends, ringed in the chart, marked in the table. */
async function checkKnee(page) {
  const [x, y] = ["accuracy_test_final", "energy_j_per_image"];
  await page.locator("label.choice", { hasText: "up:" }).locator("select").selectOption(x);
  await page.locator("label.choice", { hasText: "across:" }).locator("select").selectOption(y);
  const front = csv("pareto.csv").filter((r) => r.front === "accuracy-energy");
  const groups = csv("groups.csv");
  const points = front.map((r) => groups.find((g) => g.setting === r.setting)).map((g) => ({ setting: g.setting, x: Number(g[`${x}_mean`]), y: Number(g[`${y}_mean`]) }));
  const [a, b] = [points[0], points[points.length - 1]];
  const distance = (p) => ((p.y - a.y) / (b.y - a.y) - (p.x - a.x) / (b.x - a.x)) / Math.SQRT2;
  const knee = points.slice(1, -1).reduce((best, p) => (!best || distance(p) > distance(best) ? p : best), null);
  const words = await page.locator("#frontier figcaption").innerText();
  const marked = await page.locator("#frontier tr.changed td:first-child").allInnerTexts();
  const ring = await page.evaluate(() => Object.values(Chart.instances).flatMap((c) => c.data.datasets).filter((d) => (d.label || "").startsWith("knee")).map((d) => d.label));
  if (knee && distance(knee) * Math.SQRT2 > 0.02) {
    assert.ok(words.includes(`Its knee, ringed: setting ${knee.setting} (`), words);
    assert.deepEqual([marked, ring], [[knee.setting], [`knee: setting ${knee.setting}`]]);
  } else {
    assert.ok(words.includes("no knee"), words);
    assert.deepEqual([marked, ring], [[], []]);
  }
  return Boolean(knee);
}

/* The head says what is chance, one seed or several, and what the knee gives for what; cards have the other figures of their setting. */
async function checkHead(page) {
  const points = JSON.parse(fs.readFileSync(path.join(sweep, "sweep.json"), "utf8")).points;
  const groups = csv("groups.csv");
  const [top] = groups.map((g) => Number(g.accuracy_test_final_mean)).sort((a, b) => b - a);
  const images = points[0].test_images;
  const header = await page.locator("header").innerText();
  assert.ok(header.includes(`${images} test images: differences in accuracy below about \u00b1${(200 * Math.sqrt((2 * top * (1 - top)) / images)).toFixed(1)} pt are chance`), header);
  /* how many cannot be told apart from the best: under the headline, in it, on the tile and under the front */
  const noise = 2 * Math.sqrt((2 * top * (1 - top)) / images);
  const close = groups.filter((g) => top - Number(g.accuracy_test_final_mean) <= noise).length - 1;
  const alike = `${close} of the other ${groups.length - 1} settings cannot be told apart from`;
  assert.match(await page.locator("h1 + p.chance").innerText(), close ? new RegExp(`are chance, and ${alike} the best\\.$`) : /are chance\.$/);
  assert.equal((await page.locator("h1").innerText()).includes(`; ${alike} it.`), close > 0);
  assert.deepEqual(await page.locator(".card .alike").allInnerTexts(), close > 0 ? [`${alike} it.`] : []);
  assert.equal((await page.locator("#frontier figcaption").innerText()).includes(`${alike} the best.`), close > 0);
  const single = groups.every((g) => g.done === "1");
  assert.deepEqual([header.includes("One seed a setting"), header.includes("means over its seeds")], [single, !single], header);
  const legends = await page.evaluate(() => Object.values(Chart.instances).flatMap((c) => c.data.datasets).map((d) => d.label));
  assert.equal(legends.includes("single seeds"), !single);
  const beside = await page.locator(".card .beside").allInnerTexts();
  assert.equal(beside.length, 4);
  assert.ok(beside[0].includes("energy") && beside[0].includes("area") && beside[1].includes("accuracy"), beside.join());
  const ring = legends.find((l) => (l || "").startsWith("knee: setting "));
  assert.equal((await page.locator("h1").innerText()).includes(`${(ring || "knee: none").replace("knee: s", "Knee, s")}: `), Boolean(ring));
}

/* What the points have to tell, with how many tell it. */
async function checkNotices(page) {
  const { notices } = JSON.parse(fs.readFileSync(path.join(sweep, "sweep.json"), "utf8"));
  assert.deepEqual(await page.locator(".notices li").allTextContents(), notices.map((n) => `${n.text} (points of the plan: ${n.points})`));
  return notices.length;
}

/* Sampled keys: a scale of numbers, not a list of them. */
async function checkSampled(page) {
  const kinds = await page.evaluate(() => [...document.querySelectorAll("canvas")].map((canvas) => Chart.getChart(canvas)).map((c) => [c.config.type, c.data.datasets.length, c.options.scales.x.type]));
  const keys = Object.keys(csv("groups.csv")[0]).indexOf("done") - 1;
  assert.equal(kinds.length, 1 + keys);
  assert.ok([3, 4].includes(kinds[0][1]), "settings, front, its knee where it has one, seeds");
  kinds.slice(1).forEach(([type, sets]) => assert.deepEqual([type, sets], ["scatter", 1]));
  assert.equal(kinds[1][2], "logarithmic"); /* over two decades */
  const shown = await page.locator("#parallel svg text").allTextContents();
  assert.ok(shown.every((text) => text.length < 26 && !/[0-9]{7}/.test(text)), `numbers have few digits: ${shown}`);
}

(async () => {
  const { page, close } = await open(file);
  await checkJoined(page);
  await checkFronts(page);
  await checkSettings(page);
  await checkParallel(page);
  const notices = await checkNotices(page);
  const ties = await checkTies(page);
  const bends = await checkKnee(page);
  await checkHead(page);
  if (process.argv[4] === "sampled") {
    await checkSampled(page);
    assert.ok(bends, "its front has a knee");
    assert.ok(notices > 0, "converters of other bits take the time of the default one");
    await close();
    await look(file, shots, "sampled");
    return console.log("sweep.html of samples: as it should be");
  }
  if (process.argv[4] === "tied") {
    assert.ok(ties > 0, "settings that share the best figure");
    await close();
    await look(file, shots, "tied");
    return console.log("sweep.html of ties: as it should be");
  }
  const before = await page.locator("#effects figcaption").first().innerText();
  await page.locator("#effects select").selectOption("energy_j_per_image");
  assert.notEqual(await page.locator("#effects figcaption").first().innerText(), before);
  await close();
  await checkPinned(file, "#settings", 2);
  await look(file, shots, "sweep");
  return console.log("sweep.html: as it should be");
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
