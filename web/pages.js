// A long list, a page at a time, so that a thousand entries cost no more than fifty.

import { element } from "./element.js";

export const PAGE = 50;

/** Which page of a list is shown. */
export class Pages {
  constructor(onTurn) {
    this.at = 0;
    this.onTurn = onTurn;
  }

  /** The items of the present page. */
  of(items) {
    this.count = Math.max(1, Math.ceil(items.length / PAGE));
    this.at = Math.min(this.at, this.count - 1);
    this.total = items.length;
    return items.slice(this.at * PAGE, (this.at + 1) * PAGE);
  }

  turn(by) {
    this.at = Math.max(0, this.at + by);
    this.onTurn();
  }

  /** Buttons to turn the pages; nothing when there is one page only. */
  bar() {
    if (this.count < 2) return null;
    const first = this.at * PAGE + 1;
    const last = Math.min(this.total, first + PAGE - 1);
    const button = (words, by, off) => element("button", {
      type: "button", disabled: off, "data-focus": words, onclick: () => this.turn(by),
    }, words);
    return element("nav", { class: "pages", "aria-label": "Pages" },
      button("Previous", -1, this.at === 0),
      element("span", {}, `${first}–${last} of ${this.total.toLocaleString("en")}`),
      button("Next", 1, this.at === this.count - 1));
  }
}
