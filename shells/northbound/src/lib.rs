//! HTTP listener: RESTCONF, inspection, web page.
