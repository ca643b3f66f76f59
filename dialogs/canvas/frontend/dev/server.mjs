// Shows the built pages with example data: `npm run build && npm run preview-data`, then open the
// address it prints. No part of the product.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { answer, transcript } from "./bot.mjs";
import { FRAME_CSS, page } from "./pages.mjs";

const BUILT = new URL("../../../static/dialogs/canvas/", import.meta.url);
const TYPES = { js: "text/javascript", css: "text/css" };
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'";

const server = createServer(async (request, response) => {
  const address = new URL(request.url, "http://preview");
  const send = (status, body, type = "application/json") => {
    response.writeHead(status, { "Content-Type": type, "Content-Security-Policy": CSP });
    response.end(type === "application/json" ? JSON.stringify(body) : body);
  };
  try {
    await route(request, address, send, response);
  } catch (error) {
    send(500, { error: `The preview server failed: ${error.message}` });
  }
});

async function route(request, address, send, response) {
  const { pathname } = address;
  if (pathname === "/canvas/" || pathname === "/talk/") {
    return send(200, page(pathname.slice(1, -1), address), "text/html; charset=utf-8");
  }
  if (pathname === "/frame.css") return send(200, await frameCss(), "text/css");
  if (pathname.startsWith("/static/")) return sendBuilt(pathname.slice(8), send);
  if (pathname === "/canvas/data/") return send(200, await example(address));
  if (pathname === "/canvas/publish/") return publish(await read(request), send);
  if (pathname === "/talk/messages/") return talk(request, address, send, response);
  return send(404, { error: "There is nothing here. Try /canvas/ or /talk/." });
}

/** `XO_PREVIEW_CSS` may name the admin theme's style sheet, to see the pages inside it. */
async function frameCss() {
  const theme = process.env.XO_PREVIEW_CSS;
  return `${theme ? await readFile(theme, "utf8") : ""}${FRAME_CSS}`;
}

async function sendBuilt(name, send) {
  const type = TYPES[name.split(".").at(-1)];
  if (!type || name.includes("/")) return send(404, { error: "No such file." });
  return send(200, await readFile(new URL(name, BUILT)), type);
}

async function example(address) {
  const data = JSON.parse(await readFile(new URL("update-issue.json", import.meta.url), "utf8"));
  const copies = Number(address.searchParams.get("copies") ?? 1);
  return copies > 1 ? multiplied(data, copies) : data;
}

/** Many copies in a row, to see how a large dialog behaves. */
function multiplied(data, copies) {
  const shift = (ref, by) => (typeof ref === "number" ? ref + by : ref);
  const all = Array.from({ length: copies }, (_, copy) => copy * 1000);
  const nodes = all.flatMap((by) =>
    data.nodes.map((node) => ({
      ...node,
      id: node.id + by,
      name: `${node.name}${by || ""}`,
      parent: shift(node.parent, by),
      properties: node.properties.first
        ? { ...node.properties, first: `${node.properties.first}${by || ""}` }
        : node.properties,
    })),
  );
  const transitions = all.flatMap((by) =>
    data.transitions.map((way) => ({
      ...way,
      id: way.id + by,
      source: shift(way.source, by),
      target:
        way.target === "@end" && way.source === 113 && by < all.at(-1)
          ? 101 + by + 1000
          : shift(way.target, by),
    })),
  );
  return { ...data, nodes, transitions };
}

function publish({ note }, send) {
  if (note !== "problems") return send(200, { version: 4 });
  return send(409, {
    problems: [
      { node: 112, message: "The otherwise of “Change something else?” is not connected." },
    ],
  });
}

async function talk(request, address, send, response) {
  if (request.method === "GET") {
    const found = transcript(address.searchParams.get("conversation"));
    return found ? send(200, found) : send(404, { error: "No such conversation." });
  }
  const message = await read(request);
  if (message.text === "drop") return response.destroy();
  if (message.text === "expired") return response.writeHead(302, { Location: "/login/" }).end();
  if (message.text === "fail")
    return send(400, {
      error:
        "That message is longer than 4,000 characters. Nothing was sent. Say it in fewer words.",
    });
  await new Promise((resolve) => setTimeout(resolve, message.text === "slow" ? 5000 : 250));
  return send(200, answer(message));
}

async function read(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString() || "{}");
}

server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
  const { port } = server.address();
  console.log(`http://127.0.0.1:${port}/canvas/   http://127.0.0.1:${port}/talk/   (?theme=dark)`);
});
