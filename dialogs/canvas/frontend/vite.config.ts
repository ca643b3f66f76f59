import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * One self-contained script per page (`--mode canvas`, `--mode talk`): a page needs a single
 * <script> and <link> with a name Django knows beforehand, and hashing static storages
 * need not understand imports between chunks.
 */
export default defineConfig(({ mode }) => {
  const name = mode === "talk" ? "talk" : "canvas";
  return {
    plugins: [react()],
    publicDir: false,
    build: {
      outDir: here("../../static/dialogs/canvas"),
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
