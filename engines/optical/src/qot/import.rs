//! Libraries and networks in GNPy's JSON, text in, model out, with every fault and its path.

mod equipment;
mod plant;
mod reader;
