//! Which statement may stand where, how often, and with what argument (RFC 7950 14).

pub(crate) mod argument;
mod check;
mod table;

pub(crate) use check::check_file;
