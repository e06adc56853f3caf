// The page of a check: filters, the matrix unit × form, the list, and each finding with both its sides.
const LEVELS = ["强制", "核实", "提示"], OPEN = 0, TOLD = 1, WAIVED = 2, NODE = 2, ABSENT = 0;
const LOOKS = ["e", "w", "n"], MARKS = ["✕", "!", "·"];
const found = told.findings, size = (found.level || []).length;
const every = Array.from({ length: size }, (_, at) => at);
const STATES = ["待处理", "已说明", "已豁免"];
const state = every.map((at) => (found.waiver[at] !== 0 ? WAIVED : found.explanation[at] !== 0 ? TOLD : OPEN));
const names = ["level", "state", "unit", "form", "rule", "text"];
const searched = [];
const opened = new Set();

function searchable(at) {
  if (searched[at] === undefined) {
    const unit = told.units[found.unit[at]], rule = told.rules[found.rule[at]];
    const parts = [unit ? unit[1] : "", rule[0], told.phrases[found.place[at]], say(found.says[at]), say(found.cause[at]), say(found.explanation[at]), say(found.waiver[at])];
    searched[at] = parts.join("\n").toLowerCase();
  }
  return searched[at];
}

function within(unit, node) {
  for (let at = unit; at >= 0; at = told.units[at][3]) if (at === node) return true;
  return false;
}

function chosen() {
  const wanted = {};
  for (const name of names) wanted[name] = byId(name).value;
  wanted.text = wanted.text.trim().toLowerCase();
  return wanted;
}

function matches(wanted, at) {
  return (
    (wanted.level === "" || found.level[at] === +wanted.level) &&
    (wanted.state === "" || state[at] === +wanted.state) &&
    (wanted.unit === "" || within(found.unit[at], +wanted.unit)) &&
    (wanted.form === "" || found.form[at] === +wanted.form) &&
    (wanted.rule === "" || found.rule[at] === +wanted.rule) &&
    (wanted.text === "" || searchable(at).includes(wanted.text))
  );
}

function fillFilters() {
  const depth = told.units.map(() => 0);
  told.units.forEach((unit, at) => { depth[at] = unit[3] < 0 ? 0 : depth[unit[3]] + 1; });
  const counts = told.rules.map(() => 0);
  for (const at of every) counts[found.rule[at]] += 1;
  choices(byId("level"), [["", "全部"], ...LEVELS.map((text, at) => [at, text])]);
  choices(byId("state"), [["", "全部"], ...STATES.map((text, at) => [at, text])]);
  choices(byId("unit"), [["", "全部"], ...told.units.map((unit, at) => [at, "　".repeat(depth[at]) + unit[1] + (unit[2] === NODE ? "（含下级）" : "")])]);
  choices(byId("form"), [["", "全部"], ...told.forms.map((form, at) => [at, `${form[0]} ${form[1]}`]), [-1, "不在表内"]]);
  choices(byId("rule"), [["", "全部"], ...told.rules.map((rule, at) => [at, `${rule[0]}（${counts[at]}）${rule[1]}`])]);
}

// ---- the matrix

function tally(kept) {
  const counts = new Map();
  for (const at of kept) {
    const key = `${found.unit[at]} ${found.form[at]}`;
    if (!counts.has(key)) counts.set(key, [0, 0, 0, 0]);
    counts.get(key)[state[at] === OPEN ? found.level[at] : 3] += 1;
  }
  return counts;
}

function head() {
  const row = make("tr");
  put(row, make("th", "单位"), make("th", "强制", "total"), make("th", "待说明", "total"));
  for (const form of told.forms) {
    const cell = make("th", form[0]);
    cell.title = form[1];
    row.appendChild(cell);
  }
  put(row, make("th", "其他"));
  put(document.querySelector(".grid thead"), row);
}

function cell(unit, form, counts) {
  const [errors, warnings, notes, explained] = counts || [0, 0, 0, 0];
  const open = [errors, warnings, notes], worst = open.findIndex((count) => count > 0);
  if (worst >= 0) return goTo(make("td", `${MARKS[worst]}${open[worst]}`, LOOKS[worst]), unit, form, `强制 ${errors}，待说明 ${warnings}，提示 ${notes}，已说明或豁免 ${explained}`);
  if (explained) return goTo(make("td", `○${explained}`, "t"), unit, form, `已说明或豁免 ${explained}`);
  if (form >= 0 && !told.forms[form][3][told.units[unit][2]]) return make("td", "", "x");
  if (told.units[unit][4] === ABSENT) return make("td", "－", "m");
  return make("td", form < 0 ? "" : "✓", "c");
}

function goTo(td, unit, form, says) {
  const name = form < 0 ? "不在表内" : `${told.forms[form][0]} ${told.forms[form][1]}`;
  td.classList.add("go");
  td.title = `${told.units[unit][1]} ${name}：${says}`;
  td.setAttribute("aria-label", td.title);
  td.tabIndex = -1;
  td.dataset.unit = unit;
  td.dataset.form = form;
  return td;
}

