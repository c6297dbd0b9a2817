//! RESTCONF without sockets.
