(() => {
  "use strict";
  // tables sort by a click on a heading
  const keyOf = (row, column) => {
    const cell = row.cells[column];
    const value = cell.dataset.v ?? cell.textContent.trim();
    const number = Number(value);
    return value === "" ? null : Number.isNaN(number) ? value : number;
  };
  for (const table of document.querySelectorAll("table.options, table.parameters")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      if (!head.textContent) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const body = table.tBodies[0];
        const rows = [...body.rows].map((row) => [keyOf(row, column), row]);
        rows.sort(([a], [b]) => {
          if (a === null || b === null) return (a === null) - (b === null);
          const order = typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0)
            : typeof a === "number" ? -1 : 1;
          return down ? -order : order;
        });
        body.append(...rows.map(([, row]) => row));
      });
    });
  }
  // a row under the pointer brings its way forward on the maps
  const maps = [...document.querySelectorAll("#map svg.map")];
  const bring = (option) => {
    for (const map of maps) {
      map.classList.toggle("picked", option !== null);
      for (const part of map.querySelectorAll("[data-option]")) {
        part.classList.toggle("on", part.dataset.option === option);
      }
    }
  };
  for (const part of document.querySelectorAll("tr[data-option], li[data-option]")) {
    part.addEventListener("mouseenter", () => bring(part.dataset.option));
    part.addEventListener("mouseleave", () => bring(null));
    part.addEventListener("focusin", () => bring(part.dataset.option));
    part.addEventListener("focusout", () => bring(null));
  }
  // what is folded away on the screen is printed
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
  });
})();
