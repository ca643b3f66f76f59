/* The preview on the Embed page: a page's own script, as any page that embeds the chat may have one. */
"use strict";

const chat = document.querySelector("xo-chat[data-token]");

if (chat) {
  chat.getToken = async () => {
    const answer = await fetch(chat.dataset.token, {
      method: "POST",
      headers: { "X-CSRFToken": chat.dataset.csrf },
    });
    if (!answer.ok) throw new Error(`No token: ${answer.status}`);
    return answer.json();
  };
  const root = document.documentElement;
  const follow = () => chat.setAttribute("theme", root.classList.contains("dark") ? "dark" : "light");
  new MutationObserver(follow).observe(root, { attributeFilter: ["class"] });
  follow();
}
