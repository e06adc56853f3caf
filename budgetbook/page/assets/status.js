// The page of the season: filters, the matrix unit × form by state, totals, and what to write to whom.
const NAME = 0, STATE = 1, VERSION = 2, DUE = 3, LATE = 4, NOTES = 5, FORMS = 6, CONTACT = 7, REMINDER = 8;

function word([state, count]) {
  return count ? `${told.states[state][0]} ${count}` : told.states[state][0];
}

function tag(state) {
  return make("span", word(state), `tag ${told.states[state[0]][1]}`);
}

function legend() {
  for (const [text, look, mark] of told.states) byId("legend").appendChild(make("span", `${mark} ${text}`, `k ${look}`));
  byId("legend").appendChild(make("span", "不填此表", "k x"));
}

function head() {
  const row = put(make("tr"), make("th", "单位"), make("th", "状态"));
  for (const [sheet, title] of told.forms) {
    const cell = make("th", sheet);
    cell.title = title;
    row.appendChild(cell);
  }
  put(document.querySelector(".grid thead"), row);
}

function drawUnit(unit, body) {
  const name = put(make("th"), apart(unit[NAME])), row = make("tr");
  name.scope = "row";
  put(row, name, put(make("td"), tag(unit[STATE])));
  unit[FORMS].forEach((state, form) => row.appendChild(cell(unit, state, form)));
  body.appendChild(row);
}

function cell(unit, state, form) {
  if (!state) return make("td", "", "x");
  const [, look, mark] = told.states[state[0]], td = make("td", mark + (state[1] || ""), look);
  td.title = `${unit[NAME]} ${told.forms[form].join(" ")}：${word(state)}`;
  return td;
}

function drawNotes(unit, body) {
  const [number, at] = unit[VERSION], row = make("tr");
  put(row, put(make("td", "", "short"), apart(unit[NAME])), put(make("td"), tag(unit[STATE])), make("td", number ? `第 ${number} 版` : ""));
  put(row, make("td", at || ""), make("td", unit[DUE]), make("td", unit[LATE] ? `${unit[LATE]} 天` : "", unit[LATE] ? "e" : ""), put(make("td"), apart(unit[NOTES])));
  body.appendChild(row);
}

function drawTotal([name, standing, sound, rest], body) {
  put(body, put(make("tr"), put(make("td", "", "short"), apart(name)), put(make("td"), make("span", standing, `tag ${sound ? "t" : "w"}`)), put(make("td"), apart(rest))));
}

function drawReminder(unit, body) {
  const text = put(make("td"), ...unit[REMINDER].map((line) => put(make("div"), apart(line))));
  put(body, put(make("tr"), put(make("td", "", "short"), apart(unit[NAME])), put(make("td"), apart(unit[CONTACT][0])), put(make("td"), apart(unit[CONTACT][1])), text));
}

function matches(unit) {
  const state = byId("state").value, form = byId("form").value, text = byId("text").value.trim().toLowerCase();
  const held = form === "" ? unit[STATE] : unit[FORMS][+form];
  if (form !== "" && !held) return false;
  return (
    (state === "" || held[0] === +state) &&
    (!byId("late").checked || unit[LATE] > 0) &&
    (text === "" || [unit[NAME], unit[NOTES], ...unit[REMINDER]].join("\n").toLowerCase().includes(text))
  );
}

function refresh() {
  const kept = told.units.filter(matches);
  grid.show(kept);
  notes.show(kept);
  reminders.show(kept.filter((unit) => unit[REMINDER].length));
  byId("count").textContent = `${kept.length} 个单位，共 ${told.units.length} 个`;
}

const grid = new Paged(document.querySelector(".grid tbody"), byId("units-pages"), 40, "个单位", drawUnit);
const notes = new Paged(document.querySelector("#notes tbody"), byId("notes-pages"), 40, "个单位", drawNotes);
const totals = new Paged(document.querySelector("#totals tbody"), byId("totals-pages"), 40, "个汇总单位", drawTotal);
const reminders = new Paged(document.querySelector("#remind tbody"), byId("remind-pages"), 20, "个单位", drawReminder);
let waiting = 0;
choices(byId("state"), [["", "全部"], ...told.states.map((state, at) => [at, state[0]])]);
choices(byId("form"), [["", "整本"], ...told.forms.map((form, at) => [at, form.join(" ")])]);
legend();
head();
totals.show(told.totals);
refresh();
byId("filters").addEventListener("change", refresh);
byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("text").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 150);
});
byId("clear").addEventListener("click", () => {
  for (const name of ["state", "form", "text"]) byId(name).value = "";
  byId("late").checked = false;
  refresh();
});
