// The two pages as Django would render them; `theme=dark` in the address turns the lights off.
export function page(name, address) {
  const dark = address.searchParams.get("theme") === "dark" ? "dark" : "";
  const mount =
    name === "canvas"
      ? `<div id="canvas-root" data-source="/canvas/data/${address.search}" data-layout="/static/layout.js" data-code="/static/code.js"></div>`
      : '<div id="talk-root" data-messages="/talk/messages/" data-title="Helpdesk Bot"></div>';
  return `<!doctype html>
<html lang="en" class="${dark}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Preview</title>
<link rel="stylesheet" href="/frame.css">
<link rel="stylesheet" href="/static/${name}.css">
</head>
<body>${mount}<script src="/static/${name}.js" defer></script></body>
</html>`;
}

export const FRAME_CSS = "body{margin:0} .dark body{background:#111827}";
