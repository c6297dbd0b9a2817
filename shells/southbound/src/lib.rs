//! One task per device: connect, back off, pump a session.