function drawUnit([unit, counts], body) {
  const row = make("tr"), name = make("th", "", told.units[unit][2] === NODE ? "node" : "");
  name.scope = "row";
  name.title = told.units[unit][0];
  put(name, apart(told.units[unit][1]));
  put(row, name, make("td", counts.errors || "", counts.errors ? "total e" : "total"), make("td", counts.warnings || "", counts.warnings ? "total w" : "total"));
  for (let form = 0; form < told.forms.length; form += 1) row.appendChild(cell(unit, form, counts.cells.get(`${unit} ${form}`)));
  row.appendChild(cell(unit, -1, counts.cells.get(`${unit} -1`)));
  body.appendChild(row);
}

function unitRows(kept, wanted) {
  const cells = tally(kept), errors = told.units.map(() => 0), warnings = told.units.map(() => 0);
  for (const at of kept) {
    if (state[at] !== OPEN || found.unit[at] < 0) continue;
    if (found.level[at] === 0) errors[found.unit[at]] += 1;
    if (found.level[at] === 1) warnings[found.unit[at]] += 1;
  }
  const rows = told.units.map((_, unit) => [unit, { cells, errors: errors[unit], warnings: warnings[unit] }]);
  const shown = wanted.unit === "" ? rows : rows.filter(([unit]) => within(unit, +wanted.unit));
  if (byId("worst").checked) shown.sort((one, other) => other[1].errors - one[1].errors || other[1].warnings - one[1].warnings || one[0] - other[0]);
  return shown;
}

function walk(event) {
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const at = event.target.closest("td.go");
  if (!at) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    pick(at);
  }
  if (!steps[event.key]) return;
  event.preventDefault();
  const next = nextCell(at, ...steps[event.key]);
  if (next) rove(next);
}

function nextCell(from, down, right) {
  let row = from.parentNode, at = from.cellIndex;
  for (;;) {
    if (down) row = down > 0 ? row.nextSibling : row.previousSibling;
    at += right;
    const next = row && row.cells[at];
    if (!next) return null;
    if (next.classList.contains("go")) return next;
  }
}

function rove(cell) {
  for (const other of document.querySelectorAll(".grid td.go[tabindex='0']")) other.tabIndex = -1;
  cell.tabIndex = 0;
  cell.focus();
}

function pick(cell) {
  byId("unit").value = cell.dataset.unit;
  byId("form").value = cell.dataset.form;
  refresh();
  byId("list").scrollIntoView();
  const first = document.querySelector("#list .more");
  if (first) first.focus({ preventScroll: true });
}

// ---- the list

function drawFinding(at, body) {
  const row = make("tr"), unit = told.units[found.unit[at]], level = found.level[at];
  const tag = make("span", state[at] === OPEN ? LEVELS[level] : STATES[state[at]], `tag ${state[at] === OPEN ? LOOKS[level] : "t"}`);
  const more = make("button", "", "more");
  more.type = "button";
  put(more, apart(say(found.says[at])));
  more.setAttribute("aria-expanded", String(opened.has(at)));
  more.addEventListener("click", () => toggle(at, row, more));
  put(row, put(make("td"), tag), put(make("td", "", "short"), apart(unit ? unit[1] : "文件")), make("td", told.rules[found.rule[at]][0], "short"));
  const place = put(make("td", "", "short"), apart(told.phrases[found.place[at]].replace(/^(\S+) [^!]*!/, "$1!")));
  place.title = told.phrases[found.place[at]];
  const words = put(make("td"), more);
  if (state[at] === TOLD) put(words, put(make("div", "说明：", "quiet"), apart(say(found.explanation[at]))));
  put(row, place, words);
  body.appendChild(row);
  if (opened.has(at)) body.appendChild(detail(at));
}

function toggle(at, row, more) {
  if (opened.delete(at)) row.nextSibling.remove();
  else {
    opened.add(at);
    row.after(detail(at));
  }
  more.setAttribute("aria-expanded", String(opened.has(at)));
}

function detail(at) {
  const row = make("tr", "", "detail"), td = make("td"), rule = told.rules[found.rule[at]], file = told.files[found.file[at]];
  td.colSpan = 5;
  td.appendChild(found.sides[at] ? bothSides(at) : plainSides(at));
  const list = make("dl");
  const terms = [
    ["可能的原因", say(found.cause[at])],
    ["市级豁免", say(found.waiver[at])],
    ["规则", [rule[0], rule[1]].filter(Boolean).join(" ")],
    ["依据", rule[2]],
    ["文件", file ? `${told.phrases[file[0]]}（${file[4].slice(0, 12)}）` : ""],
    ["指纹", found.key[at]],
  ];
  for (const [term, text] of terms) if (text) put(list, make("dt", term), put(make("dd"), apart(text)));
  if (found.echoes[at].length) {
    put(list, make("dt", "一并消除的问题"), put(make("dd"), ...found.echoes[at].map((echo) => put(make("div"), apart(say(echo))))));
  }
  return put(row, put(td, list));
}

function bothSides(at) {
  const [left, sign, right] = found.sides[at], [value, expected, gap] = found.amounts[at], box = make("div", "", "sides");
  put(box, side("左边", left, value), make("div", sign, "sign"), side("右边", right, expected));
  return put(box, make("div", `相差 ${gap}`, "gap"));
}

