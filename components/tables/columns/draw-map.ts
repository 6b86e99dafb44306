import { shortDate } from "@/lib/util/dates";

/** Height of a line, and of the dates above all of them, in pixels. */
export const ROW = 24;
export const HEAD = 24;

export interface Line {
  name: string;
  /** Of each date 0 to 1, or null; empty where the map shows checks only. */
  shares: ReadonlyArray<number | null>;
  checks: ReadonlyArray<"fail" | "warn" | null>;
}

interface Shown {
  lines: readonly Line[];
  dates: readonly string[];
  place: { row: number; at: number };
  /** Width of the names and of a date, in pixels. */
  names: number;
  cell: number;
}

const TOKENS = ["panel", "raised", "ink", "soft", "accent", "accent-tint", "wrong", "absent", "complete-tint"] as const;
type Token = (typeof TOKENS)[number];

/** Tokens as a canvas takes them: it knows no variables. */
function colorsOf(element: HTMLElement): Record<Token, string> {
  const before = element.style.color;
  const found = TOKENS.map((token) => {
    element.style.color = `var(--color-${token})`;
    return [token, getComputedStyle(element).color] as const;
  });
  element.style.color = before;
  return Object.fromEntries(found) as Record<Token, string>;
}

/** A name that fits, with an ellipsis where it does not. */
function fitted(pen: CanvasRenderingContext2D, name: string, width: number): string {
  if (pen.measureText(name).width <= width) return name;
  let length = name.length;
  while (length > 1 && pen.measureText(`${name.slice(0, length)}…`).width > width) length--;
  return `${name.slice(0, length)}…`;
}

/** Draws the part of the map that is in view of `box`. */
export function drawMap(canvas: HTMLCanvasElement, box: HTMLElement, shown: Shown): void {
  const { lines, dates, place, names, cell } = shown;
  const [width, height] = [box.clientWidth, Math.min(box.clientHeight, HEAD + lines.length * ROW)];
  const scale = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const colors = colorsOf(canvas);
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.fillStyle = colors.panel;
  pen.fillRect(0, 0, width, height);
  pen.textBaseline = "middle";
  const mono = getComputedStyle(box).getPropertyValue("--font-mono") || "monospace";
  const [firstRow, firstDate] = [Math.floor(box.scrollTop / ROW), Math.floor(box.scrollLeft / cell)];
  const lastRow = Math.min(lines.length - 1, Math.floor((box.scrollTop + height - HEAD) / ROW));
  const lastDate = Math.min(dates.length - 1, Math.floor((box.scrollLeft + width - names) / cell));
  const xOf = (at: number) => names + at * cell - box.scrollLeft;
  const yOf = (row: number) => HEAD + row * ROW - box.scrollTop;
  const gap = cell > 9 ? 2 : 1;
  for (let row = firstRow; row <= lastRow; row++) {
    const line = lines[row] as Line;
    const y = yOf(row);
    if (row === place.row) {
      pen.fillStyle = colors["accent-tint"];
      pen.fillRect(0, y, width, ROW);
    }
    for (let at = firstDate; at <= lastDate; at++) {
      const [share, check, x] = [line.shares[at], line.checks[at], xOf(at)];
      const size = cell - gap;
      if (line.shares.length === 0) pen.fillStyle = check ? colors.raised : colors["complete-tint"];
      else pen.fillStyle = colors.raised;
      if (line.shares.length === 0 || share != null) pen.fillRect(x, y + 2, size, ROW - 4);
      if (share) {
        pen.globalAlpha = 0.12 + 0.88 * share;
        pen.fillStyle = colors.accent;
        pen.fillRect(x, y + 2, size, ROW - 4);
        pen.globalAlpha = 1;
      }
      if (check) drawCheck(pen, colors, check, x, y + 2, size);
      if (row === place.row && at === place.at) {
        pen.lineWidth = 2;
        pen.strokeStyle = colors.ink;
        pen.strokeRect(x - 1, y + 1, size + 2, ROW - 2);
      }
    }
  }
  // Names and dates stay where they are: what has scrolled below them is covered.
  for (let row = firstRow; row <= lastRow; row++) {
    const y = yOf(row);
    pen.fillStyle = row === place.row ? colors["accent-tint"] : colors.panel;
    pen.fillRect(0, y, names, ROW);
    pen.fillStyle = row === place.row ? colors.accent : colors.ink;
    pen.font = `12px ${mono}`;
    pen.fillStyle = colors.ink;
    pen.font = `${row === place.row ? "600 " : ""}12px ${mono}`;
    pen.fillText(fitted(pen, (lines[row] as Line).name, names - 14), 4, y + ROW / 2);
  }
  pen.fillStyle = colors.panel;
  pen.fillRect(0, 0, width, HEAD);
  drawDates(pen, colors, shown, { firstDate, lastDate, xOf });
  pen.fillStyle = colors.panel;
  pen.fillRect(0, 0, names, HEAD);
  pen.fillStyle = colors.soft;
  pen.font = `11px ${getComputedStyle(box).fontFamily}`;
  pen.fillText(`${lines.length} columns`, 4, HEAD / 2);
}

/** A broken check: a frame and the sign of an invalid cell, or the dot of a warning. */
function drawCheck(
  pen: CanvasRenderingContext2D,
  colors: Record<Token, string>,
  check: "fail" | "warn",
  x: number,
  y: number,
  size: number,
): void {
  const color = check === "fail" ? colors.wrong : colors.absent;
  pen.strokeStyle = color;
  pen.lineWidth = 2;
  pen.strokeRect(x + 1, y + 1, Math.max(1, size - 2), ROW - 6);
  if (size < 10) return;
  const [middle, center] = [x + size / 2, y + (ROW - 4) / 2];
  pen.fillStyle = colors.panel;
  pen.beginPath();
  pen.arc(middle, center, Math.min(6, size / 2 - 2), 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = color;
  pen.textAlign = "center";
  pen.font = "700 11px sans-serif";
  pen.fillText(check === "fail" ? "≠" : "!", middle, center + 0.5);
  pen.textAlign = "start";
}

/** As many dates above the lines as have room, the chosen one always. */
function drawDates(
  pen: CanvasRenderingContext2D,
  colors: Record<Token, string>,
  { dates, place, cell, names }: Shown,
  { firstDate, lastDate, xOf }: { firstDate: number; lastDate: number; xOf(at: number): number },
): void {
  pen.font = "11px sans-serif";
  const chosen = xOf(place.at) + cell / 2;
  const every = Math.ceil(64 / cell);
  pen.textAlign = "center";
  for (let at = Math.ceil(firstDate / every) * every; at <= lastDate; at += every) {
    const x = xOf(at) + cell / 2;
    if (Math.abs(x - chosen) < 56 || x < names + 18) continue;
    pen.fillStyle = colors.soft;
    pen.fillText(shortDate(dates[at] as string), x, HEAD / 2);
  }
  const date = dates[place.at];
  if (date && chosen >= names) {
    pen.fillStyle = colors.ink;
    pen.font = "600 11px sans-serif";
    pen.fillText(shortDate(date), Math.max(chosen, names + 18), HEAD / 2);
  }
  pen.textAlign = "start";
}
