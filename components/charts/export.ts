import { toCsv } from "@/lib/csv";

/** Saves text or a picture under a name, as a press on a link would. */
function save(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Saves rows as CSV, their keys as the header. */
export function saveCsv(name: string, rows: ReadonlyArray<Record<string, string | number | boolean | null>>): void {
  save(`${name}.csv`, new Blob([toCsv(rows, Object.keys(rows[0] ?? {}))], { type: "text/csv" }));
}

/** Properties that a picture needs written out: it has no style sheet. */
const STYLES = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "font-size",
  "font-family",
  "font-weight",
  "opacity",
];

/** Saves a chart as a PNG of twice its size, on the page's own background. */
export async function savePng(name: string, figure: Element): Promise<void> {
  const svg = figure.querySelector("svg");
  if (!svg) return;
  const { width, height } = svg.getBoundingClientRect();
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [originals, copies] = [
    [svg, ...svg.querySelectorAll("*")],
    [copy, ...copy.querySelectorAll("*")],
  ];
  originals.forEach((element, at) => {
    const shown = getComputedStyle(element);
    for (const property of STYLES) copies[at]?.setAttribute(property, shown.getPropertyValue(property));
  });
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * 2;
  canvas.height = height * 2;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(2, 2);
  context.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob) save(`${name}.png`, blob);
}
