//! The operator's page and the description of the interface: files in the program.

use axum::response::Response;

use crate::reply;

pub(crate) async fn index() -> Response {
    let page = include_str!("../../../web/index.html");
    reply::full(200, "text/html; charset=utf-8", page)
}

pub(crate) async fn script() -> Response {
    let script = include_str!("../../../web/app.js");
    reply::full(200, "text/javascript; charset=utf-8", script)
}

pub(crate) async fn style() -> Response {
    let style = include_str!("../../../web/style.css");
    reply::full(200, "text/css; charset=utf-8", style)
}

pub(crate) async fn openapi() -> Response {
    reply::full(200, reply::JSON, include_str!("openapi.json"))
}