function side(name, addends, sum) {
  const table = make("table"), body = make("tbody"), foot = make("tfoot");
  table.appendChild(make("caption", name));
  for (const [title, place, times, value] of addends) {
    const spot = told.phrases[place];
    put(body, put(make("tr"), put(make("td"), apart(told.phrases[title])), put(make("td", "", "quiet"), apart(spot)), make("td", addends.length > 1 || times.length > 1 ? times : "", "number"), make("td", value === "" ? "空白" : value, "number")));
  }
  if (!addends.length) put(body, put(make("tr"), make("td", "零")));
  const total = make("td", addends.length > 1 ? `合计（${addends.length} 项）` : "合计");
  total.colSpan = addends.length ? 3 : 1;
  if (addends.length > 1) put(foot, put(make("tr"), total, make("td", sum, "number")));
  return put(table, body, foot);
}

function plainSides(at) {
  const [value, expected, gap] = found.amounts[at], box = make("div", "", "sides");
  if (value === "") return box;
  const table = make("table"), row = make("tr");
  put(table, make("caption", "数"));
  const form = told.forms[found.form[at]], unit = form && form[2] ? `（${form[2]}）` : "";
  put(table, put(make("tbody"), put(row, make("td", `表中${unit}`), make("td", value, "number"))));
  if (expected !== "") {
    put(table.tBodies[0], put(make("tr"), make("td", `对照${unit}`), make("td", expected, "number")));
    put(table.tBodies[0], put(make("tr"), make("td", "相差"), make("td", gap, "number")));
  }
  return put(box, table);
}

function drawFile(file, body) {
  const row = make("tr");
  put(row, put(make("td"), make("span", file[2], `tag ${file[2] === "已读取" ? "t" : "e"}`)), put(make("td", "", "short"), apart(told.phrases[file[1]])));
  put(row, put(make("td"), apart(told.phrases[file[0]])), put(make("td"), apart(say(file[3]))));
  body.appendChild(row);
}

// ---- together

const list = new Paged(document.querySelector("#list tbody"), byId("list-pages"), 50, "项", drawFinding);
const grid = new Paged(document.querySelector(".grid tbody"), byId("units-pages"), 40, "个单位", drawUnit);
const files = new Paged(document.querySelector("#files tbody"), byId("files-pages"), 20, "个文件", drawFile);

function refresh() {
  const wanted = chosen(), kept = every.filter((at) => matches(wanted, at));
  grid.show(unitRows(wanted.unit === "" && wanted.form === "" ? kept : every.filter((at) => matches(Object.assign({}, wanted, { unit: "", form: "" }), at)), wanted));
  const first = document.querySelector(".grid td.go");
  if (first) first.tabIndex = 0;
  kept.sort((one, other) => state[one] - state[other] || found.level[one] - found.level[other] || one - other);
  list.show(kept);
  const counts = [0, 1, 2].map((level) => kept.filter((at) => found.level[at] === level && state[at] === OPEN).length);
  const closed = [TOLD, WAIVED].map((each) => kept.filter((at) => state[at] === each).length);
  byId("count").textContent = `强制 ${counts[0]}，待说明 ${counts[1]}，提示 ${counts[2]}，已说明 ${closed[0]}` + (closed[1] ? `，已豁免 ${closed[1]}` : "");
  byId("chosen").textContent = describe(wanted, kept.length);
  remember(wanted);
}

function describe(wanted, count) {
  const words = names.filter((name) => wanted[name] !== "").map((name) => (name === "text" ? `查找“${byId(name).value}”` : byId(name).selectedOptions[0].textContent.trim()));
  if (!count) return words.length ? `${words.join("，")}：没有问题。` : "没有问题。";
  return words.length ? `${words.join("，")}：${count} 项。点一项看两边的数和来源。` : `共 ${count} 项，先改强制，再说明核实。点一项看两边的数和来源。`;
}

// The address keeps the filters, so that it can be sent to a colleague.
function remember(wanted) {
  const kept = names.filter((name) => wanted[name] !== "").map((name) => `${name}=${encodeURIComponent(byId(name).value)}`);
  history.replaceState(null, "", kept.length ? `#${kept.join("&")}` : location.pathname + location.search);
}

function recall() {
  for (const part of location.hash.slice(1).split("&")) {
    const [name, value] = part.split("=");
    if (names.includes(name) && value !== undefined) byId(name).value = decodeURIComponent(value);
  }
}

let waiting = 0;
fillFilters();
head();
recall();
refresh();
files.show(told.files);
byId("filters").addEventListener("change", refresh);
byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("text").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 150);
});
byId("worst").addEventListener("change", refresh);
byId("clear").addEventListener("click", () => {
  for (const name of names) byId(name).value = "";
  refresh();
});
const matrix = document.querySelector(".grid");
matrix.addEventListener("keydown", walk);
matrix.addEventListener("click", (event) => {
  const at = event.target.closest("td.go");
  if (at) pick(at);
});
