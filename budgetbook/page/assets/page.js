"use strict";
// What every page shares: elements made of text, never of markup, and long tables turned page by page.
const told = JSON.parse(document.getElementById("told").textContent);
const PRINTED = 500;

function byId(id) {
  return document.getElementById(id);
}

function make(tag, text, look) {
  const made = document.createElement(tag);
  if (look) made.className = look;
  if (text !== undefined && text !== "") made.textContent = text;
  return made;
}

function put(parent, ...children) {
  for (const child of children) parent.appendChild(child);
  return parent;
}

// Text from a file stands by itself, whatever direction it is written in.
function apart(text) {
  return make("bdi", text);
}

function say(sentence) {
  if (typeof sentence === "number") return told.phrases[sentence];
  let at = 0;
  return told.phrases[sentence[0]].replace(/\u0001/g, () => sentence[++at]);
}

function choices(select, options) {
  for (const [value, text] of options) {
    const option = make("option", text);
    option.value = value;
    select.appendChild(option);
  }
}

// A long table a page at a time. `rows`: what to show; `draw`: one of them as table rows.
class Paged {
  constructor(body, bar, size, counted, draw) {
    Object.assign(this, { body, bar, size, counted, draw, rows: [], at: 0, printing: false });
    window.addEventListener("beforeprint", () => this.print(true));
    window.addEventListener("afterprint", () => this.print(false));
  }

  print(printing) {
    this.printing = printing;
    this.turn(this.at);
  }

  show(rows) {
    this.rows = rows;
    this.turn(0);
  }

  turn(at) {
    const size = this.printing ? PRINTED : this.size;
    const pages = Math.max(1, Math.ceil(this.rows.length / size));
    this.at = Math.min(Math.max(at, 0), pages - 1);
    const first = this.at * size, shown = this.rows.slice(first, first + size);
    const made = document.createDocumentFragment();
    for (const row of shown) this.draw(row, made);
    this.body.textContent = "";
    this.body.appendChild(made);
    this.bar.textContent = "";
    if (pages > 1) this.buttons(pages, first, shown.length);
  }

  buttons(pages, first, count) {
    for (const [text, at] of [["上一页", this.at - 1], ["下一页", this.at + 1]]) {
      const button = make("button", text);
      button.type = "button";
      button.disabled = at < 0 || at >= pages;
      button.addEventListener("click", () => this.turn(at));
      this.bar.appendChild(button);
    }
    const where = `第 ${first + 1}—${first + count} ${this.counted}，共 ${this.rows.length} ${this.counted}`;
    this.bar.appendChild(make("span", where + (this.printing ? "，其余请筛选后再打印" : "")));
  }
}
