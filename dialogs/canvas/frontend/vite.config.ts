import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { Plugin, UserConfig } from "vite";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const OUT = here("../../static/dialogs/canvas");

/**
 * One self-contained script per page (`--mode canvas`, `--mode talk`): a page needs a single
 * <script> and <link> with a name Django knows beforehand, and hashing static storages
 * need not understand imports between chunks. What the canvas fetches later, the code editor
 * (`--mode code`) and the layout engine, are scripts of their own, named on the page.
 */
export default defineConfig(({ mode }) => {
  if (mode === "code") return code();
  if (mode === "widget") return widget();
  const name = mode === "talk" ? "talk" : "canvas";
  return {
    plugins: [react(), ...(name === "canvas" ? [layoutEngine()] : [])],
    publicDir: false,
    build: {
      outDir: OUT,
      emptyOutDir: name === "canvas",
      target: "es2022",
      cssCodeSplit: false,
      chunkSizeWarningLimit: 2500,
      rollupOptions: {
        input: { [name]: here(`src/${name}.tsx`) },
        output: {
          format: "iife",
          entryFileNames: "[name].js",
          assetFileNames: `${name}[extname]`,
        },
      },
    },
    test: { include: ["tests/**/*.test.ts"], environment: "node" },
  };
});

function code(): UserConfig {
  return {
    publicDir: false,
    build: {
      outDir: OUT,
      emptyOutDir: false,
      target: "es2022",
      chunkSizeWarningLimit: 1000,
      lib: { entry: here("src/code/editor.ts"), formats: ["es"], fileName: () => "code.js" },
    },
  };
}

/** What other people's pages load: one small script, nothing beside it. */
function widget(): UserConfig {
  return {
    publicDir: false,
    // Constructor parameters that are properties need no declarations besides.
    esbuild: { tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } } },
    build: {
      outDir: OUT,
      emptyOutDir: false,
      target: "es2022",
      rollupOptions: {
        input: { "xo-chat": here("src/widget.ts") },
        output: { format: "iife", entryFileNames: "[name].js" },
      },
    },
  };
}

/** ELK's own worker script, as it comes. */
function layoutEngine(): Plugin {
  return {
    name: "layout-engine",
    generateBundle() {
      const source = readFileSync(here("node_modules/elkjs/lib/elk-worker.min.js"));
      this.emitFile({ type: "asset", fileName: "layout.js", source });
    },
  };
}
