//! The operator's page and the description of the interface: files in the program.

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::get;

use crate::app::App;
use crate::reply;

/// A file of the page.
struct File {
    path: &'static str,
    media_type: &'static str,
    text: &'static str,
}

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const IMAGE: &str = "image/svg+xml";

macro_rules! file {
    ($path:literal, $media_type:expr, $name:literal) => {
        File {
            path: $path,
            media_type: $media_type,
            text: include_str!(concat!("../../../web/", $name)),
        }
    };
}

const FILES: [File; 17] = [
    file!("/", HTML, "index.html"),
    file!("/index.html", HTML, "index.html"),
    file!("/style.css", STYLE, "style.css"),
    file!("/icon.svg", IMAGE, "icon.svg"),
    file!("/app.js", SCRIPT, "app.js"),
    file!("/server.js", SCRIPT, "server.js"),
    file!("/element.js", SCRIPT, "element.js"),
    file!("/route.js", SCRIPT, "route.js"),
    file!("/words.js", SCRIPT, "words.js"),
    file!("/pages.js", SCRIPT, "pages.js"),
    file!("/map.js", SCRIPT, "map.js"),
    file!("/layout.js", SCRIPT, "layout.js"),
    file!("/devices.js", SCRIPT, "devices.js"),
    file!("/device.js", SCRIPT, "device.js"),
    file!("/diff.js", SCRIPT, "diff.js"),
    file!("/services.js", SCRIPT, "services.js"),
    file!("/commits.js", SCRIPT, "commits.js"),
];

/// Adds the files of the page.
pub(crate) fn routes(router: Router<Arc<App>>) -> Router<Arc<App>> {
    FILES.iter().fold(router, |router, file| {
        let serve = || async { reply::full(200, file.media_type, file.text) };
        router.route(file.path, get(serve))
    })
}

/// Whether a path is that of a file of the page, which needs no login: a browser must load it to
/// ask for one.
pub(crate) fn is_file(path: &str) -> bool {
    FILES.iter().any(|file| file.path == path)
}

pub(crate) async fn openapi() -> Response {
    reply::full(200, reply::JSON, include_str!("openapi.json"))
}
