// Gets anew what of a page is live when the portal says that it has changed, and leaves it when its session has ended.
"use strict";

(() => {
    const path = document.currentScript.dataset.path;
    const AGAIN_AFTER_MILLIS = 5000;

    function listen() {
        const news = new EventSource(path);
        news.addEventListener("changed", () => htmx.trigger(document.body, "live"));
        news.addEventListener("ended", () => location.reload());
        // The browser connects again by itself, unless it was refused: then whoever is signed out is shown so.
        news.addEventListener("error", async () => {
            if (news.readyState !== EventSource.CLOSED) {
                return;
            }
            const answer = await fetch(location.href, { method: "HEAD", redirect: "manual" }).catch(() => null);
            if (answer?.type === "opaqueredirect") {
                location.reload();
            } else {
                setTimeout(listen, AGAIN_AFTER_MILLIS);
            }
        });
    }

    listen();
})();
