// Keeps the page's numbers and its chart those of the server, for as long as the page is open.

const STAGES = ["enrolled", "assessed", "passed", "issued", "left"];
const ANNOUNCE_MS = 5000; // a screen reader is not to be talked over by every single learner
const RETRY_MS = 5000;

const form = document.getElementById("view");
const status = document.getElementById("status");
const rowName = document.getElementById("row-name");
const whole = new Intl.NumberFormat("en");

let stream = null;
let chart = null;
let announced = 0;
let announcement = 0;

const query = () => new URLSearchParams(new FormData(form)).toString();
const percent = (rate) => (rate === null ? "–" : `${(100 * rate).toFixed(1)} %`);
const words = (name) => (name[0].toUpperCase() + name.slice(1)).replaceAll("_", " ");

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function cell(row, stage) {
  const rate = row.rates[`${stage}_of_enrolled`];
  const share = rate === undefined ? [] : [element("small", {}, `${percent(rate)} of enrolled`)];
  return element("td", { role: "cell" }, whole.format(row.counts[stage]), ...share);
}

function tableRow(row) {
  const head = element("th", { scope: "row", role: "rowheader" }, row.title);
  return element("tr", { role: "row" }, head, ...STAGES.map((stage) => cell(row, stage)));
}

function showNumbers(funnel) {
  rowName.textContent = funnel.by === "month" ? "Month of enrolment" : "Offering";
  document.getElementById("rows").replaceChildren(...funnel.rows.map(tableRow));
  document.getElementById("total").replaceChildren(tableRow(funnel.total));
  const rates = Object.entries(funnel.total.rates);
  document.getElementById("rates").replaceChildren(
    ...rates.map(([name, rate]) => element("div", {}, element("dt", {}, words(name)), element("dd", {}, percent(rate)))),
  );
}

function marks(funnel) {
  return funnel.rows.flatMap((row) =>
    STAGES.map((stage) => ({
      label: row.title,
      stage: words(stage),
      learners: row.counts[stage],
      told: `${row.title}, ${stage}: ${row.counts[stage]}`,
    })),
  );
}

async function drawChart() {
  const answer = await fetch(`/dashboard/chart.json?${query()}`);
  if (!answer.ok) throw new Error(`chart.json: ${answer.status}`);
  // `ast` evaluates expressions without eval; styles in the page are forbidden by our own policy.
  const options = { ast: true, actions: false, defaultStyle: false, tooltip: false, renderer: "svg" };
  return (await window.vegaEmbed("#chart", await answer.json(), options)).view;
}

async function showChart(funnel) {
  chart ??= drawChart();
  await (await chart).data("funnel", marks(funnel)).resize().runAsync();
}

function announce(text) {
  clearTimeout(announcement);
  const wait = Math.max(0, announced + ANNOUNCE_MS - Date.now());
  announcement = setTimeout(() => {
    announced = Date.now();
    status.textContent = text;
  }, wait);
}

function show(funnel) {
  const { enrolled, assessed, passed, issued } = funnel.total.counts;
  const [e, a, p, i] = [enrolled, assessed, passed, issued].map((count) => whole.format(count));
  announce(`Live: ${e} enrolled, ${a} assessed, ${p} passed, ${i} issued.`);
  showNumbers(funnel);
  showChart(funnel).catch((fault) => {
    chart = null;
    announce(`The chart cannot be drawn (${fault.message}); the table is up to date.`);
  });
}

async function lost() {
  if (stream.readyState !== EventSource.CLOSED) return announce("Connection lost; trying again.");
  const answer = await fetch(`/v1/funnel?${query()}`).catch(() => null);
  if (answer?.status === 401) return window.location.assign("/dashboard");
  announce("Not live at the moment; trying again.");
  setTimeout(follow, RETRY_MS);
}

function follow() {
  stream?.close();
  stream = new EventSource(`/v1/funnel/live?${query()}`);
  stream.addEventListener("funnel", (event) => show(JSON.parse(event.data)));
  stream.addEventListener("unavailable", () => announce("The numbers cannot be read at the moment; these are old."));
  stream.addEventListener("error", lost);
}

form.classList.add("live");
form.addEventListener("change", () => {
  history.replaceState(null, "", `/dashboard?${query()}`);
  announced = 0;
  follow();
});
window.addEventListener("pagehide", () => stream?.close());
window.addEventListener("pageshow", (event) => event.persisted && follow());
follow();
