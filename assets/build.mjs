// Builds what browsers get: one style sheet, one script, the font's two files, the sprite of signs, htmx as it comes.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const OUT = "grantflow/web/static/dist";
const packages = "node_modules";
const esbuild = createRequire(import.meta.url).resolve(`@esbuild/${process.platform}-${process.arch}/bin/esbuild`);

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });

for (const name of ["latin", "latin-ext"]) {
  copyFileSync(`${packages}/@fontsource-variable/inter/files/inter-${name}-wght-normal.woff2`, `${OUT}/inter-${name}.woff2`);
}

execFileSync(
  esbuild,
  [
    "assets/site.css",
    "assets/app.js",
    "--bundle",
    "--minify",
    "--format=esm",
    // The font's files keep plain names here; the server puts their checksums in when it hands out the style sheet.
    "--external:*.woff2",
    "--target=chrome111,firefox115,safari16.4",
    "--log-level=warning",
    `--outdir=${OUT}`,
  ],
  { stdio: "inherit" },
);

copyFileSync(`${packages}/htmx.org/dist/htmx.esm.min.js`, `${OUT}/htmx.js`);

const signs = readFileSync("assets/icons.txt", "utf8").split("\n").filter(Boolean);
const symbols = signs.map((name) => {
  const svg = readFileSync(`${packages}/lucide-static/icons/${name}.svg`, "utf8");
  const drawn = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  const lines = drawn.replace(/\s+/g, " ").replace(/> </g, "><").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${lines}</symbol>`;
});
writeFileSync(`${OUT}/icons.svg`, `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
